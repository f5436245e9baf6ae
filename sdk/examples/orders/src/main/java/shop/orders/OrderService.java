package shop.orders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.service.registry.ImportHttpServices;

/** Places orders, with the stock and the accounts of two other services. */
@SpringBootApplication
@ImportHttpServices(group = "stock", types = Stock.class)
@ImportHttpServices(group = "accounts", types = Accounts.class)
public class OrderService {

    public static void main(String[] args) {
        SpringApplication.run(OrderService.class, args);
    }
}
