package http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import security.Caller;
import transaction.Attempt;
import transaction.CallKey;
import transaction.LiveEvents;
import transaction.Notice;

/** Live events as clients read them: each is a line of JSON, with its kind and its id above it. */
final class WireEvents {

    private final PayloadMask mask;

    private WireEvents(PayloadMask mask) {
        this.mask = mask;
    }

    /** As {@code caller} may read them. */
    static WireEvents readableBy(Caller caller) {
        return new WireEvents(PayloadMask.of(caller));
    }

    byte[] page(LiveEvents.Page page) {
        var text = new StringBuilder();
        if (page.missed()) {
            append(text, "", "missed", JsonOut.objectText(out -> {
                out.writeStringField("event", "missed");
                out.writeStringField("message", "events were lost before this one; "
                    + "what they told of can be seen by query");
            }));
        }
        for (LiveEvents.Told each : page.told()) {
            append(text, each.position(), name(each.notice()), json(each.notice()));
        }
        if (page.dropped()) {
            append(text, "", "dropped", JsonOut.objectText(out -> {
                out.writeStringField("event", "dropped");
                out.writeStringField("message", "this reader was slower than what happens; "
                    + "it may connect again and go on from its last id");
            }));
        } else if (page.told().isEmpty()) {
            // The id moves on all the same: what the filter left out is not to be missed later.
            text.append(": alive\nid: ").append(page.position()).append("\n\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder text, String id, String name, String json) {
        if (!id.isEmpty()) {
            text.append("id: ").append(id).append('\n');
        }
        text.append("event: ").append(name).append("\ndata: ").append(json).append("\n\n");
    }

    private static String name(Notice notice) {
        if (notice instanceof Notice.Created) {
            return "created";
        }
        if (notice instanceof Notice.StatusChanged) {
            return "status";
        }
        if (notice instanceof Notice.BranchSettled) {
            return "branch";
        }
        if (notice instanceof Notice.Attempted) {
            return "attempt";
        }
        if (notice instanceof Notice.Parked) {
            return "parked";
        }
        if (notice instanceof Notice.Unparked) {
            return "unparked";
        }
        if (notice instanceof Notice.Paused) {
            return "paused";
        }
        if (notice instanceof Notice.Unpaused) {
            return "resumed";
        }
        return notice instanceof Notice.RetryScheduled ? "retry" : "pass";
    }

    private String json(Notice notice) {
        return JsonOut.objectText(out -> {
            out.writeStringField("event", name(notice));
            out.writeStringField("gid", notice.subject().ownGid());
            out.writeStringField("trans_type", notice.subject().mode().wire());
            out.writeStringField("status", notice.subject().status().wire());
            out.writeStringField("time", WireRecords.time(notice.at()));
            if (notice instanceof Notice.StatusChanged changed) {
                out.writeStringField("from", changed.from().wire());
                said(out, changed.reason());
            } else if (notice instanceof Notice.BranchSettled settled) {
                branch(out, settled.key());
                out.writeStringField("branch_status", settled.verdict().wire());
                said(out, settled.reason());
            } else if (notice instanceof Notice.Attempted attempted) {
                attempt(out, attempted.attempt());
            } else if (notice instanceof Notice.RetryScheduled retry) {
                branch(out, retry.key());
                out.writeStringField("not_before", WireRecords.time(retry.notBefore()));
                if (retry.putOff()) {
                    out.writeBooleanField("put_off", true);
                }
            } else if (notice instanceof Notice.Parked parked) {
                if (parked.key() != null) {
                    branch(out, parked.key());
                }
                said(out, parked.reason());
            } else if (notice instanceof Notice.Paused paused) {
                said(out, paused.reason());
                by(out, paused.by());
                if (paused.until() != null) {
                    out.writeStringField("until", WireRecords.time(paused.until()));
                }
            } else if (notice instanceof Notice.Unpaused unpaused) {
                by(out, unpaused.by());
            } else if (notice instanceof Notice.Unparked unparked) {
                by(out, unparked.by());
            } else if (notice instanceof Notice.PassFinished pass) {
                out.writeNumberField("number", pass.number());
            }
        });
    }

    private void attempt(JsonGenerator out, Attempt attempt) throws IOException {
        branch(out, attempt.key());
        out.writeNumberField("attempt", attempt.number());
        out.writeStringField("url", mask.url(attempt.url()));
        out.writeStringField("protocol", attempt.protocol().wire());
        out.writeStringField("outcome",
            attempt.outcome().kind().name().toLowerCase(Locale.ROOT));
        said(out, attempt.outcome().reason());
        out.writeNumberField("duration_ms", attempt.took().toMillis());
    }

    private static void by(JsonGenerator out, String caller) throws IOException {
        if (!caller.isEmpty()) {
            out.writeStringField("by", caller);
        }
    }

    private static void branch(JsonGenerator out, CallKey key) throws IOException {
        out.writeStringField("branch_id", key.branchId());
        out.writeStringField("op", key.op().wire());
    }

    private void said(JsonGenerator out, String reason) throws IOException {
        if (!reason.isEmpty()) {
            out.writeStringField("reason", mask.reason(reason));
        }
    }
}
