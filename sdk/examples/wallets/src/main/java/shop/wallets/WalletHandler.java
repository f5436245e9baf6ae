package shop.wallets;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.HttpAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The participant: {@code POST /wallets/ann/take} and its like, with the cents as the body, are for
 * the coordinator; {@code GET /wallets/ann} is for everyone.
 */
final class WalletHandler implements HttpHandler {

    private final Wallets wallets;

    WalletHandler(Wallets wallets) {
        this.wallets = wallets;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/");
        if (path.length == 3 && exchange.getRequestMethod().equals("GET")) {
            look(exchange, path[2]);
        } else if (path.length == 4 && exchange.getRequestMethod().equals("POST")) {
            Http.answer(exchange, changed(exchange, path[2], path[3]));
        } else {
            Http.answer(exchange, 404, "no such page");
        }
    }

    private HttpAnswer changed(HttpExchange exchange, String owner, String operation) {
        try {
            Map<String, String> query = Http.query(exchange);
            BranchCall call = BranchCall.from(query::get).orElseThrow(
                () -> new IllegalArgumentException("not called by a coordinator"));
            long cents = Long.parseLong(Http.body(exchange).strip());
            return HttpAnswer.of(wallets.change(call, owner, switch (operation) {
                case "take", "take-back" -> -cents;
                case "put", "give-back" -> cents;
                default -> throw new IllegalArgumentException("no such operation: " + operation);
            }));
        } catch (IllegalArgumentException e) {
            return new HttpAnswer(400, Map.of(), e.getMessage().getBytes(StandardCharsets.UTF_8));
        } catch (Exception e) {
            return HttpAnswer.of(e);
        }
    }

    private void look(HttpExchange exchange, String owner) throws IOException {
        try {
            OptionalLong cents = wallets.cents(owner);
            Http.answer(exchange, cents.isPresent() ? 200 : 404,
                cents.isPresent() ? String.valueOf(cents.getAsLong()) : "no wallet of " + owner);
        } catch (SQLException e) {
            Http.answer(exchange, 500, "the database does not answer");
        }
    }
}
