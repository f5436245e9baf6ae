package http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import security.Caller;
import transaction.BranchOp;
import transaction.CallOptions;
import transaction.Context;
import transaction.GlobalTransaction;
import transaction.Limits;
import transaction.Mode;
import transaction.Options;
import transaction.Reply;
import transaction.Status;
import transaction.Summary;
import transaction.TransactionIndex;
import wire.VerdictWord;

/**
 * Transactions and branches as clients read them, key for key in DTM's order (protocol section 3).
 * Times are RFC 3339 in UTC, with as many digits as there are.
 */
final class WireRecords {

    /**
     * Payloads that one answer may carry; with more, a query leaves them out. Only a message to
     * many subscribers has so many: whatever joins a transaction is bounded far below.
     */
    static final long PAYLOAD_BYTES = 48 << 20;

    /** What a branch takes beside its url and payload. */
    private static final int BRANCH_BYTES = 300;

    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ISO_OFFSET_DATE_TIME.withZone(ZoneOffset.UTC);

    private static final WireRecords WHOLE = new WireRecords(PayloadMask.NONE);

    private final PayloadMask mask;

    private WireRecords(PayloadMask mask) {
        this.mask = mask;
    }

    /** As {@code caller} may read them: payloads, results and headers are not for everybody. */
    static WireRecords readableBy(Caller caller) {
        return new WireRecords(PayloadMask.of(caller));
    }

    /** Answer of {@code query}: null and no branches if there is no such transaction. */
    byte[] query(String gid, Reply.Found found) {
        return query(gid, found, PAYLOAD_BYTES);
    }

    /** The same. @param payloads that it may carry */
    byte[] query(String gid, Reply.Found found, long payloads) {
        GlobalTransaction t = found.transaction();
        boolean fits = !mask.hides() && payloadBytes(t) <= payloads;
        return JsonOut.object(out -> {
            out.writeFieldName("transaction");
            if (found.summary() != null) {
                out.writeStartObject();
                transaction(out, found.summary(), Integer.MAX_VALUE);
                if (t.inquiry() != null && t.status() == Status.PREPARED) {
                    tries(out, t.inquiry());
                }
                parked(out, t);
                said(out, "node", found.node());
                out.writeEndObject();
            } else if (t.isQuarantined()) {
                unreadable(out, gid, t.quarantine());
            } else {
                out.writeNull();
            }
            out.writeFieldName("branches");
            branches(out, t, fits);
        });
    }

    /**
     * Answer of {@code prepareWorkflow}. What a workflow goes on from is never cut; that it fits is
     * seen to when a step joins.
     */
    static byte[] workflow(Reply.Found found) {
        return JsonOut.object(out -> {
            out.writeObjectFieldStart("transaction");
            WHOLE.transaction(out, found.summary(), Integer.MAX_VALUE);
            out.writeEndObject();
            out.writeFieldName("progresses");
            WHOLE.branches(out, found.transaction(), true);
        });
    }

    /** Answer of {@code all}. */
    byte[] list(TransactionIndex.Page page) {
        return JsonOut.object(out -> {
            out.writeArrayFieldStart("transactions");
            for (Summary row : page.rows()) {
                out.writeStartObject();
                transaction(out, row, Limits.LIST_TEXT_CHARS);
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeStringField("next_position", page.next());
        });
    }

    /** Answer of {@code all} for a gid that is unknown. */
    static byte[] emptyList(String position) {
        return JsonOut.object(out -> {
            out.writeNullField("transactions");
            out.writeStringField("next_position", position);
        });
    }

    static String time(Instant at) {
        return TIME.format(at);
    }

    private void transaction(JsonGenerator out, Summary row, int textChars)
            throws IOException {
        out.writeNumberField("id", 0);
        out.writeStringField("create_time", time(row.openedAt()));
        out.writeStringField("update_time", time(row.updatedAt()));
        out.writeStringField("gid", row.submission().ownGid());
        namespace(out, row.submission().context().namespace());
        out.writeStringField("trans_type", row.submission().mode().wire());
        out.writeStringField("status", row.status().wire());
        said(out, "query_prepared", mask.url(row.submission().queryPrepared()));
        out.writeStringField("protocol", row.submission().protocol().wire());
        if (row.status() == Status.SUCCEED) {
            out.writeStringField("finish_time", time(row.updatedAt()));
        } else if (row.status() == Status.FAILED) {
            out.writeStringField("rollback_time", time(row.updatedAt()));
        }
        said(out, "result", mask.text(notLonger(row.result(), textChars)));
        said(out, "rollback_reason", mask.reason(row.reason()));
        out.writeStringField("options", options(row.submission().options()));
        said(out, "custom_data", mask.text(notLonger(row.submission().customData(), textChars)));
        said(out, "next_cron_interval", row.retryInterval().toSeconds());
        if (row.dueAt() != null) {
            out.writeStringField("next_cron_time", time(row.dueAt()));
        }
        out.writeBooleanField("concurrent", row.submission().options().concurrent());
        texts(out, "attributes", row.submission().context().attributes());
        said(out, "quarantine", row.quarantine());
    }

    /**
     * Why an operation is not done yet; keys that DTM does not have, after those it has. One of its
     * clients takes the word of a verdict anywhere in the answer for one, so it is hidden.
     */
    private void tries(JsonGenerator out, BranchOp op) throws IOException {
        said(out, "attempts", op.tries());
        said(out, "last_error", VerdictWord.hidden(mask.reason(op.reason())));
        if (op.triedAt() != null) {
            out.writeStringField("last_attempt_time", time(op.triedAt()));
        }
        if (op.awaitedUntil() != null && !op.isSettled()) {
            out.writeStringField("awaited_until", time(op.awaitedUntil()));
        }
        if (op.backoff().notBefore().isAfter(Instant.EPOCH)) {
            out.writeStringField("next_try", time(op.backoff().notBefore()));
        }
    }

    private void parked(JsonGenerator out, GlobalTransaction t) throws IOException {
        if (t.isParked()) {
            out.writeObjectFieldStart("parked");
            if (t.parked().key() != null) {
                out.writeStringField("branch_id", t.parked().key().branchId());
                out.writeStringField("op", t.parked().key().op().wire());
            }
            said(out, "by", t.parked().by());
            said(out, "reason", VerdictWord.hidden(mask.reason(t.parked().reason())));
            out.writeStringField("time", time(t.parked().at()));
            out.writeEndObject();
        }
        if (t.isPaused()) {
            out.writeObjectFieldStart("paused");
            if (t.paused().until() != null) {
                out.writeStringField("until", time(t.paused().until()));
            }
            said(out, "by", t.paused().by());
            said(out, "reason", VerdictWord.hidden(mask.reason(t.paused().reason())));
            out.writeStringField("time", time(t.paused().at()));
            out.writeEndObject();
        }
    }

    /** Of a history that cannot even be begun to read, this much can be shown. */
    private static void unreadable(JsonGenerator out, String gid, String why) throws IOException {
        out.writeStartObject();
        out.writeNumberField("id", 0);
        out.writeNullField("create_time");
        out.writeNullField("update_time");
        out.writeStringField("gid", gid);
        out.writeBooleanField("concurrent", false);
        out.writeStringField("quarantine", why);
        out.writeEndObject();
    }

    /** As before there were any, that of {@code default} is not told. */
    private static void namespace(JsonGenerator out, String name) throws IOException {
        said(out, "namespace", name.equals(Context.DEFAULT_NAMESPACE) ? "" : name);
    }

    private void branches(JsonGenerator out, GlobalTransaction t, boolean withPayloads)
            throws IOException {
        List<BranchOp> ops = t.ops();
        out.writeStartArray();
        for (int i = 0; i < ops.size(); i++) {
            BranchOp op = ops.get(i);
            out.writeStartObject();
            out.writeNumberField("id", i + 1);
            out.writeStringField("create_time", time(op.createdAt()));
            out.writeStringField("update_time", time(op.updatedAt()));
            out.writeStringField("gid", t.ownGid());
            said(out, "url", mask.url(op.url()));
            if (withPayloads && !op.payload().isEmpty()) {
                out.writeBinaryField("bin_data", op.payload().toArray());
            }
            out.writeStringField("branch_id", op.branchId());
            out.writeStringField("op", op.op().wire());
            out.writeStringField("status", op.status().wire());
            if (op.isSettled() && t.mode() != Mode.WORKFLOW) {
                out.writeStringField("finish_time", time(op.updatedAt()));
            }
            tries(out, op);
            calledWith(out, op.options());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** How the operation is called, where that was said of it alone. */
    private void calledWith(JsonGenerator out, CallOptions options) throws IOException {
        said(out, "method", options.method());
        texts(out, "headers", mask.values(options.headers()));
        said(out, "request_timeout", options.requestTimeoutSeconds());
        said(out, "retry_limit", options.retryLimit());
    }

    private static void texts(JsonGenerator out, String key, Map<String, String> texts)
            throws IOException {
        if (!texts.isEmpty()) {
            out.writeObjectFieldStart(key);
            for (var each : new TreeMap<>(texts).entrySet()) {
                out.writeStringField(each.getKey(), each.getValue());
            }
            out.writeEndObject();
        }
    }

    private String options(Options options) {
        return JsonOut.objectText(out -> {
            if (options.waitResult()) {
                out.writeBooleanField("wait_result", true);
            }
            said(out, "timeout_to_fail", options.timeoutToFailSeconds());
            said(out, "request_timeout", options.requestTimeoutSeconds());
            said(out, "retry_interval", options.retryIntervalSeconds());
            texts(out, "branch_headers", mask.values(options.branchHeaders()));
            out.writeBooleanField("concurrent", options.concurrent());
            said(out, "retry_limit", options.retryLimit());
            said(out, "retry_count", options.retryCount());
            said(out, "verdict_mode", options.verdictMode().wire());
            said(out, "on_exhausted", options.parksWhenExhausted() ? "park" : "");
        });
    }

    private static void said(JsonGenerator out, String key, String value) throws IOException {
        if (!value.isEmpty()) {
            out.writeStringField(key, value);
        }
    }

    private static void said(JsonGenerator out, String key, long value) throws IOException {
        if (value != 0) {
            out.writeNumberField(key, value);
        }
    }

    private static String notLonger(String text, int chars) {
        return text.length() <= chars ? text : "";
    }

    /** About how long an answer with all of {@code found} is. @param payloads that it may carry */
    static long bytesOf(Reply.Found found, long payloads) {
        GlobalTransaction t = found.transaction();
        long carried = payloadBytes(t);
        long size = BRANCH_BYTES + (carried <= payloads ? carried / 3 * 4 : 0);
        for (BranchOp op : t.ops()) {
            size += BRANCH_BYTES + op.url().length();
            for (var header : op.options().headers().entrySet()) {
                size += header.getKey().length() + header.getValue().length();
            }
        }
        return found.summary() == null ? size : size + found.summary().result().length()
            + found.summary().submission().customData().length();
    }

    private static long payloadBytes(GlobalTransaction t) {
        return t.ops().stream().mapToLong(op -> op.payload().size()).sum();
    }
}
