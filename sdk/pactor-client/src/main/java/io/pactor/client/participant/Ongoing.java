package io.pactor.client.participant;

import java.time.Duration;
import java.util.Objects;

/**
 * The work has been started and is not done yet. A participant throws it; the coordinator is
 * answered 425 with {@code Retry-After}, and calls again after that time at the earliest.
 *
 * <p>The transaction of the call rolls back, so what has been started must be on record elsewhere.
 */
public final class Ongoing extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Duration wait;
    private final boolean completes;

    private Ongoing(Duration wait, boolean completes) {
        super("Not done yet; ask again in " + wait.toSeconds() + " s");
        this.wait = wait;
        this.completes = completes;
    }

    /**
     * Not done, and not before that time.
     *
     * @param wait more than zero; rounded up to whole seconds, as the answer can say no less
     * @throws IllegalArgumentException if it is zero or less
     */
    public static Ongoing askAgainIn(Duration wait) {
        if (Objects.requireNonNull(wait).isZero() || wait.isNegative()) {
            throw new IllegalArgumentException("ask again in " + wait + ": not more than zero");
        }
        return new Ongoing(upToSeconds(wait), false);
    }

    /**
     * Not done, and whoever does it will say by itself how it went, with the {@link CallBack} of
     * the call. Until that time is over the coordinator does not call again; then it does, as after
     * an answer that it did not get. One that knows no call-backs calls again after that time.
     *
     * @param time more than zero, in whole seconds, rounded up; the coordinator cuts it at 31 days
     * @throws IllegalArgumentException if it is zero or less
     */
    public static Ongoing untilCompleted(Duration time) {
        if (Objects.requireNonNull(time).isZero() || time.isNegative()) {
            throw new IllegalArgumentException("completed within " + time + ": not more than zero");
        }
        return new Ongoing(upToSeconds(time), true);
    }

    private static Duration upToSeconds(Duration time) {
        return Duration.ofSeconds(time.toSeconds() + (time.getNano() > 0 ? 1 : 0));
    }

    /** Whether the coordinator is told by itself how it went, and need not ask before. */
    public boolean isCompletedByItself() {
        return completes;
    }

    /** In whole seconds, at least one. */
    public Duration untilAskedAgain() {
        return wait;
    }
}
