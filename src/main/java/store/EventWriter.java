package store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import transaction.Backoff;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Details;
import transaction.Entry;
import transaction.Event;
import transaction.Options;
import transaction.Protocol;
import transaction.Submission;
import transaction.VerdictMode;

/**
 * Writes one entry as JSON. What is empty, zero or false is left out, and so is the time of an
 * event that happened with the entry.
 */
final class EventWriter {

    private static final SerializedString AT = new SerializedString("at");
    private static final SerializedString EVENTS = new SerializedString("events");
    private static final SerializedString TYPE = new SerializedString("type");
    private static final SerializedString BRANCH = new SerializedString("branch");
    private static final SerializedString OP = new SerializedString("op");
    private static final SerializedString STATUS = new SerializedString("status");
    private static final SerializedString PAYLOAD = new SerializedString("payload");

    private final JsonGenerator json;
    private Instant entryAt;

    EventWriter(JsonGenerator json) {
        this.json = json;
    }

    void entry(Entry entry) throws IOException {
        entryAt = entry.events().get(0).at();
        json.writeStartObject();
        json.writeFieldName(AT);
        json.writeString(entryAt.toString());
        json.writeFieldName(EVENTS);
        json.writeStartArray();
        for (Event event : entry.events()) {
            json.writeStartObject();
            event(event);
            moment("at", event.at());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void event(Event event) throws IOException {
        if (event instanceof Event.OpSettled settled) {
            type("settled");
            key(settled.key());
            status(settled.status().wire());
            text("reason", settled.reason());
        } else if (event instanceof Event.Opened opened) {
            type("opened");
            status(opened.status().wire());
            submission(opened.submission());
        } else if (event instanceof Event.Ended ended) {
            type("ended");
            status(ended.status().wire());
            text("reason", ended.reason());
            text("result", ended.result());
        } else if (event instanceof Event.Submitted submitted) {
            type("submitted");
            text("customData", submitted.customData());
            details(submitted.details());
            options("options", submitted.options());
        } else if (event instanceof Event.BranchesJoined joined) {
            type("joined");
            joined(joined);
        } else if (event instanceof Event.RetryScheduled retry) {
            type("retry");
            key(retry.key());
            backoff(retry.backoff());
            text("reason", retry.reason());
        } else {
            rare(event);
        }
    }

    private void rare(Event event) throws IOException {
        if (event instanceof Event.Hurried) {
            type("hurried");
        } else if (event instanceof Event.TurnedBack back) {
            type("turnedBack");
            text("reason", back.reason());
            texts("enabled", back.enabled());
        } else if (event instanceof Event.ForceStopped) {
            type("forceStopped");
        } else if (event instanceof Event.Quarantined quarantined) {
            type("quarantined");
            text("reason", quarantined.reason());
        } else if (event instanceof Event.Removed) {
            type("removed");
        } else {
            throw new IllegalArgumentException("no form for " + event.getClass());
        }
    }

    private void submission(Submission asked) throws IOException {
        text("gid", asked.gid());
        text("mode", asked.mode().wire());
        if (!asked.steps().isEmpty()) {
            json.writeArrayFieldStart("steps");
            for (Submission.Step step : asked.steps()) {
                json.writeStartObject();
                text("action", step.action());
                text("compensate", step.compensate());
                bytes(step.payload());
                texts("subscribers", step.subscribers());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        text("query", asked.queryPrepared());
        if (asked.protocol() != Protocol.HTTP) {
            text("protocol", asked.protocol().wire());
        }
        text("customData", asked.customData());
        details(asked.details());
        options("options", asked.options());
    }

    private void details(Details details) throws IOException {
        if (details instanceof Details.Plain) {
            return;
        }
        json.writeObjectFieldStart("details");
        if (details instanceof Details.Concurrent concurrent) {
            type("concurrent");
            json.writeObjectFieldStart("after");
            for (Map.Entry<Integer, List<Integer>> each : concurrent.after().entrySet()) {
                json.writeFieldName(each.getKey().toString());
                json.writeStartArray();
                for (int before : each.getValue()) {
                    json.writeNumber(before);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        } else if (details instanceof Details.Delay delay) {
            type("delay");
            number("seconds", delay.seconds());
        } else if (details instanceof Details.Named named) {
            type("named");
            text("name", named.name());
            if (!named.data().isEmpty()) {
                json.writeBinaryField("data", named.data().toArray());
            }
        } else {
            throw new IllegalArgumentException("no form for " + details.getClass());
        }
        json.writeEndObject();
    }

    /** Nothing is written for {@link Options#NONE} inside an object. */
    private void options(String field, Options options) throws IOException {
        if (!options.equals(Options.NONE)) {
            json.writeFieldName(field);
            options(options);
        }
    }

    void options(Options options) throws IOException {
        json.writeStartObject();
        flag("waitResult", options.waitResult());
        number("timeoutToFail", options.timeoutToFailSeconds());
        number("requestTimeout", options.requestTimeoutSeconds());
        number("retryInterval", options.retryIntervalSeconds());
        number("retryLimit", options.retryLimit());
        number("retryCount", options.retryCount());
        if (!options.branchHeaders().isEmpty()) {
            json.writeObjectFieldStart("headers");
            for (Map.Entry<String, String> each : options.branchHeaders().entrySet()) {
                json.writeStringField(each.getKey(), each.getValue());
            }
            json.writeEndObject();
        }
        flag("concurrent", options.concurrent());
        if (options.verdictMode() != VerdictMode.UNSAID) {
            json.writeStringField("verdictMode", options.verdictMode().wire());
        }
        json.writeEndObject();
    }

    private void joined(Event.BranchesJoined joined) throws IOException {
        json.writeArrayFieldStart("ops");
        for (BranchOp op : joined.ops()) {
            json.writeStartObject();
            key(op.key());
            text("url", op.url());
            bytes(op.payload());
            if (op.status() != BranchStatus.PREPARED) {
                status(op.status().wire());
            }
            if (!op.backoff().equals(Backoff.NONE)) {
                backoff(op.backoff());
            }
            text("reason", op.reason());
            moment("created", op.createdAt());
            moment("updated", op.updatedAt());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void backoff(Backoff backoff) throws IOException {
        text("interval", backoff.interval().toString());
        text("notBefore", backoff.notBefore().toString());
        number("attempts", backoff.attempts());
    }

    private void key(CallKey key) throws IOException {
        json.writeFieldName(BRANCH);
        json.writeString(key.branchId());
        json.writeFieldName(OP);
        json.writeString(key.op().wire());
    }

    private void type(String type) throws IOException {
        json.writeFieldName(TYPE);
        json.writeString(type);
    }

    private void status(String wire) throws IOException {
        json.writeFieldName(STATUS);
        json.writeString(wire);
    }

    private void bytes(Bytes bytes) throws IOException {
        if (!bytes.isEmpty()) {
            json.writeFieldName(PAYLOAD);
            json.writeBinary(bytes.toArray());
        }
    }

    private void moment(String field, Instant at) throws IOException {
        if (!at.equals(entryAt)) {
            json.writeStringField(field, at.toString());
        }
    }

    private void text(String field, String text) throws IOException {
        if (!text.isEmpty()) {
            json.writeStringField(field, text);
        }
    }

    private void texts(String field, List<String> texts) throws IOException {
        if (!texts.isEmpty()) {
            json.writeArrayFieldStart(field);
            for (String each : texts) {
                json.writeString(each);
            }
            json.writeEndArray();
        }
    }

    private void number(String field, int number) throws IOException {
        if (number != 0) {
            json.writeNumberField(field, number);
        }
    }

    private void flag(String field, boolean flag) throws IOException {
        if (flag) {
            json.writeBooleanField(field, true);
        }
    }
}
