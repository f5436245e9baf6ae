package http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Function;
import transaction.CallKey;
import transaction.Event;
import transaction.EventVisitor;
import transaction.Status;

/** What a history says of an event of each kind, besides its number, time and text. */
final class HistoryFields implements EventVisitor<HistoryFields.Named> {

    /** Writes members of an object. */
    @FunctionalInterface
    interface Members {

        void write(JsonGenerator out) throws IOException;
    }

    /** @param name of the kind */
    record Named(String name, Members members) {}

    private final PayloadMask mask;
    private final Function<Instant, String> time;

    HistoryFields(PayloadMask mask, Function<Instant, String> time) {
        this.mask = mask;
        this.time = time;
    }

    @Override
    public Named opened(Event.Opened event) {
        return new Named("opened", out -> {
            out.writeStringField("trans_type", event.submission().mode().wire());
            status(out, event.status());
        });
    }

    @Override
    public Named submitted(Event.Submitted event) {
        return new Named("submitted", out -> status(out, Status.SUBMITTED));
    }

    /** Of its operations each has an object of its own. */
    @Override
    public Named branchesJoined(Event.BranchesJoined event) {
        return new Named("joined", out -> { });
    }

    @Override
    public Named opSettled(Event.OpSettled event) {
        return new Named("settled", out -> {
            branch(out, event.key());
            out.writeStringField("branch_status", event.status().wire());
            reason(out, event.reason());
        });
    }

    @Override
    public Named retryScheduled(Event.RetryScheduled event) {
        return new Named("retry", out -> {
            branch(out, event.key());
            out.writeNumberField("attempts", event.backoff().attempts());
            reason(out, event.reason());
            out.writeStringField("not_before", time.apply(event.backoff().notBefore()));
            if (event.isPutOff()) {
                out.writeBooleanField("put_off", true);
            }
        });
    }

    @Override
    public Named awaited(Event.Awaited event) {
        return new Named("awaited", out -> {
            branch(out, event.key());
            reason(out, event.reason());
            out.writeStringField("until", time.apply(event.until()));
        });
    }

    @Override
    public Named hurried(Event.Hurried event) {
        return new Named("hurried", out -> by(out, event.by()));
    }

    @Override
    public Named parked(Event.Parked event) {
        return new Named("parked", out -> {
            if (event.key() != null) {
                branch(out, event.key());
            }
            because(out, event.reason(), event.by());
        });
    }

    @Override
    public Named unparked(Event.Unparked event) {
        return new Named("unparked", out -> by(out, event.by()));
    }

    @Override
    public Named paused(Event.Paused event) {
        return new Named("paused", out -> {
            because(out, event.reason(), event.by());
            if (event.until() != null) {
                out.writeStringField("until", time.apply(event.until()));
            }
        });
    }

    @Override
    public Named unpaused(Event.Unpaused event) {
        return new Named("resumed", out -> by(out, event.by()));
    }

    @Override
    public Named skipped(Event.Skipped event) {
        return new Named("skipped", out -> {
            branch(out, event.key());
            because(out, event.reason(), event.by());
        });
    }

    @Override
    public Named resolved(Event.Resolved event) {
        return new Named("resolved", out -> {
            branch(out, event.key());
            out.writeStringField("branch_status", event.status().wire());
            because(out, event.reason(), event.by());
        });
    }

    @Override
    public Named changed(Event.Changed event) {
        return new Named("changed", out -> {
            branch(out, event.key());
            said(out, "url", mask.url(event.url()));
            because(out, event.reason(), event.by());
        });
    }

    @Override
    public Named turnedBack(Event.TurnedBack event) {
        return new Named("turned_back", out -> {
            status(out, Status.ABORTING);
            because(out, event.reason(), event.by());
        });
    }

    @Override
    public Named ended(Event.Ended event) {
        return new Named("ended", out -> {
            status(out, event.status());
            reason(out, event.reason());
        });
    }

    @Override
    public Named forceStopped(Event.ForceStopped event) {
        return new Named("stopped", out -> {
            status(out, event.status());
            because(out, event.reason(), event.by());
        });
    }

    @Override
    public Named removed(Event.Removed event) {
        return new Named("removed", out -> { });
    }

    @Override
    public Named quarantined(Event.Quarantined event) {
        return new Named("quarantined", out -> reason(out, event.reason()));
    }

    private void because(JsonGenerator out, String reason, String who) throws IOException {
        reason(out, reason);
        by(out, who);
    }

    private void reason(JsonGenerator out, String reason) throws IOException {
        said(out, "reason", mask.reason(reason));
    }

    static void by(JsonGenerator out, String who) throws IOException {
        said(out, "by", who);
    }

    static void branch(JsonGenerator out, CallKey key) throws IOException {
        out.writeStringField("branch_id", key.branchId());
        out.writeStringField("op", key.op().wire());
    }

    private static void status(JsonGenerator out, Status status) throws IOException {
        out.writeStringField("status", status.wire());
    }

    static void said(JsonGenerator out, String key, String value) throws IOException {
        if (!value.isEmpty()) {
            out.writeStringField(key, value);
        }
    }
}
