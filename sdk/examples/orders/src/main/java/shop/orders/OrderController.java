package shop.orders;

import io.pactor.client.Outcome;
import io.pactor.client.Pactor;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Places an order as a saga: its id is the saga's, so placing it again is the same order. */
@RestController
public class OrderController {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Pactor pactor;
    private final Stock stock;
    private final Accounts accounts;

    OrderController(Pactor pactor, Stock stock, Accounts accounts) {
        this.pactor = pactor;
        this.stock = stock;
        this.accounts = accounts;
    }

    /** What a customer asks for. */
    public record Order(String article, int copies, String account, long cents) {}

    /** What became of it. */
    public record Answer(String id, String status, String reason) {}

    @PutMapping("/orders/{id}")
    public ResponseEntity<Answer> place(@PathVariable String id, @RequestBody Order order) {
        Stock.Line line = new Stock.Line(order.article(), order.copies());
        Accounts.Charge charge = new Accounts.Charge(order.account(), order.cents());

        Outcome outcome = pactor.saga("order-" + id)
            .step(() -> stock.reserve(line)).undo(() -> stock.release(line))
            .step(() -> accounts.charge(charge)).undo(() -> accounts.refund(charge))
            .submitAndWait(PATIENCE);

        if (outcome instanceof Outcome.Succeeded) {
            return ResponseEntity.ok(new Answer(id, "placed", ""));
        }
        if (outcome instanceof Outcome.RolledBack rolledBack) {
            return ResponseEntity.status(HttpStatus.CONFLICT)
                .body(new Answer(id, "refused", rolledBack.reason()));
        }
        return ResponseEntity.accepted().body(new Answer(id, "in progress", ""));
    }
}
