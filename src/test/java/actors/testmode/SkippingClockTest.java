package actors.testmode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import transaction.InvalidRequest;

class SkippingClockTest {

    private final SkippingClock clock = new SkippingClock();

    @Test
    void itRunsAheadByWhatWasSkipped() {
        assertTrue(!clock.instant().isAfter(Instant.now()));
        Instant skipped = clock.skip(Duration.ofHours(1));
        assertTrue(skipped.isAfter(Instant.now().plusSeconds(3_590)));
        assertTrue(!clock.instant().isBefore(skipped));
        assertEquals(ZoneOffset.UTC, clock.getZone());
    }

    @Test
    void aHundredYearsAreEnough() {
        clock.skip(Duration.ofDays(100 * 365));
        Instant there = clock.instant();
        assertThrows(InvalidRequest.class, () -> clock.skip(Duration.ofMillis(1)));
        assertTrue(clock.instant().isBefore(there.plusSeconds(60)));
    }
}
