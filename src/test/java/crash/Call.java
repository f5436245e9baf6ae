package crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What a participant is asked to do.
 *
 * @param mode {@code trans_type}
 * @param op such as {@code action} or {@code compensate}
 * @param what the payload; missing in calls that have none
 */
record Call(String mode, String gid, String branch, String op, JsonNode what) {

    /** From the query that the coordinator adds to the url of a branch. */
    static Call of(String rawQuery, JsonNode what) {
        Map<String, String> said = new HashMap<>();
        for (String pair : rawQuery == null ? new String[0] : rawQuery.split("&")) {
            String[] parts = pair.split("=", 2);
            said.put(parts[0], parts.length == 1 ? ""
                : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        for (String name : new String[] {"trans_type", "gid", "branch_id", "op"}) {
            if (said.getOrDefault(name, "").isEmpty()) {
                throw new IllegalArgumentException("a call without " + name + ": " + rawQuery);
            }
        }
        return new Call(said.get("trans_type"), said.get("gid"), said.get("branch_id"),
            said.get("op"), what);
    }

    Call withOp(String other) {
        return new Call(mode, gid, branch, other, what);
    }

    /** Whether this undoes another operation, or settles one for good. */
    boolean isSecondPhase() {
        return switch (op) {
            case "action", "try", "msg" -> false;
            default -> true;
        };
    }

    int account() {
        return what.path("account").asInt();
    }

    /** Cents that come to the account, negative if they go. */
    long change() {
        return what.path("change").asLong();
    }

    /** How the participant is to behave: {@code refuse}, {@code ongoing}, or nothing special. */
    String manner() {
        return what.path("manner").asText("");
    }
}
