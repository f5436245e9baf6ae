package branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import transaction.Outcome;

/** The account of one host, on a clock of the test's own: no time passes by itself. */
class HostBudgetTest {

    private static final Outcome UNKNOWN = Outcome.unknown("connection refused");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final HostBudget budget =
            new HostBudget("p1:80", RetrySettings.defaults(), 0);
    private long now;

    @Test
    void aDeadHostGetsABurstAndThenOneProbeASecondHoweverManyWait() {
        dies();

        int made = 0;
        for (int i = 0; i < 600_000; i++) {
            now += SECOND / 1_000;
            made += call(UNKNOWN) ? 1 : 0;
        }

        // What it had earned before it died is gone: the burst, and 600 seconds.
        assertTrue(made >= 600 && made <= 621, made + " repeats in 10 minutes");
        assertEquals(600_000 - made, budget.putOff());
    }

    @Test
    void firstCallsAreFreeAndATenthOfThoseThatAreAnsweredPaysForRepeats() {
        dies();
        while (call(UNKNOWN)) {
            // Until the burst is used up.
        }

        for (int i = 0; i < 100; i++) {
            budget.ended(false, Outcome.SUCCESS, false);
        }

        int made = 0;
        while (call(UNKNOWN)) {
            made++;
        }
        assertEquals(10, made, 1);
    }

    @Test
    void aHostThatIsBackGetsTwiceAsManyWithEachRound() {
        dies();
        while (call(UNKNOWN)) {
            // Until the burst is used up.
        }

        int rounds = 0;
        int inRound = 0;
        while (inRound < 1_000) {
            now += rounds == 0 ? SECOND : 0;
            inRound = 0;
            while (budget.take(now)) {
                inRound++;
            }
            for (int i = 0; i < inRound; i++) {
                budget.ended(true, Outcome.SUCCESS, false);
            }
            assertTrue(++rounds <= 20, inRound + " in round " + rounds);
        }
    }

    @ParameterizedTest(name = "{0} is an answer: {1}")
    @CsvSource({"SUCCESS, true", "FAILURE, true", "ONGOING, true", "UNKNOWN, false"})
    void whateverTheHostSaysItIsThere(Outcome.Kind kind, boolean counts) {
        dies();
        while (call(UNKNOWN)) {
            // Until the burst is used up.
        }
        now += SECOND;

        assertTrue(call(new Outcome(kind, "", Duration.ZERO)));

        assertEquals(counts, budget.take(now));
    }

    @Test
    void nothingIsPutOffWhereNothingBadIsKnown() {
        for (int i = 0; i < 1_000; i++) {
            assertTrue(budget.take(now));
        }
        assertFalse(budget.hasPutOffWithin(SECOND, now));
    }

    @Test
    void aHostThatAnswersNineOfTenIsNeverHeldUp() {
        for (int i = 0; i < 50_000; i++) {
            now += SECOND / 1_000;
            boolean fails = i % 10 == 0;
            budget.ended(false, fails ? UNKNOWN : Outcome.SUCCESS, false);
            if (fails) {
                assertTrue(call(Outcome.SUCCESS), "put off at " + i);
            }
        }
    }

    @Test
    void aCallThatNeverLeftThisNodeCostsNothingAndSaysNothingOfTheHost() {
        for (int i = 0; i < 5_000; i++) {
            assertTrue(call(Outcome.putOff("the queue is full")), "put off at " + i);
        }
        dies();
        for (int i = 0; i < 5_000; i++) {
            budget.ended(false, Outcome.putOff("the queue is full"), false);
        }

        int made = 0;
        while (call(UNKNOWN)) {
            made++;
        }
        assertTrue(made <= 20, made + " repeats at a host that is dead");
    }

    @Test
    void aCallThatThisNodeWasTooSlowForCostsNothingAndSaysNothingOfTheHost() {
        for (int i = 0; i < 5_000; i++) {
            assertTrue(budget.take(now), "put off at " + i);
            budget.ended(true, UNKNOWN, true);
        }
        for (int i = 0; i < 5_000; i++) {
            assertTrue(budget.take(now), "put off at " + i);
            budget.ended(true, Outcome.SUCCESS, true);
        }
    }

    @Test
    void itTellsForAWhileThatCallsWerePutOff() {
        dies();
        while (call(UNKNOWN)) {
            // Until the burst is used up.
        }
        long then = now;

        assertTrue(budget.hasPutOffWithin(60 * SECOND, then + 59 * SECOND));
        assertFalse(budget.hasPutOffWithin(60 * SECOND, then + 60 * SECOND));
    }

    private void dies() {
        for (int i = 0; i < 10; i++) {
            budget.ended(false, UNKNOWN, false);
        }
    }

    /** A repeat, if it may be made, which ends at once. */
    private boolean call(Outcome outcome) {
        boolean may = budget.take(now);
        if (may) {
            budget.ended(true, outcome, false);
        }
        return may;
    }
}
