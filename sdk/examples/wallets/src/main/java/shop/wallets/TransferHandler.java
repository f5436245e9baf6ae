package shop.wallets;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.pactor.client.Call;
import io.pactor.client.Outcome;
import io.pactor.client.Pactor;
import io.pactor.client.PactorException;
import io.pactor.client.RejectedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** The initiator: {@code PUT /transfers/7?from=ann&to=bob&cents=30} starts a saga, once. */
final class TransferHandler implements HttpHandler {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Pactor pactor;
    private final String wallets;

    TransferHandler(Pactor pactor, String self) {
        this.pactor = pactor;
        this.wallets = self + "/wallets/";
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try {
            String id = exchange.getRequestURI().getPath().substring("/transfers/".length());
            Map<String, String> query = Http.query(exchange);
            long cents = Long.parseLong(query.getOrDefault("cents", ""));
            if (!exchange.getRequestMethod().equals("PUT") || cents <= 0) {
                throw new IllegalArgumentException("PUT a number of cents");
            }
            tell(exchange, transfer(id, wallet(query.get("from")), wallet(query.get("to")), cents));
        } catch (RejectedException | IllegalArgumentException e) {
            Http.answer(exchange, 400, e.getMessage());
        } catch (PactorException e) {
            Http.answer(exchange, 503, e.getMessage() + "; ask again");
        }
    }

    private String wallet(String owner) {
        if (owner == null || !owner.matches("[a-z]+")) {
            throw new IllegalArgumentException("name the wallets by from and to");
        }
        return wallets + owner;
    }

    private Outcome transfer(String id, String from, String to, long cents) {
        return pactor.saga("transfer-" + id)
            .step(Call.post(from + "/take", cents)).undo(Call.post(from + "/give-back", cents))
            .step(Call.post(to + "/put", cents)).undo(Call.post(to + "/take-back", cents))
            .submitAndWait(PATIENCE);
    }

    private static void tell(HttpExchange exchange, Outcome outcome) throws IOException {
        if (outcome instanceof Outcome.Succeeded) {
            Http.answer(exchange, 200, "done");
        } else if (outcome instanceof Outcome.RolledBack rolledBack) {
            Http.answer(exchange, 409, "refused: " + rolledBack.reason());
        } else {
            Http.answer(exchange, 202, "in progress; ask again");
        }
    }
}
