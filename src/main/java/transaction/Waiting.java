package transaction;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** What an unfinished transaction waits for, as its last fact left it. */
public enum Waiting {
    /** It has ended, or is in quarantine. */
    NOTHING(""),
    /** For its initiator: a submit, an abort, or the end of a workflow. */
    INITIATOR("initiator"),
    /** Until the delay that its initiator asked for is over. */
    DELAY("delay"),
    /** For the answer of a participant that is being called. */
    PARTICIPANT("participant"),
    /** Until a call that brought no success is made again. */
    RETRY("retry"),
    /** Until a call that this coordinator put off is made. */
    PUT_OFF("put-off"),
    /** Until a participant that is at work says by itself how it went. */
    CALLBACK("callback"),
    /** Until an operator has it go on. */
    PARKED("parked"),
    /** Until a pause is over. */
    PAUSED("paused");

    private final String wire;

    Waiting(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /** The cause of that name; none if there is no such cause. */
    public static Optional<Waiting> of(String wire) {
        return Stream.of(values()).filter(each -> each.wire.equals(wire)).findFirst();
    }

    static Waiting of(GlobalTransaction t) {
        if (t.isFinal() || t.isQuarantined()) {
            return NOTHING;
        }
        if (t.isParked()) {
            return PARKED;
        }
        if (t.isPaused()) {
            return PAUSED;
        }
        if (t.status() == Status.PREPARED) {
            return INITIATOR;
        }
        if (t.submission().details() instanceof Details.Delay delay && t.submittedAt() != null
                && t.submittedAt().plusSeconds(delay.seconds()).isAfter(t.updatedAt())) {
            return DELAY;
        }
        if (t.ops().stream().anyMatch(op -> !op.isSettled() && op.awaitedUntil() != null)) {
            return CALLBACK;
        }
        return t.ops().stream().filter(op -> waits(op, t.updatedAt())).findFirst()
            .map(op -> op.reason().startsWith(Outcome.PUT_OFF) ? PUT_OFF : RETRY)
            .orElse(PARTICIPANT);
    }

    private static boolean waits(BranchOp op, Instant at) {
        return !op.isSettled() && op.backoff().notBefore().isAfter(at);
    }
}
