package transaction;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** An outcome of a call that still matters, and what follows from it. */
record BranchAnswer(GlobalTransaction t, BranchOp op, Outcome outcome, Moment moment) {

    /** Empty if nothing follows: a verdict is taken once, from one that has not ended. */
    static Optional<BranchAnswer> of(
            GlobalTransaction t, Command.BranchReturned returned, Moment moment) {
        return t.op(returned.key())
            .filter(op -> !t.isFinal() && !op.isSettled()
                && (op != t.inquiry() || t.status() == Status.PREPARED))
            .map(op -> new BranchAnswer(t, op, returned.outcome(), moment));
    }

    /** What follows if nobody has said how {@code op} went, in the time that was asked for. */
    static Event lapsed(GlobalTransaction t, BranchOp op, Moment moment) {
        return new BranchAnswer(t, op,
            Outcome.unknown("its call-back did not come in time"), moment).retry();
    }

    private Event retry() {
        return new Event.RetryScheduled(op.key(), next(), outcome.reason(), moment.now());
    }

    /** The facts. */
    Ruling ruling() {
        Instant now = moment.now();
        Verdict verdict = verdict();
        if (settles() && op == t.inquiry()) {
            return new Ruling(t.mode().answered(t, verdict, outcome, now), Reply.DONE, null);
        }
        if (settles()) {
            return Ruling.accept(verdict == Verdict.SUCCEEDED
                ? new Event.OpSettled(op.key(), BranchStatus.SUCCEED, "", now)
                : new Event.OpSettled(op.key(), BranchStatus.FAILED, outcome.reason(), now));
        }
        if (verdict == Verdict.FORBIDDEN) {
            return isLate() || t.isParked() ? Ruling.accept()
                : Ruling.accept(new Event.Parked(op.key(), outcome.reason(), now));
        }
        if (isAwaited()) {
            return Ruling.accept(new Event.Awaited(
                op.key(), now.plus(outcome.callback()), outcome.reason(), now));
        }
        return isLate() || isPause() ? Ruling.accept()
            : Ruling.accept(retry());
    }

    /** What is known beyond the facts; {@code after} is that without what this tells. */
    Live remember(Live after) {
        if (settles()) {
            return after.settled(op.key());
        }
        if (verdict() == Verdict.FORBIDDEN) {
            return after;
        }
        Live known = after.trying(op, outcome, moment.now());
        return isPause() ? known.pausing(op.key(), next().notBefore()) : known;
    }

    private Verdict verdict() {
        return switch (outcome.kind()) {
            case PUT_OFF -> Verdict.PUT_OFF;
            case FORBIDDEN -> Verdict.FORBIDDEN;
            default -> t.mode().verdict(t, op, outcome);
        };
    }

    boolean settles() {
        Verdict verdict = verdict();
        return verdict == Verdict.SUCCEEDED || verdict == Verdict.FAILED;
    }

    /** An action that was on its way when the saga turned back is not called again. */
    private boolean isLate() {
        return t.status() == Status.ABORTING && op.op() == Op.ACTION;
    }

    /** Its participant says by itself how it went; an initiator that drives is just called. */
    private boolean isAwaited() {
        return outcome.callback().compareTo(Duration.ZERO) > 0 && !isLate()
            && op.op() != Op.RESUME;
    }

    /** Nothing was learned and the wait is short: it is kept in memory only. */
    private boolean isPause() {
        Duration base = t.retryInterval(op, moment.policy());
        Verdict verdict = verdict();
        boolean learnsNothing = verdict == Verdict.AGAIN
            || verdict == Verdict.AGAIN_AFRESH && op.backoff().inForce(base).equals(base);
        return learnsNothing && !isLate() && !isAwaited()
            && !next().notBefore().isAfter(moment.now().plus(moment.policy().holdInMemory()));
    }

    private Backoff next() {
        Duration base = t.retryInterval(op, moment.policy());
        Duration asked = outcome.retryAfter();
        String name = t.gid() + op.branchId() + op.op().wire();
        return switch (verdict()) {
            case AGAIN -> op.backoff().repeated(base, asked, moment);
            case AGAIN_AFRESH -> Backoff.NONE.repeated(base, asked, moment);
            case AGAIN_AT_ONCE -> op.backoff().immediate(base, asked, moment);
            case PUT_OFF -> op.backoff().putOff(base, moment, name);
            default -> op.backoff().doubled(base, asked, moment, name);
        };
    }
}
