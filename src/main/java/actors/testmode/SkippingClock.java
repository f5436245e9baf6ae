package actors.testmode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import transaction.InvalidRequest;

/** The time of the machine, plus as much as was skipped. Only ever runs ahead. Thread-safe. */
final class SkippingClock extends Clock {

    /** Far enough for every test, and dates keep their four digits. */
    private static final Duration AHEAD_MAX = Duration.ofDays(100 * 365);

    private final Clock machine = Clock.systemUTC();
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    /** @throws InvalidRequest if it would be more than a hundred years ahead */
    Instant skip(Duration by) {
        ahead.updateAndGet(before -> {
            Duration after = before.plus(by);
            InvalidRequest.require(after.compareTo(AHEAD_MAX) <= 0,
                "the clock cannot be more than " + AHEAD_MAX.toDays() + " days ahead");
            return after;
        });
        return instant();
    }

    @Override
    public Instant instant() {
        return machine.instant().plus(ahead.get());
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
}
