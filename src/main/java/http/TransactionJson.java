package http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import security.Caller;
import transaction.BranchOp;
import transaction.Bytes;
import transaction.GlobalTransaction;
import transaction.Options;
import transaction.Reply;
import transaction.Summary;
import transaction.Trouble;
import transaction.Waiting;

/**
 * Transactions as {@code /api/v1} tells of them: whole, or a row of a list. What is not there is
 * null, so that each has the same keys; payloads alone are left out for those who may not see them.
 */
final class TransactionJson {

    private final PayloadMask mask;

    private TransactionJson(PayloadMask mask) {
        this.mask = mask;
    }

    /** As {@code caller} may read them. */
    static TransactionJson readableBy(Caller caller) {
        return new TransactionJson(PayloadMask.of(caller));
    }

    /** An item of a list. */
    void row(JsonGenerator out, Summary row) throws IOException {
        out.writeStartObject();
        fields(out, row);
        out.writeEndObject();
    }

    /** One with its branches. @param payloads bytes of them that it may carry */
    byte[] whole(Reply.Found found, long payloads) {
        GlobalTransaction t = found.transaction();
        boolean fits = !mask.hides()
            && t.ops().stream().mapToLong(op -> op.payload().size()).sum() <= payloads;
        return JsonOut.object(out -> {
            fields(out, found.summary().in(Trouble.of(t)));
            details(out, found.summary());
            text(out, "node", found.node());
            out.writeArrayFieldStart("branches");
            for (BranchOp op : t.ops()) {
                branch(out, op, fits);
            }
            out.writeEndArray();
        });
    }

    /** One whose history cannot be read: what the index has of it. */
    byte[] unreadable(Summary row) {
        return JsonOut.object(out -> {
            fields(out, row);
            details(out, row);
            text(out, "node", "");
            out.writeArrayFieldStart("branches");
            out.writeEndArray();
        });
    }

    private void fields(JsonGenerator out, Summary row) throws IOException {
        out.writeStringField("gid", row.submission().ownGid());
        out.writeStringField("mode", row.submission().mode().wire());
        out.writeStringField("status", row.status().wire());
        text(out, "waiting", row.waiting().wire());
        out.writeBooleanField("parked", row.waiting() == Waiting.PARKED);
        out.writeBooleanField("paused", row.waiting() == Waiting.PAUSED);
        out.writeBooleanField("quarantined", !row.quarantine().isEmpty());
        time(out, "opened_at", row.openedAt());
        time(out, "updated_at", row.updatedAt());
        time(out, "next_at", row.dueAt());
        Trouble trouble = row.trouble();
        out.writeNumberField("attempts", trouble.attempts());
        text(out, "cause", trouble.isThere() ? trouble.cause() : "");
        text(out, "participant", trouble.participant());
        text(out, "error", trouble.error());
        text(out, "reason", mask.reason(row.reason()));
        texts(out, "attributes", row.submission().context().attributes());
    }

    private void details(JsonGenerator out, Summary row) throws IOException {
        text(out, "quarantine", row.quarantine());
        text(out, "result", mask.text(row.result()));
        text(out, "custom_data", mask.text(row.submission().customData()));
        text(out, "query_prepared", mask.url(row.submission().queryPrepared()));
        out.writeStringField("protocol", row.submission().protocol().wire());
        out.writeObjectFieldStart("options");
        options(out, row.submission().options());
        out.writeEndObject();
    }

    private void options(JsonGenerator out, Options options) throws IOException {
        out.writeBooleanField("wait_result", options.waitResult());
        seconds(out, "timeout_to_fail_ms", options.timeoutToFailSeconds());
        seconds(out, "request_timeout_ms", options.requestTimeoutSeconds());
        seconds(out, "retry_interval_ms", options.retryIntervalSeconds());
        count(out, "retry_limit", options.retryLimit());
        texts(out, "branch_headers", mask.values(options.branchHeaders()));
        out.writeBooleanField("concurrent", options.concurrent());
        text(out, "verdict_mode", options.verdictMode().wire());
        text(out, "on_exhausted", options.parksWhenExhausted() ? "park" : "");
    }

    private void branch(JsonGenerator out, BranchOp op, boolean withPayload) throws IOException {
        out.writeStartObject();
        out.writeStringField("branch_id", op.branchId());
        out.writeStringField("op", op.op().wire());
        text(out, "url", mask.url(op.url()));
        out.writeStringField("status", op.status().wire());
        out.writeNumberField("attempts", op.tries());
        time(out, "last_attempt_at", op.triedAt());
        Instant next = op.backoff().notBefore();
        time(out, "next_at", op.isSettled() || !next.isAfter(Instant.EPOCH) ? null : next);
        time(out, "awaited_until", op.isSettled() ? null : op.awaitedUntil());
        text(out, "error", mask.reason(op.reason()));
        time(out, "settled_at", op.isSettled() ? op.updatedAt() : null);
        text(out, "method", op.options().method());
        texts(out, "headers", mask.values(op.options().headers()));
        seconds(out, "request_timeout_ms", op.options().requestTimeoutSeconds());
        count(out, "retry_limit", op.options().retryLimit());
        if (withPayload) {
            payload(out, op.payload());
        }
        out.writeEndObject();
    }

    /** As text if it is text, and in base64 if not. */
    private static void payload(JsonGenerator out, Bytes payload) throws IOException {
        String text = payload.toUtf8();
        if (Bytes.utf8(text).equals(payload)) {
            out.writeStringField("payload", text);
        } else {
            out.writeBinaryField("payload_base64", payload.toArray());
        }
    }

    static void text(JsonGenerator out, String key, String value) throws IOException {
        if (value.isEmpty()) {
            out.writeNullField(key);
        } else {
            out.writeStringField(key, value);
        }
    }

    static void time(JsonGenerator out, String key, Instant value) throws IOException {
        if (value == null) {
            out.writeNullField(key);
        } else {
            out.writeStringField(key, Times.text(value));
        }
    }

    private static void seconds(JsonGenerator out, String key, int value) throws IOException {
        if (value == 0) {
            out.writeNullField(key);
        } else {
            out.writeNumberField(key, 1000L * value);
        }
    }

    private static void count(JsonGenerator out, String key, int value) throws IOException {
        if (value == 0) {
            out.writeNullField(key);
        } else {
            out.writeNumberField(key, value);
        }
    }

    private static void texts(JsonGenerator out, String key, Map<String, String> texts)
            throws IOException {
        out.writeObjectFieldStart(key);
        for (var each : new TreeMap<>(texts).entrySet()) {
            out.writeStringField(each.getKey(), each.getValue());
        }
        out.writeEndObject();
    }
}
