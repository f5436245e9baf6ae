package transaction;

import java.time.Duration;

/**
 * What a branch call brought back.
 *
 * <p>Only SUCCESS, FAILURE and ONGOING are answers; whatever else happened (no connection, a
 * time-out, a 500, garbage) is UNKNOWN, because the participant may or may not have done its work.
 *
 * @param kind which of the four it is
 * @param reason what the participant or the network said, for people; empty on success; at most
 *     {@link Limits#REASON_CHARS} characters are kept
 * @param retryAfter how long the participant asked us to stay away ({@code Retry-After}); zero if
 *     it did not say
 */
public record Outcome(Kind kind, String reason, Duration retryAfter) {

    /** The four outcomes of the protocol. */
    public enum Kind {
        SUCCESS,
        FAILURE,
        ONGOING,
        UNKNOWN
    }

    public static final Outcome SUCCESS = new Outcome(Kind.SUCCESS, "", Duration.ZERO);

    public Outcome {
        reason = Limits.cut(reason, Limits.REASON_CHARS);
        if (retryAfter.isNegative()) {
            retryAfter = Duration.ZERO;
        }
    }

    public static Outcome failure(String reason) {
        return new Outcome(Kind.FAILURE, reason, Duration.ZERO);
    }

    public static Outcome ongoing(String reason) {
        return new Outcome(Kind.ONGOING, reason, Duration.ZERO);
    }

    public static Outcome unknown(String reason) {
        return new Outcome(Kind.UNKNOWN, reason, Duration.ZERO);
    }

    /** The same, asking to be left alone for {@code wait}. */
    public Outcome retryAfter(Duration wait) {
        return new Outcome(kind, reason, wait);
    }
}
