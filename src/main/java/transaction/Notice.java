package transaction;

import java.time.Instant;

/**
 * Something that has happened to a transaction, as it is told to those who watch. Small: it holds
 * no payload and no state, so that many can be kept.
 */
public sealed interface Notice {

    /** Whom it is about. */
    Subject subject();

    /** When it happened, by the clock of the node that decided it. */
    Instant at();

    /** What {@code visitor} has for its kind. */
    <T> T accept(NoticeVisitor<T> visitor);

    /** The bytes it takes in memory, roughly. */
    default int weight() {
        return Subject.WEIGHT + 2 * subject().gid().length();
    }

    /** @param status where the transaction stood once this had happened */
    record Subject(String gid, Mode mode, Status status) {

        /** Of a notice and its subject without their texts. */
        static final int WEIGHT = 160;

        /** The gid as its client wrote it: {@link #gid} without the namespace. */
        public String ownGid() {
            return TransactionId.gidOf(gid);
        }
    }

    /** It was written down for the first time. */
    record Created(Subject subject, Instant at) implements Notice {
        @Override
        public <T> T accept(NoticeVisitor<T> visitor) {
            return visitor.created(this);
        }
    }

    /** Its status is another one now. */
    record StatusChanged(Subject subject, Status from, String reason, Instant at)
            implements Notice {
        @Override
        public int weight() {
            return Notice.super.weight() + 2 * reason.length();
        }

        @Override
        public <T> T accept(NoticeVisitor<T> visitor) {
            return visitor.statusChanged(this);
        }
    }

    /** An operation got its verdict; of a workflow: a step was recorded. */
    record BranchSettled(
            Subject subject, CallKey key, BranchStatus verdict, String reason, Instant at)
            implements Notice {
        @Override
        public int weight() {
            return Notice.super.weight() + 2 * reason.length();
        }

        @Override
        public <T> T accept(NoticeVisitor<T> visitor) {
            return visitor.branchSettled(this);
        }
    }

    /** A call came back, and what follows from it is durable. */
    record Attempted(Subject subject, Attempt attempt, Instant at) implements Notice {
        @Override
        public int weight() {
            return Notice.super.weight() + Subject.WEIGHT
                + 2 * (attempt.url().length() + attempt.outcome().reason().length());
        }

        @Override
        public <T> T accept(NoticeVisitor<T> visitor) {
            return visitor.attempted(this);
        }
    }

    /**
     * An operation waits to be called again.
     *
     * @param putOff whether it was due and was not called, for a reason of this node's own
     */
    record RetryScheduled(
            Subject subject, CallKey key, Instant notBefore, boolean putOff, Instant at)
            implements Notice {
        @Override
        public <T> T accept(NoticeVisitor<T> visitor) {
            return visitor.retryScheduled(this);
        }
    }

    /**
     * Nothing is called any more until an operator has it go on.
     *
     * @param key for which operation; null if an operator wants it so
     */
    record Parked(Subject subject, CallKey key, String reason, Instant at) implements Notice {
        @Override
        public int weight() {
            return Notice.super.weight() + 2 * reason.length();
        }

        @Override
        public <T> T accept(NoticeVisitor<T> visitor) {
            return visitor.parked(this);
        }
    }

    /** @param by the operator that had it go on; empty if that is not known */
    record Unparked(Subject subject, String by, Instant at) implements Notice {
        @Override
        public <T> T accept(NoticeVisitor<T> visitor) {
            return visitor.unparked(this);
        }
    }

    /**
     * An operator has nothing called for a while.
     *
     * @param until when it goes on by itself; null if somebody is to say so
     */
    record Paused(Subject subject, Instant until, String reason, String by, Instant at)
            implements Notice {
        @Override
        public int weight() {
            return Notice.super.weight() + 2 * (reason.length() + by.length());
        }

        @Override
        public <T> T accept(NoticeVisitor<T> visitor) {
            return visitor.paused(this);
        }
    }

    /** @param by the operator that had it go on; empty if its time was over */
    record Unpaused(Subject subject, String by, Instant at) implements Notice {
        @Override
        public <T> T accept(NoticeVisitor<T> visitor) {
            return visitor.unpaused(this);
        }
    }

    /**
     * Whatever a submit, an abort, a timer, a wake or a retry had set off has come to rest.
     *
     * @param number counts the passes of one node since it started, from 1
     */
    record PassFinished(Subject subject, long number, Instant at) implements Notice {
        @Override
        public <T> T accept(NoticeVisitor<T> visitor) {
            return visitor.passFinished(this);
        }
    }
}
