package shop.orders;

import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.PostExchange;

/** The stock service, as it is called over HTTP. */
public interface Stock {

    /** What an order takes. */
    record Line(String article, int copies) {}

    @PostExchange("/stock/reserve")
    void reserve(@RequestBody Line line);

    @PostExchange("/stock/release")
    void release(@RequestBody Line line);
}
