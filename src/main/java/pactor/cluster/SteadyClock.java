package pactor.cluster;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time by which transactions are decided. It follows the clock of this machine, or, once it was
 * told that of the database, this one, which is the same for all nodes. It never jumps and never
 * goes back: when the clock that it follows has been set, it goes twice or half as fast until both
 * agree again. So a wait or a time-out takes no less than half and no more than twice its time,
 * whatever is done to clocks.
 *
 * <p>Thread-safe, does not block.
 */
public final class SteadyClock extends Clock {

    /** An answer that took longer does not tell well enough when it was given. */
    private static final long SURE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** Clocks that are further apart are worth a line in the log. */
    private static final long NOTABLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);

    private final Clock machine;
    private final LongSupplier ticks;
    private OptionalLong ahead = OptionalLong.empty();
    private long at;
    private long now;
    private boolean told;

    public SteadyClock() {
        this(Clock.systemUTC(), System::nanoTime);
    }

    /** @param ticks nanoseconds that only ever go on, whatever is done to {@code machine} */
    SteadyClock(Clock machine, LongSupplier ticks) {
        this.machine = machine;
        this.ticks = ticks;
        this.at = ticks.getAsLong();
        this.now = nanos(machine.instant());
    }

    /**
     * From now on it follows the clock of the database. The first time it is set by it, since
     * nothing has been decided yet.
     *
     * @param micros what that clock told, since the epoch
     * @param asked {@link System#nanoTime} before it was asked; it was answered just now
     */
    synchronized void heard(long micros, long asked) {
        long answered = ticks.getAsLong();
        boolean first = ahead.isEmpty();
        if (first || answered - asked <= SURE_NANOS) {
            long middle = asked + (answered - asked) / 2;
            ahead = OptionalLong.of(TimeUnit.MICROSECONDS.toNanos(micros) - middle);
        }
        if (first) {
            at = answered;
            now = answered + ahead.getAsLong();
        }
    }

    @Override
    public synchronized Instant instant() {
        long tick = ticks.getAsLong();
        long passed = tick - at;
        long there = ahead.isPresent() ? tick + ahead.getAsLong() : nanos(machine.instant());
        long gap = there - (now + passed);
        now += passed + Math.max(-passed / 2, Math.min(passed, gap));
        at = tick;
        tell(gap);
        return Instant.ofEpochSecond(
            TimeUnit.NANOSECONDS.toSeconds(now), now % TimeUnit.SECONDS.toNanos(1));
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** Nothing here reads dates of a calendar. */
    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("this clock is in UTC");
    }

    private void tell(long gap) {
        boolean notable = Math.abs(gap) > NOTABLE_NANOS;
        if (notable && !told) {
            LOG.warn("the clock of {} was set {} by {} s; time goes {} as fast here until both"
                + " agree", ahead.isPresent() ? "the database" : "this machine",
                gap > 0 ? "forward" : "back", Math.abs(gap) / 1_000_000_000,
                gap > 0 ? "twice" : "half");
        }
        told = notable;
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }
}
