package transaction;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Events of a history in words, a sentence each. */
public final class EventText {

    private EventText() {}

    public static String of(Event event) {
        if (event instanceof Event.Opened opened) {
            return "opened as a " + opened.submission().mode().wire() + ", "
                + opened.status().wire();
        }
        if (event instanceof Event.Submitted) {
            return "submitted: from now on it is carried out";
        }
        if (event instanceof Event.OpSettled settled) {
            return name(settled.key()) + (settled.status() == BranchStatus.SUCCEED
                ? " succeeded" : " failed") + because(settled.reason());
        }
        if (event instanceof Event.RetryScheduled retry) {
            return name(retry.key()) + (retry.isPutOff() ? " was put off until "
                : " brought no success; it waits until ") + time(retry.backoff().notBefore())
                + because(retry.reason());
        }
        if (event instanceof Event.Awaited awaited) {
            return name(awaited.key()) + " is completed by its participant, which has time until "
                + time(awaited.until());
        }
        if (event instanceof Event.TurnedBack back) {
            return "turned back: what was done is undone from now on" + because(back.reason());
        }
        if (event instanceof Event.Ended ended) {
            return (ended.status() == Status.SUCCEED ? "succeeded" : "failed")
                + because(ended.reason());
        }
        if (event instanceof Event.Removed) {
            return "removed after its end; what happened is not kept";
        }
        return event instanceof Event.Quarantined broken
            ? "its history cannot be trusted" + because(broken.reason()) : byHand(event);
    }

    /** Of an operation that joined. */
    public static String joined(BranchOp op) {
        return name(op.key()) + " joined";
    }

    private static String byHand(Event event) {
        if (event instanceof Event.Hurried hurried) {
            return "no wait is in force any more: it is tried at once" + by(hurried.by());
        }
        if (event instanceof Event.Parked parked) {
            return "parked" + (parked.key() == null ? "" : " for " + name(parked.key()))
                + ": nothing is called until it is unparked" + by(parked.by())
                + because(parked.reason());
        }
        if (event instanceof Event.Unparked unparked) {
            return "unparked: it goes on" + by(unparked.by());
        }
        if (event instanceof Event.Paused paused) {
            return "paused" + (paused.until() == null ? "" : " until " + time(paused.until()))
                + by(paused.by()) + because(paused.reason());
        }
        if (event instanceof Event.Unpaused unpaused) {
            return "resumed: it goes on where it stood" + by(unpaused.by());
        }
        if (event instanceof Event.Skipped skipped) {
            return name(skipped.key()) + " was passed over" + by(skipped.by())
                + because(skipped.reason());
        }
        if (event instanceof Event.Resolved resolved) {
            return name(resolved.key()) + " was taken as "
                + (resolved.status() == BranchStatus.SUCCEED ? "done" : "refused")
                + by(resolved.by()) + because(resolved.reason());
        }
        if (event instanceof Event.Changed changed) {
            return name(changed.key()) + " is called otherwise from now on" + by(changed.by())
                + because(changed.reason());
        }
        if (event instanceof Event.ForceStopped stopped) {
            return "ended by force as " + stopped.status().wire() + by(stopped.by())
                + because(stopped.reason());
        }
        return event.getClass().getSimpleName();
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
