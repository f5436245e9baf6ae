package shop.orders;

import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.PostExchange;

/** The accounts service, as it is called over HTTP. */
public interface Accounts {

    /** What an order costs. */
    record Charge(String account, long cents) {}

    @PostExchange("/accounts/charge")
    void charge(@RequestBody Charge charge);

    @PostExchange("/accounts/refund")
    void refund(@RequestBody Charge charge);
}
