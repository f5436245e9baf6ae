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
 * <p>A part of a wait that was doubled is left to chance ({@link Policy#retryJitter()}), so that
 * those who failed at one moment do not come back at one moment. It is never longer for that, and
 * never shorter than the client's own interval or what the participant asked for.
 *
 * @param interval the wait now in force; zero before the first one
 * @param notBefore when it ends; {@link Instant#EPOCH} if nothing is waited for
 * @param attempts calls that are on record as gone wrong; a participant that says it is at work
 *     counts only where a retry limit wants it to
 */
public record Backoff(Duration interval, Instant notBefore, int attempts) {

    /** Ten bits: a wait of a minute comes out in steps of 60 ms. */
    private static final long DRAWN = 1_023;

    public static final Backoff NONE = new Backoff(Duration.ZERO, Instant.EPOCH, 0);

    /**
     * After UNKNOWN: twice the wait, or as long as the participant asked for.
     *
     * @param name of what waits; together with the moment it decides what is left to chance
     */
    Backoff doubled(Duration base, Duration asked, Moment moment, String name) {
        Duration cap = greatest(base, moment.policy().retryIntervalMax());
        Duration twice = least(inForce(base).multipliedBy(2), cap);
        Duration granted = granted(base, asked, moment);
        Duration longest = greatest(twice, granted);
        Duration shortest = greatest(greatest(base, granted), longest
            .multipliedBy(100 - moment.policy().retryJitter()).dividedBy(100));
        Duration chance = longest.minus(shortest).multipliedBy(draw(name, moment)).dividedBy(DRAWN);
        return new Backoff(twice, moment.now().plus(shortest).plus(chance), attempts + 1);
    }

    /** A call that was not made waits as after UNKNOWN, but it was no try. */
    Backoff putOff(Duration base, Moment moment, String name) {
        Backoff later = doubled(base, Duration.ZERO, moment, name);
        return new Backoff(later.interval, later.notBefore, attempts);
    }

    /** After ONGOING: the same wait again, or as long as the participant asked for. */
    Backoff repeated(Duration base, Duration asked, Moment moment) {
        Duration wait = greatest(inForce(base), granted(base, asked, moment));
        return new Backoff(inForce(base), moment.now().plus(wait), attempts);
    }

    /** Counted, and again at once, or after as long as the participant asked for. */
    Backoff immediate(Duration base, Duration asked, Moment moment) {
        return new Backoff(inForce(base), moment.now().plus(granted(base, asked, moment)),
            attempts + 1);
    }

    /** Of what a participant asks for, what no wait exceeds. */
    private static Duration granted(Duration base, Duration asked, Moment moment) {
        return least(asked, greatest(base, moment.policy().retryIntervalMax()));
    }

    /** The same with the present wait cut short. */
    Backoff hurried() {
        return new Backoff(interval, Instant.EPOCH, attempts);
    }

    Duration inForce(Duration base) {
        return interval.isZero() ? base : interval;
    }

    /** From 0 to {@link #DRAWN}, evenly; the same for the same name and moment (SplitMix64). */
    private static long draw(String name, Moment moment) {
        long z = ((long) name.hashCode() << 32) + moment.now().getEpochSecond() * 1_000_003
            + moment.now().getNano();
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        z ^= z >>> 31;
        return z & DRAWN;
    }

    private static Duration greatest(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
