package pactor.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clocks are set forward and back under it, in a made-up world. */
class SteadyClockTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05.678901234Z");

    private long ticks = -5_000_000_000L;
    private Instant wall = START;

    private final Clock machine = new Clock() {
        @Override
        public Instant instant() {
            return wall;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    private final SteadyClock clock = new SteadyClock(machine, () -> ticks);

    @Test
    void itGoesWithTheMachine() {
        assertEquals(START, clock.instant());
        pass(Duration.ofHours(1));
        assertEquals(START.plus(Duration.ofHours(1)), clock.instant());
    }

    @Test
    void aClockThatIsSetForwardIsCaughtUpWithAtTwiceThePace() {
        wall = wall.plus(Duration.ofHours(1));
        assertEquals(START, clock.instant());
        pass(Duration.ofMinutes(1));
        assertEquals(START.plus(Duration.ofMinutes(2)), clock.instant());
        pass(Duration.ofMinutes(58));
        assertEquals(START.plus(Duration.ofMinutes(118)), clock.instant());
        pass(Duration.ofMinutes(2));
        assertEquals(wall, clock.instant());
    }

    @Test
    void aClockThatIsSetBackIsWaitedForAtHalfThePace() {
        wall = wall.minus(Duration.ofHours(1));
        assertEquals(START, clock.instant());
        pass(Duration.ofMinutes(1));
        assertEquals(START.plusSeconds(30), clock.instant());
        pass(Duration.ofHours(2));
        assertEquals(wall, clock.instant());
    }

    @Test
    void theDatabaseCountsFromTheFirstAnswerOnAndTheMachineNoMore() {
        Instant there = START.minus(Duration.ofDays(3)).truncatedTo(micros());
        hears(there, Duration.ofMillis(20));
        assertEquals(there.plusMillis(10), clock.instant());
        wall = wall.plus(Duration.ofDays(9));
        pass(Duration.ofSeconds(10));
        assertEquals(there.plusMillis(10_010), clock.instant());
    }

    @Test
    void anAnswerThatTookLongIsNotBelieved() {
        hears(START, Duration.ofSeconds(1));
        Instant before = clock.instant();
        hears(START.plus(Duration.ofHours(1)), Duration.ofSeconds(1));
        assertEquals(before.plusSeconds(1), clock.instant());
        hears(START.plus(Duration.ofHours(1)), Duration.ofMillis(100));
        pass(Duration.ofSeconds(10));
        assertTrue(clock.instant().isAfter(before.plusSeconds(20)));
    }

    @Test
    void whateverIsDoneToClocksAWaitTakesHalfToTwiceItsTime() {
        Random random = new Random(7);
        Instant last = clock.instant();
        for (int i = 0; i < 10_000; i++) {
            if (random.nextInt(10) == 0) {
                wall = wall.plusSeconds(random.nextInt(200_000) - 100_000);
            }
            if (random.nextInt(50) == 0) {
                hears(wall, Duration.ZERO);
                last = i < 1_000 ? clock.instant() : last;
            }
            long passed = random.nextInt(5_000_000);
            pass(Duration.ofNanos(passed * 1_000));
            Instant now = clock.instant();
            long went = Duration.between(last, now).toNanos() / 1_000;
            if (i >= 1_000) {
                assertFalse(went < passed / 2 - 1 || went > passed * 2 + 1, passed + " " + went);
            }
            last = now;
        }
    }

    private void hears(Instant there, Duration took) {
        long asked = ticks;
        ticks += took.toNanos();
        wall = wall.plus(took);
        clock.heard(TimeUnit.SECONDS.toMicros(there.getEpochSecond())
            + there.getNano() / 1_000, asked);
    }

    private void pass(Duration time) {
        ticks += time.toNanos();
        wall = wall.plus(time);
    }

    private static java.time.temporal.ChronoUnit micros() {
        return java.time.temporal.ChronoUnit.MICROS;
    }
}
