package http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import security.Caller;
import transaction.BranchOp;
import transaction.CallKey;
import transaction.Entry;
import transaction.Event;
import transaction.EventText;
import transaction.Status;
import transaction.TransactionIndex;

/**
 * What has happened to a transaction, as operators read it: the events of the journal in order,
 * without what was sent to participants.
 */
final class WireHistory {

    private final PayloadMask mask;
    private final boolean isDtms;

    /** @param isDtms whether it is told beside DTM's paths; else as under {@code /api/v1} */
    private WireHistory(PayloadMask mask, boolean isDtms) {
        this.mask = mask;
        this.isDtms = isDtms;
    }

    /** As {@code caller} may read it. */
    static WireHistory readableBy(Caller caller) {
        return new WireHistory(PayloadMask.of(caller), true);
    }

    /** The same with a sentence for each event, and keys and times as under {@code /api/v1}. */
    static WireHistory wordedFor(Caller caller) {
        return new WireHistory(PayloadMask.of(caller), false);
    }

    byte[] page(String gid, TransactionIndex.Entries page) {
        return JsonOut.object(out -> {
            out.writeStringField("gid", gid);
            out.writeArrayFieldStart("events");
            long number = page.first();
            for (Entry entry : page.entries()) {
                for (Event event : entry.events()) {
                    event(out, number, event);
                }
                number++;
            }
            out.writeEndArray();
            out.writeStringField("next_position", page.more() ? String.valueOf(number - 1) : "");
            said(out, "quarantine", page.broken());
        });
    }

    /** The same as a page of a list under {@code /api/v1}. */
    byte[] items(TransactionIndex.Entries page) {
        return JsonOut.object(out -> {
            out.writeArrayFieldStart("items");
            long number = page.first();
            for (Entry entry : page.entries()) {
                for (Event event : entry.events()) {
                    event(out, number, event);
                }
                number++;
            }
            out.writeEndArray();
            TransactionJson.text(out, "next", page.more() ? String.valueOf(number - 1) : "");
            TransactionJson.text(out, "quarantine", page.broken());
        });
    }

    private void event(JsonGenerator out, long number, Event event) throws IOException {
        if (event instanceof Event.BranchesJoined joined) {
            for (BranchOp op : joined.ops()) {
                begin(out, number, "joined", event.at());
                branch(out, op.key());
                if (!isDtms) {
                    out.writeStringField("text", EventText.joined(op));
                }
                if (op.isSettled()) {
                    out.writeStringField("branch_status", op.status().wire());
                }
                out.writeEndObject();
            }
            return;
        }
        begin(out, number, name(event), event.at());
        if (!isDtms) {
            out.writeStringField("text", mask.reason(EventText.of(event)));
        }
        if (event instanceof Event.Opened opened) {
            out.writeStringField("trans_type", opened.submission().mode().wire());
            status(out, opened.status());
        } else if (event instanceof Event.Submitted) {
            status(out, Status.SUBMITTED);
        } else if (event instanceof Event.OpSettled settled) {
            branch(out, settled.key());
            out.writeStringField("branch_status", settled.status().wire());
            said(out, "reason", mask.reason(settled.reason()));
        } else if (event instanceof Event.RetryScheduled retry) {
            retry(out, retry);
        } else if (event instanceof Event.TurnedBack back) {
            status(out, Status.ABORTING);
            said(out, "reason", mask.reason(back.reason()));
            said(out, "by", back.by());
        } else if (event instanceof Event.Ended ended) {
            status(out, ended.status());
            said(out, "reason", mask.reason(ended.reason()));
        } else if (event instanceof Event.ForceStopped stopped) {
            status(out, stopped.status());
            said(out, "reason", mask.reason(stopped.reason()));
            said(out, "by", stopped.by());
        } else if (event instanceof Event.Hurried hurried) {
            said(out, "by", hurried.by());
        } else if (event instanceof Event.Parked parked) {
            if (parked.key() != null) {
                branch(out, parked.key());
            }
            said(out, "reason", mask.reason(parked.reason()));
            said(out, "by", parked.by());
        } else if (event instanceof Event.Awaited awaited) {
            branch(out, awaited.key());
            said(out, "reason", mask.reason(awaited.reason()));
            out.writeStringField("until", time(awaited.until()));
        } else if (event instanceof Event.Unparked unparked) {
            said(out, "by", unparked.by());
        } else {
            byHand(out, event);
        }
        out.writeEndObject();
    }

    /** What an operator did to one operation, or to all of it for a while. */
    private void byHand(JsonGenerator out, Event event) throws IOException {
        if (event instanceof Event.Paused paused) {
            said(out, "reason", mask.reason(paused.reason()));
            said(out, "by", paused.by());
            if (paused.until() != null) {
                out.writeStringField("until", time(paused.until()));
            }
        } else if (event instanceof Event.Unpaused unpaused) {
            said(out, "by", unpaused.by());
        } else if (event instanceof Event.Skipped skipped) {
            branch(out, skipped.key());
            said(out, "reason", mask.reason(skipped.reason()));
            said(out, "by", skipped.by());
        } else if (event instanceof Event.Resolved resolved) {
            branch(out, resolved.key());
            out.writeStringField("branch_status", resolved.status().wire());
            said(out, "reason", mask.reason(resolved.reason()));
            said(out, "by", resolved.by());
        } else if (event instanceof Event.Changed changed) {
            branch(out, changed.key());
            said(out, "url", mask.url(changed.url()));
            said(out, "reason", mask.reason(changed.reason()));
            said(out, "by", changed.by());
        }
    }

    private void retry(JsonGenerator out, Event.RetryScheduled retry) throws IOException {
        branch(out, retry.key());
        out.writeNumberField("attempts", retry.backoff().attempts());
        said(out, "reason", mask.reason(retry.reason()));
        out.writeStringField("not_before", time(retry.backoff().notBefore()));
        if (retry.isPutOff()) {
            out.writeBooleanField("put_off", true);
        }
    }

    private static String name(Event event) {
        if (event instanceof Event.Opened) {
            return "opened";
        }
        if (event instanceof Event.Submitted) {
            return "submitted";
        }
        if (event instanceof Event.OpSettled) {
            return "settled";
        }
        if (event instanceof Event.RetryScheduled) {
            return "retry";
        }
        if (event instanceof Event.Hurried) {
            return "hurried";
        }
        if (event instanceof Event.TurnedBack) {
            return "turned_back";
        }
        if (event instanceof Event.Awaited) {
            return "awaited";
        }
        if (event instanceof Event.Parked) {
            return "parked";
        }
        if (event instanceof Event.Unparked) {
            return "unparked";
        }
        if (event instanceof Event.Paused) {
            return "paused";
        }
        if (event instanceof Event.Unpaused) {
            return "resumed";
        }
        if (event instanceof Event.Skipped) {
            return "skipped";
        }
        if (event instanceof Event.Resolved) {
            return "resolved";
        }
        if (event instanceof Event.Changed) {
            return "changed";
        }
        if (event instanceof Event.Ended) {
            return "ended";
        }
        return event instanceof Event.ForceStopped ? "stopped" : "removed";
    }

    /** When it was removed is not kept. */
    private void begin(JsonGenerator out, long number, String event, Instant at)
            throws IOException {
        out.writeStartObject();
        out.writeNumberField(isDtms ? "entry" : "number", number);
        if (at.isAfter(Instant.EPOCH)) {
            out.writeStringField(isDtms ? "time" : "at", time(at));
        }
        out.writeStringField("event", event);
    }

    private String time(Instant at) {
        return isDtms ? WireRecords.time(at) : Times.text(at);
    }

    private static void branch(JsonGenerator out, CallKey key) throws IOException {
        out.writeStringField("branch_id", key.branchId());
        out.writeStringField("op", key.op().wire());
    }

    private static void status(JsonGenerator out, Status status) throws IOException {
        out.writeStringField("status", status.wire());
    }

    private static void said(JsonGenerator out, String key, String value) throws IOException {
        if (!value.isEmpty()) {
            out.writeStringField(key, value);
        }
    }
}
