package actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdaptiveBoundTest {

    private static final long TARGET = Duration.ofMillis(250).toNanos();
    private static final long SLOW = TARGET + 1;

    private long now = -5;
    private final AdaptiveBound bound = new AdaptiveBound(now);

    @Test
    void nothingIsHeldBackWhileOneAnswerIsQuick() {
        for (int i = 0; i < 20; i++) {
            answer(SLOW);
            answer(TARGET);
            look(SLOW);
        }

        assertEquals(2_000, bound.bound(2_000));
    }

    @Test
    void itShrinksStepByStepWhileAllAreSlowAndGrowsBack() {
        look(SLOW);
        assertEquals(1_500, bound.bound(2_000));
        look(SLOW);
        assertEquals(1_125, bound.bound(2_000));
        for (int i = 0; i < 100; i++) {
            look(SLOW);
        }
        assertEquals(AdaptiveBound.LEAST, bound.bound(2_000));
        int looks = 0;
        for (; bound.bound(2_000) < 2_000; looks++) {
            look(TARGET);
        }
        assertTrue(looks <= 20, "ten seconds and no more: " + looks);
    }

    @Test
    void aBoundThatIsSmallAnywayStays() {
        for (int i = 0; i < 30; i++) {
            look(SLOW);
        }
        assertEquals(10, bound.bound(10));
        assertEquals(AdaptiveBound.LEAST, bound.bound(2_000));
    }

    private void answer(long tookNanos) {
        now++;
        bound.answered(tookNanos, now, 2_000, TARGET);
    }

    private void look(long tookNanos) {
        now += AdaptiveBound.LOOK_NANOS;
        bound.answered(tookNanos, now, 2_000, TARGET);
    }
}
