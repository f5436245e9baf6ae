package bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class TallyTest {

    private static final long MILLI = 1_000_000;

    private final Tally tally = new Tally();

    @Test
    void percentilesAreThoseOfTheWindowAlone() {
        tally.finished(9_000 * MILLI);
        tally.openWindow(0);
        for (int i = 1; i <= 1_000; i++) {
            tally.finished(i * MILLI);
        }
        tally.closeWindow(2_000 * MILLI);
        tally.finished(9_000 * MILLI);

        Latency end = tally.end();

        assertEquals(1_000, end.count());
        assertEquals(500, end.p50(), 1);
        assertEquals(990, end.p99(), 1);
        assertEquals(999, end.p999(), 1);
        assertEquals(1_000, end.max(), 1);
        assertEquals(1_002, tally.finishedEver());
        assertEquals(2_000 * MILLI, tally.windowNanos());
    }

    @Test
    void nothingRecordedIsZeroAndTooLongIsTheLongest() {
        assertEquals(new Latency(0, 0, 0, 0, 0), tally.end());

        tally.openWindow(0);
        tally.finished(Long.MAX_VALUE);

        assertEquals(600_000, tally.end().max(), 1_000);
    }

    @Test
    void errorsAreCountedByKindWithTheFirstOnesWords() {
        tally.error("submit: http 500", "first");
        tally.openWindow(0);
        tally.error("submit: http 500", "second");
        tally.error("query: http 500", "x".repeat(1_000));

        assertEquals(new Tally.Errors(2, 1, "first"), tally.errors().get("submit: http 500"));
        assertEquals(200, tally.errors().get("query: http 500").example().length());
        assertEquals(3, tally.errorsEver());
    }

    @Test
    void kindsBeyondTheBoundAreOther() {
        for (int i = 0; i < 100; i++) {
            tally.error("kind " + i, "");
        }

        assertEquals(33, tally.errors().size());
        assertEquals(68, tally.errors().get("other").total());
    }

    @Test
    void theProgressLineTellsWhatIsNewSinceTheLast() {
        tally.finished(5 * MILLI);
        assertEquals(1, tally.lately().finished());
        tally.finished(7 * MILLI);
        tally.finished(7 * MILLI);

        Tally.Lately lately = tally.lately();

        assertEquals(2, lately.finished());
        assertEquals(3, lately.finishedEver());
        assertEquals(7, lately.p99Millis(), 0.1);
    }
}
