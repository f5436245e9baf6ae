package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What somebody who looks at a transaction is told of its operations, beyond the facts. */
class ShownTest {

    private static final Outcome PUT_OFF = Outcome.putOff("it does not answer");

    @Test
    void whatIsOnlyKeptInMemoryIsShown() {
        Story story = Story.begin(new Command.Submit(Samples.saga(2)));
        story.later(1).returns("01", Op.ACTION, Samples.ONGOING);
        assertTrue(story.last().events().isEmpty());
        assertShown(story, "01", 1, "at work", 1, 11);

        story.later(10).wake();
        story.later(1).returns("01", Op.ACTION, Samples.ONGOING);
        assertShown(story, "01", 2, "at work", 12, 22);

        BranchOp second = shown(story, new CallKey("02", Op.ACTION));
        assertEquals(0, second.tries());
        assertNull(second.triedAt());
    }

    @Test
    void whatIsOnRecordIsShownAfterACrash() {
        Story story = Story.begin(new Command.Submit(Samples.saga(2)));
        story.later(1).returns("01", Op.ACTION, Samples.UNKNOWN);
        assertShown(story, "01", 1, "connection refused", 1, 21);

        story.crash();

        assertShown(story, "01", 1, "connection refused", 1, 21);
    }

    /** A wait that is too long to be kept in memory is on record, and so is the try before it. */
    @Test
    void whoIsAtWorkForLongIsShownAfterACrash() {
        Story story = Story.begin(new Command.Submit(
            Samples.saga(1, Samples.retryInterval(100))));
        story.later(1).returns("01", Op.ACTION, Samples.ONGOING);
        story.wake();
        story.returns("01", Op.ACTION, Samples.ONGOING);

        story.crash();

        assertShown(story, "01", 2, "at work", 101, 201);
    }

    @Test
    void whileACallIsUnderWayTheLastOneIsShown() {
        Story story = Story.begin(new Command.Submit(Samples.saga(1)));
        story.returns("01", Op.ACTION, Samples.UNKNOWN);
        story.wake();
        assertEquals(1, story.running().size());

        assertShown(story, "01", 1, "connection refused", 0, -1);
    }

    /** The participant's own words say more than that it was not asked again. */
    @Test
    void aCallThatWasPutOffIsNoAttemptAndHidesNoError() {
        Story story = Story.begin(new Command.Submit(Samples.saga(1)));
        story.returns("01", Op.ACTION, PUT_OFF);
        BranchOp op = shown(story, new CallKey("01", Op.ACTION));
        assertEquals(0, op.tries());
        assertEquals(PUT_OFF.reason(), op.reason());
        assertNull(op.triedAt());

        story.wake();
        story.returns("01", Op.ACTION, Samples.UNKNOWN);
        story.wake();
        story.returns("01", Op.ACTION, PUT_OFF);
        op = shown(story, new CallKey("01", Op.ACTION));
        assertEquals(1, op.tries());
        assertEquals("connection refused", op.reason());
    }

    @Test
    void whatWillNotBeCalledAgainHasNoNextTry() {
        Story story = Story.begin(new Command.Submit(
            Samples.saga(2, Map.of(), Options.NONE)));
        story.returns("01", Op.ACTION, Samples.UNKNOWN);
        story.returns("02", Op.ACTION, Samples.FAILURE);

        BranchOp op = shown(story, new CallKey("01", Op.ACTION));
        assertEquals("connection refused", op.reason());
        assertEquals(Instant.EPOCH, op.backoff().notBefore());
    }

    @Test
    void theCheckBackOfAMessageAndTheCallbackOfAWorkflowAreShown() {
        Story message = Story.begin(Samples.prepare(Mode.MSG));
        message.later(35).wake();
        message.returns("00", Op.MSG, Samples.UNKNOWN);
        assertEquals("connection refused", look(message).inquiry().reason());
        assertEquals(message.now().plusSeconds(20), look(message).inquiry().backoff().notBefore());

        Story workflow = Story.begin(Samples.prepare(Mode.WORKFLOW));
        workflow.later(10).wake();
        workflow.returns("00", Op.RESUME, Outcome.SUCCESS);
        assertEquals(1, look(workflow).inquiry().tries());
        assertEquals(workflow.now(), look(workflow).inquiry().triedAt());
    }

    @Test
    void whatHasSucceededSaysNothingOfEarlierErrors() {
        Story story = Story.begin(new Command.Submit(Samples.saga(2)));
        story.returns("01", Op.ACTION, Samples.UNKNOWN);
        story.wake();
        story.succeeds("01", Op.ACTION);

        assertEquals("", shown(story, new CallKey("01", Op.ACTION)).reason());
    }

    @Test
    void whoIsToBlameForThePassedRetryLimitKeepsItsError() {
        Story story = Story.begin(new Command.Submit(
            Samples.saga(2, Samples.retryLimit(1, 0))));
        story.succeeds("01", Op.ACTION);
        story.returns("02", Op.ACTION, Samples.UNKNOWN);
        story.returns("02", Op.ACTION, Outcome.unknown("503"));
        story.succeeds("02", Op.COMPENSATE);
        story.succeeds("01", Op.COMPENSATE);

        assertEquals("RetryCount is greater than RetryLimit, RetryLimit: 1; 02 action: 503",
            story.t().reason());
        BranchOp guilty = shown(story, new CallKey("02", Op.ACTION));
        assertEquals(2, guilty.tries());
        assertEquals("503", guilty.reason());
    }

    private static void assertShown(
            Story story, String branch, int attempts, String error, int tried, int next) {
        BranchOp op = shown(story, new CallKey(branch, Op.ACTION));
        assertEquals(attempts, op.tries());
        assertEquals(error, op.reason());
        assertEquals(Story.NOON.plusSeconds(tried), op.triedAt());
        assertEquals(next < 0 ? Instant.EPOCH : Story.NOON.plusSeconds(next),
            op.backoff().notBefore());
    }

    private static BranchOp shown(Story story, CallKey key) {
        return look(story).op(key).orElseThrow();
    }

    private static GlobalTransaction look(Story story) {
        Reply reply = story.say(new Command.Look(Samples.GID)).reply();
        return ((Reply.Found) reply).transaction();
    }
}
