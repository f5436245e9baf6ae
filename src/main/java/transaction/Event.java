package transaction;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A fact about one global transaction, as the journal keeps it.
 *
 * <p>Applying one is arithmetic on records: no clock, no network, no logging. The runtime applies
 * an event before its write is durable and again on each replay, so anything else done here would
 * be done too early and too often.
 */
public sealed interface Event {

    /** The transaction as it is once this has happened. */
    GlobalTransaction applyTo(GlobalTransaction before);

    /** When it happened, by the clock of the node that decided it. */
    Instant at();

    /** What {@code visitor} has for its kind. */
    <T> T accept(EventVisitor<T> visitor);

    /** Written for the first time, as PREPARED or as SUBMITTED. */
    record Opened(Submission submission, Status status, Instant at) implements Event {
        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.opened(submission, status, at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.opened(this);
        }
    }

    /**
     * A prepared transaction goes forward; what the submit said overrules what prepare said.
     *
     * @param attributes what it is found by from now on; empty if nothing was said
     */
    record Submitted(Options options, String customData, Details details,
            Map<String, String> attributes, Instant at) implements Event {

        public Submitted {
            attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        }

        /** Without a word on attributes. */
        public Submitted(Options options, String customData, Details details, Instant at) {
            this(options, customData, details, Map.of(), at);
        }

        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.submitted(
                before.submission().refinedBy(options, customData, details, attributes), at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.submitted(this);
        }
    }

    /** Branches registered with a prepared transaction, in this order. */
    record BranchesJoined(List<BranchOp> ops, Instant at) implements Event {
        public BranchesJoined {
            ops = List.copyOf(ops);
        }

        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.joined(ops, at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.branchesJoined(this);
        }
    }

    /** An operation got its verdict; {@code reason} is empty unless it failed. */
    record OpSettled(CallKey key, BranchStatus status, String reason, Instant at)
            implements Event {
        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.with(key, op -> op.settled(status, reason, at), at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.opSettled(this);
        }
    }

    /** A call ended without a verdict, or was put off, and waits to be made again. */
    record RetryScheduled(CallKey key, Backoff backoff, String reason, Instant at)
            implements Event {

        /** Whether the call was not made at all, so that nothing has gone wrong. */
        public boolean isPutOff() {
            return reason.startsWith(Outcome.PUT_OFF);
        }

        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.with(key, op -> isPutOff()
                ? op.putOff(backoff, reason, at) : op.tried(backoff, reason, at), at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.retryScheduled(this);
        }
    }

    /**
     * A participant is at work, and will say by itself how it went.
     *
     * @param until when it is called again if it has not
     */
    record Awaited(CallKey key, Instant until, String reason, Instant at) implements Event {
        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.with(key, op -> op.awaited(until, reason, at), at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.awaited(this);
        }
    }

    /**
     * Somebody asked to look now: no wait is in force any more.
     *
     * @param by who; empty if that is not known
     */
    record Hurried(String by, Instant at) implements Event {

        /** By nobody who is known. */
        public Hurried(Instant at) {
            this("", at);
        }

        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.hurried(at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.hurried(this);
        }
    }

    /**
     * An operation went wrong more often than its initiator allows, or may not be called at all, or
     * an operator wants it so: nothing is called any more.
     *
     * @param key which operation; null if an operator wants it so
     * @param by who; empty if nobody wants it
     */
    record Parked(CallKey key, String reason, String by, Instant at) implements Event {

        /** By no operator. */
        public Parked(CallKey key, String reason, Instant at) {
            this(key, reason, "", at);
        }

        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.parked(new transaction.Parked(key, reason, by, at));
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.parked(this);
        }
    }

    /**
     * An operator had it go on.
     *
     * @param by who; empty if that is not known
     */
    record Unparked(String by, Instant at) implements Event {
        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.unparked(at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.unparked(this);
        }
    }

    /**
     * An operator has nothing called for a while.
     *
     * @param until when it goes on by itself; null if somebody is to say so
     */
    record Paused(Instant until, String reason, String by, Instant at) implements Event {
        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.paused(new transaction.Paused(until, reason, by, at), at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.paused(this);
        }
    }

    /**
     * It goes on after it was paused.
     *
     * @param by who had it go on; empty if the time of the pause was over
     */
    record Unpaused(String by, Instant at) implements Event {
        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.paused(null, at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.unpaused(this);
        }
    }

    /** An operator passed over an operation: it counts as done. */
    record Skipped(CallKey key, String reason, String by, Instant at) implements Event {
        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            String text = Intervention.text("skipped by an operator", reason);
            return before.with(key, op -> op.settled(BranchStatus.SUCCEED, text, at), at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.skipped(this);
        }
    }

    /** An operator said how an operation went. */
    record Resolved(CallKey key, BranchStatus status, String reason, String by, Instant at)
            implements Event {
        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            String text = Intervention.text("resolved by an operator", reason);
            return before.with(key, op -> op.settled(status, text, at), at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.resolved(this);
        }
    }

    /** An operator corrected how an operation is called: so from now on. */
    record Changed(CallKey key, String url, Bytes payload, CallOptions options, String reason,
            String by, Instant at) implements Event {
        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.with(key, op -> op.changed(url, payload, options, at), at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.changed(this);
        }
    }

    /**
     * Going backward from now on.
     *
     * @param enabled saga: branches whose action may have been called, in the order of the steps;
     *     written down, because later facts can no longer tell
     * @param by the operator who wanted it; empty if nobody did
     */
    record TurnedBack(String reason, List<String> enabled, String by, Instant at)
            implements Event {
        public TurnedBack {
            enabled = List.copyOf(enabled);
        }

        /** By no operator. */
        public TurnedBack(String reason, List<String> enabled, Instant at) {
            this(reason, enabled, "", at);
        }

        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.turnedBack(reason, enabled, at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.turnedBack(this);
        }
    }

    /** The end. {@code result} is what a workflow returned; {@code reason} why it failed. */
    record Ended(Status status, String reason, String result, Instant at) implements Event {
        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.became(status, reason, result, at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.ended(this);
        }
    }

    /**
     * An operator ended it; atomicity is theirs to restore.
     *
     * @param status SUCCEED or FAILED, as the operator wanted
     * @param by who; empty if that is not known
     */
    record ForceStopped(Status status, String reason, String by, Instant at) implements Event {

        /** As failed, without a reason. */
        public ForceStopped(String by, Instant at) {
            this(Status.FAILED, "", by, at);
        }

        /** By nobody who is known. */
        public ForceStopped(Instant at) {
            this("", at);
        }

        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.became(
                status, Intervention.text("stopped by force", reason), "", at);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.forceStopped(this);
        }
    }

    /**
     * Never written: stands in for a history that was removed after its end, so that the id is
     * known to have been used. Whatever came before is forgotten.
     */
    record Removed(Instant at) implements Event {
        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return GlobalTransaction.REMOVED;
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.removed(this);
        }
    }

    /**
     * Never written: stands in for a history that cannot be read or does not add up, so that the
     * transaction can say so itself and no call is made on its behalf.
     */
    record Quarantined(String reason, Instant at) implements Event {
        @Override
        public GlobalTransaction applyTo(GlobalTransaction before) {
            return before.quarantined(reason);
        }

        @Override
        public <T> T accept(EventVisitor<T> visitor) {
            return visitor.quarantined(this);
        }
    }
}
