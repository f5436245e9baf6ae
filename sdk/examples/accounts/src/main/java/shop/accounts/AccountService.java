package shop.accounts;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Keeps what customers have. */
@SpringBootApplication
public class AccountService {

    public static void main(String[] args) {
        SpringApplication.run(AccountService.class, args);
    }
}
