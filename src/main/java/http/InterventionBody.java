package http;

import static java.util.Map.entry;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import transaction.Again;
import transaction.BranchStatus;
import transaction.BulkAction;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Change;
import transaction.GlobalTransaction;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Op;
import transaction.Park;
import transaction.Pause;
import transaction.RollBack;
import transaction.Settle;
import transaction.Status;
import transaction.Stop;
import transaction.Unpause;
import wire.JsonIn;

/**
 * What a request for something by hand says: an object of the keys that this action knows. No body
 * is as good as an empty one; a reason may come in the header {@link Recorded#REASON} as well.
 */
final class InterventionBody {

    private static final Map<String, List<String>> KEYS = Map.ofEntries(
        entry("retry", List.of("reason")),
        entry("pause", List.of("reason", "until")),
        entry("resume", List.of("reason")),
        entry("park", List.of("reason")),
        entry("unpark", List.of("reason")),
        entry("skip", List.of("branch_id", "op", "reason")),
        entry("resolve", List.of("branch_id", "op", "outcome", "reason")),
        entry("stop", List.of("outcome", "reason")),
        entry("rollback", List.of("reason")),
        entry("again", List.of("gid", "from", "dry_run", "reason")),
        entry("edit", List.of("branch_id", "op", "url", "payload", "payload_base64",
            "request_timeout_s", "retry_interval_s", "retry_limit", "reason")));

    private final String by;
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private boolean isDryRun;
    private Optional<Bytes> payload = Optional.empty();

    private InterventionBody(String by) {
        this.by = by;
    }

    /** @throws InvalidRequest if {@code action} does not know what was sent */
    static InterventionBody of(String action, Route.Call call) {
        return of(action, call, List.of());
    }

    /** @param besides keys that others read */
    static InterventionBody of(String action, Route.Call call, List<String> besides) {
        InterventionBody said = new InterventionBody(call.caller().name());
        List<String> known = KEYS.get(action);
        if (call.body().length > 0) {
            JsonIn.whole(call.body(), in -> {
                in.entries("the body", known.size() + besides.size(), key -> {
                    if (besides.contains(key)) {
                        in.raw();
                    } else {
                        said.take(known, key, in);
                    }
                });
                return said;
            });
        }
        said.texts.merge("reason", call.headers().apply(Recorded.REASON),
            (inBody, inHeader) -> inBody.isEmpty() ? inHeader : inBody);
        return said;
    }

    private void take(List<String> known, String key, JsonIn in) {
        InvalidRequest.require(known.contains(key), "unknown key " + Limits.cut(key, 100)
            + "; known are " + String.join(", ", new TreeSet<>(known)));
        switch (key) {
            case "payload" -> take(payload(in.raw()));
            case "payload_base64" -> take(in.bytes(key));
            case "request_timeout_s", "retry_interval_s", "retry_limit" ->
                numbers.put(key, in.integer(key));
            case "dry_run" -> isDryRun = in.flag(key);
            default -> texts.put(key, in.text(key));
        }
    }

    private void take(Bytes what) {
        InvalidRequest.require(payload.isEmpty(), "payload and payload_base64 say two things;"
            + " send one of them");
        payload = Optional.of(what);
    }

    /** The text of a string, as everywhere in DTM's protocol; any other value as it stands. */
    private static Bytes payload(byte[] json) {
        String text = Bytes.of(json).toUtf8().strip();
        return text.startsWith("\"")
            ? Bytes.utf8(JsonIn.whole(json, in -> in.text("payload"))) : Bytes.utf8(text);
    }

    String by() {
        return by;
    }

    Pause pause(String gid) {
        return new Pause(gid, until(), reason(), by);
    }

    Unpause unpause(String gid) {
        return new Unpause(gid, by);
    }

    Park park(String gid) {
        return new Park(gid, reason(), by);
    }

    RollBack rollBack(String gid) {
        return new RollBack(gid, reason(), by);
    }

    Settle skip(String gid) {
        return new Settle(gid, key(), BranchStatus.SUCCEED, true, reason(), by);
    }

    Settle resolve(String gid) {
        BranchStatus verdict = oneOf("outcome", "success", "failure").equals("success")
            ? BranchStatus.SUCCEED : BranchStatus.FAILED;
        return new Settle(gid, key(), verdict, false, reason(), by);
    }

    Stop stop(String gid) {
        return new Stop(gid, Status.of(oneOf("outcome", "succeed", "failed")).orElseThrow(),
            reason(), by);
    }

    /** The same to many of them, whose gids come later. */
    BulkAction bulk(BulkAction.Kind kind) {
        boolean isOfOne = kind == BulkAction.Kind.SKIP || kind == BulkAction.Kind.RESOLVE;
        String outcome = switch (kind) {
            case STOP -> oneOf("outcome", "succeed", "failed");
            case RESOLVE -> oneOf("outcome", "success", "failure");
            default -> "";
        };
        return new BulkAction(
            kind, isOfOne ? key() : null, outcome, until(), reason(), by);
    }

    Change change(String gid) {
        return new Change(gid, key(), text("url"), payload, number("request_timeout_s"),
            number("retry_limit"), number("retry_interval_s"), reason(), by);
    }

    Again again(GlobalTransaction ended) {
        return Again.of(ended, text("gid"), text("from"));
    }

    /** Whether it is only to be told what would be done. */
    boolean isDryRun() {
        return isDryRun;
    }

    private CallKey key() {
        InvalidRequest.require(!text("branch_id").isEmpty(), "no branch_id specified");
        return new CallKey(text("branch_id"), Op.of(text("op")).orElseThrow(
            () -> new InvalidRequest("unknown op: " + Limits.cut(text("op"), 100))));
    }

    String reason() {
        return text("reason");
    }

    /** Null if nothing was said. */
    Instant until() {
        String text = text("until");
        try {
            return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException wrong) {
            throw new InvalidRequest("until must be a time such as 2026-01-31T23:59:59Z, not "
                + Limits.cut(text, 100));
        }
    }

    private String oneOf(String key, String... words) {
        InvalidRequest.require(Arrays.asList(words).contains(text(key)), key + " must be "
            + String.join(" or ", words) + ", not \"" + Limits.cut(text(key), 100) + "\"");
        return text(key);
    }

    private String text(String key) {
        return texts.getOrDefault(key, "");
    }

    private int number(String key) {
        return numbers.getOrDefault(key, Change.AS_IT_IS);
    }
}
