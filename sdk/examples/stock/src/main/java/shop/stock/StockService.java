package shop.stock;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Keeps what is on the shelves. */
@SpringBootApplication
public class StockService {

    public static void main(String[] args) {
        SpringApplication.run(StockService.class, args);
    }
}
