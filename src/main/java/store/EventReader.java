package store;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import transaction.Backoff;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Details;
import transaction.Entry;
import transaction.Event;
import transaction.Mode;
import transaction.Op;
import transaction.Options;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;
import transaction.VerdictMode;

/**
 * Reads version 1 of the journal, which was JSON with bytes in base64. Nothing writes it any more,
 * so nothing is ever added here. A type, a mode or a status that it does not know is an {@link
 * IllegalArgumentException}.
 */
final class EventReader {

    private final Instant entryAt;

    private EventReader(Instant entryAt) {
        this.entryAt = entryAt;
    }

    static Entry entry(JsonNode json) {
        EventReader reader = new EventReader(Instant.parse(required(json, "at")));
        List<Event> events = new ArrayList<>();
        for (JsonNode each : json.path("events")) {
            events.add(reader.event(each));
        }
        if (events.isEmpty()) {
            throw new IllegalArgumentException("an entry without events");
        }
        return new Entry(events, null);
    }

    private Event event(JsonNode json) {
        Instant at = moment(json, "at");
        String reason = text(json, "reason");
        String type = required(json, "type");
        return switch (type) {
            case "opened" -> new Event.Opened(submission(json), status(json), at);
            case "submitted" -> new Event.Submitted(
                options(json.path("options")), text(json, "customData"), details(json), at);
            case "joined" -> new Event.BranchesJoined(ops(json), at);
            case "settled" -> new Event.OpSettled(key(json), branchStatus(json), reason, at);
            case "retry" -> new Event.RetryScheduled(key(json), backoff(json), reason, at);
            case "hurried" -> new Event.Hurried(at);
            case "turnedBack" -> new Event.TurnedBack(reason, texts(json, "enabled"), at);
            case "ended" -> new Event.Ended(status(json), reason, text(json, "result"), at);
            case "forceStopped" -> new Event.ForceStopped(at);
            case "removed" -> new Event.Removed(at);
            case "quarantined" -> new Event.Quarantined(reason, at);
            default -> throw new IllegalArgumentException("unknown type of event: " + type);
        };
    }

    private static Submission submission(JsonNode json) {
        List<Submission.Step> steps = new ArrayList<>();
        for (JsonNode each : json.path("steps")) {
            steps.add(new Submission.Step(text(each, "action"), text(each, "compensate"),
                bytes(each, "payload"), texts(each, "subscribers")));
        }
        return new Submission(required(json, "gid"), known(json, "mode", Mode::of), steps,
            text(json, "query"), known(json, "protocol", Protocol::of),
            text(json, "customData"), details(json), options(json.path("options")));
    }

    private static Details details(JsonNode event) {
        JsonNode json = event.path("details");
        if (json.isMissingNode()) {
            return Details.PLAIN;
        }
        String type = required(json, "type");
        return switch (type) {
            case "concurrent" -> new Details.Concurrent(orders(json.path("after")));
            case "delay" -> new Details.Delay(number(json, "seconds"));
            case "named" -> new Details.Named(text(json, "name"), bytes(json, "data"));
            default -> throw new IllegalArgumentException("unknown type of details: " + type);
        };
    }

    private static Map<Integer, List<Integer>> orders(JsonNode json) {
        Map<Integer, List<Integer>> after = new HashMap<>();
        json.properties().forEach(each -> {
            List<Integer> before = new ArrayList<>();
            each.getValue().forEach(index -> before.add(index.intValue()));
            after.put(Integer.valueOf(each.getKey()), List.copyOf(before));
        });
        return after;
    }

    /** {@link Options#NONE} if there is no such node. */
    static Options options(JsonNode json) {
        if (json.isMissingNode()) {
            return Options.NONE;
        }
        Map<String, String> headers = new HashMap<>();
        json.path("headers").properties()
            .forEach(each -> headers.put(each.getKey(), each.getValue().textValue()));
        return new Options(json.path("waitResult").asBoolean(), number(json, "timeoutToFail"),
            number(json, "requestTimeout"), number(json, "retryInterval"),
            number(json, "retryLimit"), number(json, "retryCount"), headers,
            json.path("concurrent").asBoolean(),
            json.has("verdictMode") ? known(json, "verdictMode", VerdictMode::of)
                : VerdictMode.UNSAID);
    }

    private List<BranchOp> ops(JsonNode event) {
        List<BranchOp> ops = new ArrayList<>();
        for (JsonNode json : event.path("ops")) {
            CallKey key = key(json);
            ops.add(new BranchOp(key.branchId(), key.op(), text(json, "url"),
                bytes(json, "payload"), branchStatus(json),
                json.has("interval") ? backoff(json) : Backoff.NONE, text(json, "reason"),
                moment(json, "created"), moment(json, "updated")));
        }
        return ops;
    }

    private static Backoff backoff(JsonNode json) {
        return new Backoff(Duration.parse(required(json, "interval")),
            Instant.parse(required(json, "notBefore")), number(json, "attempts"));
    }

    private static CallKey key(JsonNode json) {
        return new CallKey(required(json, "branch"), known(json, "op", Op::of));
    }

    private static Status status(JsonNode json) {
        return known(json, "status", Status::of);
    }

    private static BranchStatus branchStatus(JsonNode json) {
        return json.has("status") ? known(json, "status", BranchStatus::of)
            : BranchStatus.PREPARED;
    }

    private Instant moment(JsonNode json, String field) {
        String text = text(json, field);
        return text.isEmpty() ? entryAt : Instant.parse(text);
    }

    private static <T> T known(JsonNode json, String field, Function<String, Optional<T>> names) {
        String name = text(json, field);
        return names.apply(name).orElseThrow(
            () -> new IllegalArgumentException("unknown " + field + ": " + name));
    }

    private static String required(JsonNode json, String field) {
        if (!json.path(field).isTextual()) {
            throw new IllegalArgumentException("no " + field);
        }
        return json.path(field).textValue();
    }

    private static String text(JsonNode json, String field) {
        return json.path(field).asText("");
    }

    private static List<String> texts(JsonNode json, String field) {
        List<String> texts = new ArrayList<>();
        json.path(field).forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static int number(JsonNode json, String field) {
        return json.path(field).intValue();
    }

    private static Bytes bytes(JsonNode json, String field) {
        return Bytes.fromBase64(text(json, field));
    }
}
