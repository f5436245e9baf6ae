package transaction;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;

/** Events of a history in words, a sentence each. */
public final class EventText implements EventVisitor<String> {

    private static final EventText TEXT = new EventText();

    private EventText() {}

    public static String of(Event event) {
        return event.accept(TEXT);
    }

    /** Of an operation that joined. */
    public static String joined(BranchOp op) {
        return name(op.key()) + " joined";
    }

    @Override
    public String opened(Event.Opened event) {
        return "opened as a " + event.submission().mode().wire() + ", "
            + event.status().wire();
    }

    @Override
    public String submitted(Event.Submitted event) {
        return "submitted: from now on it is carried out";
    }

    @Override
    public String branchesJoined(Event.BranchesJoined event) {
        return event.ops().stream().map(EventText::joined).collect(Collectors.joining(", "));
    }

    @Override
    public String opSettled(Event.OpSettled event) {
        return name(event.key()) + (event.status() == BranchStatus.SUCCEED
            ? " succeeded" : " failed") + because(event.reason());
    }

    @Override
    public String retryScheduled(Event.RetryScheduled event) {
        return name(event.key()) + (event.isPutOff() ? " was put off until "
            : " brought no success; it waits until ") + time(event.backoff().notBefore())
            + because(event.reason());
    }

    @Override
    public String awaited(Event.Awaited event) {
        return name(event.key()) + " is completed by its participant, which has time until "
            + time(event.until());
    }

    @Override
    public String hurried(Event.Hurried event) {
        return "no wait is in force any more: it is tried at once" + by(event.by());
    }

    @Override
    public String parked(Event.Parked event) {
        return "parked" + (event.key() == null ? "" : " for " + name(event.key()))
            + ": nothing is called until it is unparked" + by(event.by())
            + because(event.reason());
    }

    @Override
    public String unparked(Event.Unparked event) {
        return "unparked: it goes on" + by(event.by());
    }

    @Override
    public String paused(Event.Paused event) {
        return "paused" + (event.until() == null ? "" : " until " + time(event.until()))
            + by(event.by()) + because(event.reason());
    }

    @Override
    public String unpaused(Event.Unpaused event) {
        return "resumed: it goes on where it stood" + by(event.by());
    }

    @Override
    public String skipped(Event.Skipped event) {
        return name(event.key()) + " was passed over" + by(event.by())
            + because(event.reason());
    }

    @Override
    public String resolved(Event.Resolved event) {
        return name(event.key()) + " was taken as "
            + (event.status() == BranchStatus.SUCCEED ? "done" : "refused") + by(event.by())
            + because(event.reason());
    }

    @Override
    public String changed(Event.Changed event) {
        return name(event.key()) + " is called otherwise from now on" + by(event.by())
            + because(event.reason());
    }

    @Override
    public String turnedBack(Event.TurnedBack event) {
        return "turned back: what was done is undone from now on" + because(event.reason());
    }

    @Override
    public String ended(Event.Ended event) {
        return (event.status() == Status.SUCCEED ? "succeeded" : "failed")
            + because(event.reason());
    }

    @Override
    public String forceStopped(Event.ForceStopped event) {
        return "ended by force as " + event.status().wire() + by(event.by())
            + because(event.reason());
    }

    @Override
    public String removed(Event.Removed event) {
        return "removed after its end; what happened is not kept";
    }

    @Override
    public String quarantined(Event.Quarantined event) {
        return "its history cannot be trusted" + because(event.reason());
    }

    private static String name(CallKey key) {
        return key.branchId() + " " + key.op().wire();
    }

    private static String by(String who) {
        return who.isEmpty() ? "" : ", by " + who;
    }

    private static String because(String reason) {
        return reason.isEmpty() ? "" : ": " + reason;
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
