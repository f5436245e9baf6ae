package prove;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call as a participant gets it.
 *
 * @param peer the port of whoever calls, one for each connection
 * @param amount how many pieces; one if there is no payload
 */
record Incoming(
        int peer, String gid, String branch, String op, String mode, long amount) {

    private static final Pattern AMOUNT = Pattern.compile("\"amount\":(\\d+)");

    static Incoming of(HttpExchange exchange) throws IOException {
        Map<String, String> query = new HashMap<>();
        for (String pair : exchange.getRequestURI().getRawQuery().split("&")) {
            String[] parts = pair.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        String body =
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Matcher amount = AMOUNT.matcher(body);
        return new Incoming(exchange.getRemoteAddress().getPort(), query.get("gid"),
            query.get("branch_id"), query.get("op"), query.get("trans_type"),
            amount.find() ? Long.parseLong(amount.group(1)) : 1);
    }

    String branchKey() {
        return gid + "|" + branch;
    }

    boolean isUndo() {
        return undone() != null;
    }

    /** The op that this one undoes; null if it undoes nothing. */
    String undone() {
        return switch (op) {
            case "compensate", "rollback" -> "action";
            case "cancel" -> "try";
            default -> null;
        };
    }

    Incoming withOp(String other) {
        return new Incoming(peer, gid, branch, other, mode, amount);
    }
}
