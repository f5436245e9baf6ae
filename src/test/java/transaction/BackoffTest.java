package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Protocol section 5.6. */
class BackoffTest {

    private static final Moment NOON = new Moment(Story.NOON, Policy.DEFAULT);

    @ParameterizedTest(name = "base {0} s, asked {1} s: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        10 | 0   | 20 40 60 60 60
        1  | 0   | 2 4 8 16 32 60 60
        60 | 0   | 60 60
        10 | 30  | 30 40 60
        10 | 15  | 20 40 60
        10 | 500 | 60 60 60
        90 | 0   | 90 90
        90 | 500 | 90 90
        """)
    void unknownDoublesTheWaitUpToTheCapWhichIsNeverBelowTheFirstWait(
            long base, long asked, String waits) {
        Backoff backoff = Backoff.NONE;
        int attempts = 0;
        for (String wait : waits.split(" ")) {
            backoff = backoff.doubled(
                Duration.ofSeconds(base), Duration.ofSeconds(asked), NOON, "g");
            assertEquals(Story.NOON.plusSeconds(Long.parseLong(wait)), backoff.notBefore());
            assertEquals(++attempts, backoff.attempts());
        }
    }

    @ParameterizedTest(
        name = "base {0} s, grown to {1} s, asked {2} s: at work {3} s, limited {4} s")
    @CsvSource({"10, 0, 0, 10, 0", "10, 0, 3, 10, 3", "10, 0, 30, 30, 30", "10, 40, 30, 40, 30",
        "10, 0, 500, 60, 60", "90, 0, 80, 90, 80", "90, 0, 500, 90, 90"})
    void whatAParticipantAsksForHoldsWhereItIsAtWorkAndUnderARetryLimitToo(
            long base, long grown, long asked, long atWork, long limited) {
        Backoff before = new Backoff(Duration.ofSeconds(grown), Instant.EPOCH, 1);
        Duration first = Duration.ofSeconds(base);
        Duration wait = Duration.ofSeconds(asked);

        Backoff again = before.repeated(first, wait, NOON);
        assertEquals(Story.NOON.plusSeconds(atWork), again.notBefore());
        assertEquals(1, again.attempts());
        assertEquals(before.inForce(first), again.interval(), "asked for once, not for ever");
        Backoff counted = before.immediate(first, wait, NOON);
        assertEquals(Story.NOON.plusSeconds(limited), counted.notBefore());
        assertEquals(2, counted.attempts());
    }

    @ParameterizedTest(name = "base {0} s, grown to {1} s, asked {2} s: {3} s to {4} s")
    @CsvSource({"10, 0, 0, 10, 20", "10, 20, 0, 20, 40", "10, 60, 0, 30, 60", "1, 60, 0, 30, 60",
        "45, 0, 0, 45, 60", "90, 0, 0, 90, 90", "10, 0, 15, 15, 20", "10, 0, 30, 30, 30",
        "1, 32, 500, 60, 60"})
    void aPartOfTheWaitIsLeftToChanceButNeverTheClientsOwnOrWhatTheParticipantAskedFor(
            long base, long grown, long asked, long least, long most) {
        Policy half = Policy.DEFAULT.withRetryJitter(50);
        Backoff before = new Backoff(Duration.ofSeconds(grown), Instant.EPOCH, 1);
        LongSummaryStatistics waits = new LongSummaryStatistics();
        for (int i = 0; i < 2_000; i++) {
            Moment moment = new Moment(Story.NOON.plusNanos(i * 1_000L), half);
            Backoff after = before.doubled(
                Duration.ofSeconds(base), Duration.ofSeconds(asked), moment, "g-" + i % 7);
            assertEquals(after, before.doubled(
                Duration.ofSeconds(base), Duration.ofSeconds(asked), moment, "g-" + i % 7));
            waits.accept(Duration.between(moment.now(), after.notBefore()).toMillis());
        }

        long span = (most - least) * 1_000;
        assertTrue(waits.getMin() >= least * 1_000 && waits.getMax() <= most * 1_000, "" + waits);
        assertTrue(waits.getMax() - waits.getMin() >= span * 0.98, "all of it is used: " + waits);
        assertEquals((least + most) * 500, waits.getAverage(), span * 0.05 + 1, "evenly");
    }

    @Test
    void whatIsPutOffWaitsLongerAndIsNoTry() {
        Backoff before = new Backoff(Duration.ofSeconds(20), Instant.EPOCH, 3);

        Backoff after = before.putOff(Duration.ofSeconds(10), NOON, "g");

        assertEquals(new Backoff(Duration.ofSeconds(40), Story.NOON.plusSeconds(40), 3), after);
    }

    @Test
    void ongoingKeepsTheWaitItHasGrownTo() {
        Duration base = Duration.ofSeconds(10);
        Backoff grown = Backoff.NONE.doubled(base, Duration.ZERO, NOON, "g");

        assertEquals(Story.NOON.plusSeconds(10),
            Backoff.NONE.repeated(base, Duration.ZERO, NOON).notBefore());
        assertEquals(Story.NOON.plusSeconds(20),
            grown.repeated(base, Duration.ZERO, NOON).notBefore());
        assertEquals(Duration.ofSeconds(20), grown.repeated(base, Duration.ZERO, NOON).interval());
    }

    @Test
    void hurryingForgetsTheWaitAndNothingElse() {
        Backoff grown = Backoff.NONE.doubled(
            Duration.ofSeconds(10), Duration.ZERO, NOON, "g");

        assertEquals(new Backoff(Duration.ofSeconds(20), Instant.EPOCH, 1), grown.hurried());
    }

    @ParameterizedTest(name = "interval {0}, timeout {1}: {2}")
    @CsvSource({"0, 0, 10", "3, 0, 3", "25, 0, 25", "0, 7, 7", "0, 10, 10", "0, 90, 10",
        "25, 7, 25"})
    void theFirstWaitIsTheClientsOrTheServers(int interval, int timeout, int expected) {
        Options options = new Options(false, timeout, 0, interval, 0, 0, Map.of(), false);
        GlobalTransaction t = Story.begin(new Command.Submit(Samples.saga(1, options))).t();

        assertEquals(Duration.ofSeconds(expected), t.retryInterval(Policy.DEFAULT));
    }

    @Test
    void aShortWaitOfAParticipantAtWorkIsNotWritten() {
        Story story = Story.begin(new Command.Submit(Samples.saga(1)));

        assertEquals(List.of(), story.returns("01", Op.ACTION, Samples.ONGOING).events());

        assertEquals(story.now().plusSeconds(10), story.last().lookAgainAt());
        assertEquals(List.of(), Story.calls(story.later(9).say(new Command.Resume())));
        assertEquals(List.of("01 action"), Story.calls(story.wake()));
    }

    @Test
    void aLongWaitOfAParticipantAtWorkIsWritten() {
        Story story = Story.begin(new Command.Submit(Samples.saga(1, Samples.retryInterval(16))));

        assertEquals(1, story.returns("01", Op.ACTION, Samples.ONGOING).events().size());

        story.crash();
        assertEquals(List.of(), story.running(), "a restart does not cut the wait short");
        assertEquals(story.now().plusSeconds(16), story.last().lookAgainAt());
    }

    @Test
    void theWaitsOfOneBranchAreNotThoseOfAnother() {
        Story story = Story.begin(
            new Command.Submit(Samples.saga(2, Map.of(), Options.NONE)));
        story.returns("01", Op.ACTION, Samples.UNKNOWN);
        story.returns("02", Op.ACTION, Samples.ONGOING);

        assertEquals(List.of("02 action"), Story.calls(story.wake()));
        assertEquals(Story.NOON.plusSeconds(10), story.now());
        story.succeeds("02", Op.ACTION);
        assertEquals(List.of("01 action"), Story.calls(story.wake()));
        assertEquals(Story.NOON.plusSeconds(20), story.now());
    }

    @Test
    void theThirdFailureInARowIsTheFirstThatRaisesAnAlert() {
        Story story = Story.begin(new Command.Submit(Samples.saga(1)));
        for (int i = 1; i <= 5; i++) {
            Decision decision = story.returns("01", Op.ACTION, Samples.UNKNOWN);
            List<Alert> expected = i < 3 ? List.of() : List.of(new Alert(Samples.GID, "submitted",
                "http://p1/act", "connection refused", i));
            assertEquals(expected, decision.alerts());
            story.wake();
        }
        assertTrue(story.returns("01", Op.ACTION, Samples.ONGOING).alerts().isEmpty());
    }

    @Test
    void onlyWhatGoesWrongCountsTowardsAnAlert() {
        Story saga = Story.begin(new Command.Submit(Samples.saga(1, Samples.retryInterval(30))));
        for (int i = 0; i < 5; i++) {
            saga.returns("01", Op.ACTION, Samples.ONGOING);
            saga.wake();
        }
        assertTrue(saga.returns("01", Op.ACTION, Samples.UNKNOWN).alerts().isEmpty());

        Story workflow = Story.begin(
            new Command.PrepareWorkflow(Samples.workflow(Samples.retryInterval(30))));
        for (int i = 0; i < 5; i++) {
            workflow.wake();
            assertTrue(workflow.succeeds("00", Op.RESUME).alerts().isEmpty());
        }
    }
}
