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

    private Ongoing(Duration wait) {
        super("Not done yet; ask again in " + wait.toSeconds() + " s");
        this.wait = wait;
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
        return new Ongoing(Duration.ofSeconds(wait.toSeconds() + (wait.getNano() > 0 ? 1 : 0)));
    }

    /** In whole seconds, at least one. */
    public Duration untilAskedAgain() {
        return wait;
    }
}
