package transaction;

import java.time.Duration;
import java.time.Instant;

/**
 * How long one operation waits before it is called again.
 *
 * <p>UNKNOWN doubles the wait, since the participant may be down and should not be hammered by each
 * transaction it owes; ONGOING keeps it, since the participant is up and said so. The wait never
 * exceeds {@link Policy#retryIntervalMax()}, or the client's own interval where that is longer.
 *
 * @param interval the wait now in force; zero before the first one
 * @param notBefore when it ends; {@link Instant#EPOCH} if nothing is waited for
 * @param attempts calls that are on record as gone wrong; a participant that says it is at work
 *     counts only where a retry limit wants it to
 */
public record Backoff(Duration interval, Instant notBefore, int attempts) {

    public static final Backoff NONE = new Backoff(Duration.ZERO, Instant.EPOCH, 0);

    /** After UNKNOWN: twice the wait, or as long as the participant asked for. */
    Backoff doubled(Duration base, Duration asked, Moment moment) {
        Duration cap = greatest(base, moment.policy().retryIntervalMax());
        Duration twice = least(inForce(base).multipliedBy(2), cap);
        Duration wait = greatest(twice, least(asked, cap));
        return new Backoff(twice, moment.now().plus(wait), attempts + 1);
    }

    /** After ONGOING: the same wait again. */
    Backoff repeated(Duration base, Moment moment) {
        return new Backoff(inForce(base), moment.now().plus(inForce(base)), attempts);
    }

    /** Again at once, but counted. */
    Backoff immediate(Duration base, Instant now) {
        return new Backoff(inForce(base), now, attempts + 1);
    }

    /** The same with the present wait cut short. */
    Backoff hurried() {
        return new Backoff(interval, Instant.EPOCH, attempts);
    }

    Duration inForce(Duration base) {
        return interval.isZero() ? base : interval;
    }

    private static Duration greatest(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
