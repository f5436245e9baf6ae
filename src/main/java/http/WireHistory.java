package http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import security.Caller;
import transaction.BranchOp;
import transaction.Entry;
import transaction.Event;
import transaction.EventText;
import transaction.TransactionIndex;

/**
 * What has happened to a transaction, as operators read it: the events of the journal in order,
 * without what was sent to participants.
 */
final class WireHistory {

    private final PayloadMask mask;
    private final boolean isDtms;
    private final HistoryFields visitor;

    /** @param isDtms whether it is told beside DTM's paths; else as under {@code /api/v1} */
    private WireHistory(PayloadMask mask, boolean isDtms) {
        this.mask = mask;
        this.isDtms = isDtms;
        this.visitor = new HistoryFields(mask, this::time);
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
            long last = events(out, page);
            out.writeEndArray();
            out.writeStringField("next_position", page.more() ? String.valueOf(last) : "");
            HistoryFields.said(out, "quarantine", page.broken());
        });
    }

    /** The same as a page of a list under {@code /api/v1}. */
    byte[] items(TransactionIndex.Entries page) {
        return JsonOut.object(out -> {
            out.writeArrayFieldStart("items");
            long last = events(out, page);
            out.writeEndArray();
            TransactionJson.text(out, "next", page.more() ? String.valueOf(last) : "");
            TransactionJson.text(out, "quarantine", page.broken());
        });
    }

    /** The events of a page, within an array. @return the number of the last entry */
    long events(JsonGenerator out, TransactionIndex.Entries page) throws IOException {
        long number = page.first();
        for (Entry entry : page.entries()) {
            for (Event event : entry.events()) {
                event(out, number, event);
            }
            number++;
        }
        return number - 1;
    }

    private void event(JsonGenerator out, long number, Event event) throws IOException {
        if (event instanceof Event.BranchesJoined joined) {
            for (BranchOp op : joined.ops()) {
                begin(out, number, "joined", event.at());
                HistoryFields.branch(out, op.key());
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
        HistoryFields.Named fields = event.accept(visitor);
        begin(out, number, fields.name(), event.at());
        if (!isDtms) {
            out.writeStringField("text", mask.reason(EventText.of(event)));
        }
        fields.members().write(out);
        out.writeEndObject();
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
}
