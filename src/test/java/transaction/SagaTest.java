package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static transaction.Samples.FAILURE;
import static transaction.Samples.ONGOING;
import static transaction.Samples.UNKNOWN;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocol section 4.2. */
class SagaTest {

    private static final String DONE = "succeed";
    private static final String OPEN = "prepared";

    @Test
    void stepsRunOneAfterTheOther() {
        Story story = submit(Samples.saga(2));
        assertEquals(List.of("01 action"), Story.calls(story.last()));

        assertEquals(List.of("02 action"), Story.calls(story.succeeds("01", Op.ACTION)));

        Decision end = story.succeeds("02", Op.ACTION);
        assertEquals(Status.SUCCEED, story.status());
        assertEquals(2, end.events().size(), "the last success and the end are one write");
        assertEquals(List.of(OPEN, DONE, OPEN, DONE), story.rows());
    }

    @Test
    void pinnedSecondStepFails() {
        Story story = submit(Samples.saga(2));
        story.succeeds("01", Op.ACTION);

        Decision back = story.returns("02", Op.ACTION, FAILURE);

        assertEquals(List.of("02 compensate"), Story.calls(back));
        assertEquals(List.of("01 compensate"),
            Story.calls(story.succeeds("02", Op.COMPENSATE)));
        story.succeeds("01", Op.COMPENSATE);
        assertEquals(Status.FAILED, story.status());
        assertEquals(List.of(DONE, DONE, DONE, "failed"), story.rows());
        assertEquals("no funds FAILURE", story.t().reason());
    }

    @Test
    void pinnedTimeoutWhileTheFirstStepIsOngoing() {
        Story story = submit(Samples.saga(2, Samples.timeout(20)));
        story.returns("01", Op.ACTION, ONGOING);

        story.wake();
        story.later(15).returns("01", Op.ACTION, ONGOING);

        assertEquals("Timeout after 20 seconds", story.t().reason());
        assertEquals(List.of("01 compensate"), Story.calls(story.last()));
        story.succeeds("01", Op.COMPENSATE);
        assertEquals(Status.FAILED, story.status());
        assertEquals(List.of(DONE, OPEN, OPEN, OPEN), story.rows());
    }

    @Test
    void pinnedRetryLimitOnTheSecondStep() {
        Story story = submit(Samples.saga(2, Samples.retryLimit(1, 0)));
        story.succeeds("01", Op.ACTION);
        assertEquals(List.of("02 action"), Story.calls(story.returns("02", Op.ACTION, UNKNOWN)));

        story.returns("02", Op.ACTION, UNKNOWN);

        assertEquals("RetryCount is greater than RetryLimit, RetryLimit: 1; 02 action: connection"
            + " refused",
            story.t().reason());
        story.succeeds("02", Op.COMPENSATE);
        story.succeeds("01", Op.COMPENSATE);
        assertEquals(List.of(DONE, DONE, DONE, OPEN), story.rows());
    }

    @Test
    void pinnedConcurrentFirstStepFailsBeforeTheOneThatWaitsForIt() {
        Story story = submit(Samples.saga(2, Map.of(1, List.of(0)), Options.NONE));

        story.returns("01", Op.ACTION, FAILURE);

        story.succeeds("01", Op.COMPENSATE);
        assertEquals(Status.FAILED, story.status());
        assertEquals(List.of(DONE, "failed", OPEN, OPEN), story.rows());
    }

    @Test
    void pinnedConcurrentFirstStepIsOngoingOnce() {
        Story story = submit(Samples.saga(2, Map.of(), Options.NONE));
        assertEquals(List.of("01 action", "02 action"), Story.calls(story.last()));

        story.returns("01", Op.ACTION, ONGOING);
        story.succeeds("02", Op.ACTION);

        assertTrue(story.last().endsPass());
        assertEquals(List.of(OPEN, OPEN, OPEN, DONE), story.rows());
        assertEquals(List.of("01 action"), Story.calls(story.wake()));
    }

    @Test
    void ordersOfAConcurrentSagaHoldBothWays() {
        Map<Integer, List<Integer>> diamond = Map.of(1, List.of(0), 2, List.of(0),
            3, List.of(1, 2));
        Story story = submit(Samples.saga(4, diamond, Options.NONE));
        assertEquals(List.of("01 action"), Story.calls(story.last()));
        assertEquals(List.of("02 action", "03 action"),
            Story.calls(story.succeeds("01", Op.ACTION)));
        assertEquals(List.of(), Story.calls(story.succeeds("02", Op.ACTION)));
        assertEquals(List.of("04 action"), Story.calls(story.succeeds("03", Op.ACTION)));

        assertEquals(List.of("04 compensate"),
            Story.calls(story.returns("04", Op.ACTION, FAILURE)));
        assertEquals(List.of("02 compensate", "03 compensate"),
            Story.calls(story.succeeds("04", Op.COMPENSATE)));
        assertEquals(List.of(), Story.calls(story.succeeds("03", Op.COMPENSATE)));
        assertEquals(List.of("01 compensate"),
            Story.calls(story.succeeds("02", Op.COMPENSATE)));
        story.succeeds("01", Op.COMPENSATE);
        assertEquals(Status.FAILED, story.status());
    }

    @Test
    void anActionOnItsWayIsWaitedForBeforeItIsUndone() {
        Story story = submit(Samples.saga(3, Map.of(), Options.NONE));

        Decision back = story.returns("02", Op.ACTION, FAILURE);
        assertEquals(List.of("02 compensate"), Story.calls(back));

        assertEquals(List.of("01 compensate"), Story.calls(story.returns("01", Op.ACTION, UNKNOWN)),
            "it may have been carried out");
        assertEquals(List.of("03 compensate"), Story.calls(story.succeeds("03", Op.ACTION)));
        assertEquals(List.of(OPEN, OPEN, OPEN, "failed", OPEN, DONE), story.rows());
    }

    @Test
    void aStepThatNeverStartedIsNotUndone() {
        Story story = submit(Samples.saga(3));
        story.returns("01", Op.ACTION, FAILURE);

        story.succeeds("01", Op.COMPENSATE);

        assertEquals(Status.FAILED, story.status());
        assertEquals(List.of(DONE, "failed", OPEN, OPEN, OPEN, OPEN), story.rows());
    }

    @Test
    void aCompensationIsTriedUntilItSucceedsWhateverItAnswers() {
        Story story = submit(Samples.saga(1, new Options(false, 30, 0, 0, 2, 0, Map.of(), false)));
        story.returns("01", Op.ACTION, FAILURE);

        for (Outcome outcome : List.of(FAILURE, UNKNOWN, ONGOING, FAILURE, UNKNOWN, UNKNOWN)) {
            story.returns("01", Op.COMPENSATE, outcome);
            assertEquals(Status.ABORTING, story.status());
            assertEquals(List.of(), Story.calls(story.last()), "not before a wait");
            assertEquals(List.of("01 compensate"), Story.calls(story.wake()));
        }
        story.later(Duration.ofDays(3)).succeeds("01", Op.COMPENSATE);
        assertEquals(Status.FAILED, story.status());
    }

    @Test
    void allActionsDoneBeatsTheDeadline() {
        Story story = submit(Samples.saga(1, Samples.timeout(5)));

        story.later(6).succeeds("01", Op.ACTION);

        assertEquals(Status.SUCCEED, story.status());
    }

    @Test
    void theDeadlineWakesASagaThatWaits() {
        Story story = submit(Samples.saga(1, Samples.timeout(25)));
        story.returns("01", Op.ACTION, UNKNOWN); // Waits twice the base of ten seconds.
        assertEquals(Story.NOON.plusSeconds(20), story.last().lookAgainAt());
        story.wake();

        story.returns("01", Op.ACTION, UNKNOWN);
        assertEquals(Story.NOON.plusSeconds(25), story.last().lookAgainAt());

        assertEquals(List.of("01 compensate"), Story.calls(story.wake()));
    }

    @Test
    void aLargeRetryLimitIsNotALicenceToHammer() {
        int limit = Limits.TRIES_AT_ONCE + 3;
        Story story = submit(Samples.saga(1, Samples.retryLimit(limit, 0)));
        for (int i = 0; i < Limits.TRIES_AT_ONCE; i++) {
            assertEquals(List.of("01 action"),
                Story.calls(story.returns("01", Op.ACTION, UNKNOWN)));
        }

        for (int i = 0; i < 3; i++) {
            story.returns("01", Op.ACTION, i == 1 ? ONGOING : UNKNOWN);
            assertEquals(List.of(), Story.calls(story.last()));
            assertEquals(List.of("01 action"), Story.calls(story.wake()));
        }
        assertEquals(Status.SUBMITTED, story.status(), "the limit is reached, not passed");
        story.returns("01", Op.ACTION, ONGOING);
        assertEquals("RetryCount is greater than RetryLimit, RetryLimit: " + limit
            + "; 01 action: at work", story.t().reason());
    }

    /** What the limit counts is tried at once, but not against the participant's will. */
    @Test
    void underARetryLimitRetryAfterIsRespectedAndCounted() {
        Story story = submit(Samples.saga(1, Samples.retryLimit(3, 0)));
        Outcome busy = Outcome.unknown("503").retryAfter(Duration.ofSeconds(3));
        for (int i = 0; i < 3; i++) {
            story.returns("01", Op.ACTION, busy);
            assertEquals(List.of(), Story.calls(story.last()));
            assertEquals(story.now().plusSeconds(3), story.last().lookAgainAt());
            assertEquals(List.of("01 action"), Story.calls(story.wake()));
        }
        story.crash();

        story.returns("01", Op.ACTION, busy);

        assertEquals("RetryCount is greater than RetryLimit, RetryLimit: 3; 01 action: 503",
            story.t().reason());
        assertEquals(Story.NOON.plusSeconds(9), story.now());
    }

    @Test
    void withoutATimeoutASagaIsNeverGivenUp() {
        Story story = submit(Samples.saga(1));

        story.later(Duration.ofDays(365)).returns("01", Op.ACTION, UNKNOWN);

        assertEquals(Status.SUBMITTED, story.status());
    }

    @Test
    void theFirstErrorIsTheReasonAndEndsInTheWordClientsLookFor() {
        Story story = submit(Samples.saga(2, Map.of(), Options.NONE));
        story.returns("02", Op.ACTION, Outcome.failure("x".repeat(3_000)));
        story.returns("01", Op.ACTION, Outcome.failure("later"));

        assertEquals(Limits.REASON_CHARS, story.t().reason().length());
        assertTrue(story.t().reason().endsWith("x FAILURE"));
        assertEquals("said FAILURE", given("said FAILURE").t().reason());
    }

    @Test
    void anEmptyUrlCountsAsDoneWithoutACall() {
        List<Submission.Step> steps = List.of(new Submission.Step("", "", Bytes.EMPTY),
            new Submission.Step("http://p/act", "", Bytes.EMPTY),
            new Submission.Step("", "http://p/undo", Bytes.EMPTY));

        Story story = submit(withSteps(steps));
        assertEquals(List.of("02 action"), Story.calls(story.last()));
        assertEquals(2, story.last().events().size(), "opened and the first step settled");

        story.returns("02", Op.ACTION, FAILURE);
        assertEquals(Status.FAILED, story.status(), "nothing to undo, nothing to wait for");

        Story empty = submit(withSteps(List.of(new Submission.Step("", "", Bytes.EMPTY))));
        assertEquals(Status.SUCCEED, empty.status());
        assertEquals(1, empty.entries().size());
    }

    @Test
    void aSagaOfTheLargestSizeRunsInAMoment() {
        List<Submission.Step> steps = new ArrayList<>();
        for (int i = 0; i < Limits.STEPS; i++) {
            steps.add(new Submission.Step("", "", Bytes.EMPTY));
        }

        Story story = submit(withSteps(steps));

        assertEquals(Status.SUCCEED, story.status());
        assertEquals("1000", story.t().ops().get(1_999).branchId());
    }

    @Test
    void ordersOfTheLargestSizeAreChecked() {
        Map<Integer, List<Integer>> after = new HashMap<>();
        for (int i = 0; i < Limits.STEPS; i++) {
            int first = i + 1;
            after.put(i, IntStream.range(first, Limits.STEPS)
                .mapToObj(j -> Limits.STEPS + first - 1 - j).toList());
        }

        // Work that grows by more than its square would not end.
        Samples.saga(Limits.STEPS, after, Options.NONE).checked();
    }

    @ParameterizedTest(name = "orders {0} cannot be carried out")
    @ValueSource(strings = {"0:0", "0:1 1:0", "0:1 1:2 2:0", "1:2 2:1", "3:0", "0:3", "-1:0",
        "0:-1"})
    void ordersThatCannotBeCarriedOutAreInvalid(String text) {
        assertThrows(InvalidRequest.class,
            () -> Samples.saga(3, orders(text), Options.NONE).checked());
    }

    @Test
    void ordersThatTheFirstDefinitionCannotCarryOutAreInvalidAtSubmit() {
        Story story = Story.begin(new Command.Prepare(Samples.saga(2)));
        Submission bare = new Submission(Samples.GID, Mode.SAGA, List.of(), "", Protocol.HTTP,
            "{\"concurrent\":true}", new Details.Concurrent(Map.of()), Options.NONE);
        assertEquals(Reply.DONE, story.say(new Command.Submit(bare)).reply());
        assertEquals(List.of("01 action", "02 action"), Story.calls(story.last()));
    }

    @Test
    void aSagaWithoutStepsCannotBeSubmitted() {
        Submission none = withSteps(List.of());

        assertInstanceOf(Reply.Invalid.class, new Story().say(new Command.Submit(none)).reply());
        Story prepared = Story.begin(new Command.Prepare(none));
        assertInstanceOf(Reply.Invalid.class, prepared.say(new Command.Submit(none)).reply());
    }

    @Test
    void theCompensationIsSentWhatItsActionWasSent() {
        Story story = submit(Samples.saga(1));
        BranchCall action = story.last().calls().get(0);
        story.returns("01", Op.ACTION, FAILURE);
        BranchCall compensation = story.last().calls().get(0);

        assertEquals(action.payload(), compensation.payload());
        assertEquals("http://p1/act", action.url());
        assertEquals("http://p1/undo", compensation.url());
        assertEquals("saga", compensation.mode());
    }

    private static Map<Integer, List<Integer>> orders(String text) {
        Map<Integer, List<Integer>> after = new HashMap<>();
        for (String pair : text.split(" ")) {
            String[] sides = pair.split(":");
            after.put(Integer.valueOf(sides[0]), List.of(Integer.valueOf(sides[1])));
        }
        return after;
    }

    private static Story given(String reason) {
        Story story = submit(Samples.saga(1));
        story.returns("01", Op.ACTION, Outcome.failure(reason));
        return story;
    }

    private static Story submit(Submission submission) {
        return Story.begin(new Command.Submit(submission));
    }

    private static Submission withSteps(List<Submission.Step> steps) {
        return new Submission(Samples.GID, Mode.SAGA, steps, "", Protocol.HTTP, "", Details.PLAIN,
            Options.NONE);
    }
}
