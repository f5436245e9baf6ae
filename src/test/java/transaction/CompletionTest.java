package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static transaction.Samples.UNKNOWN;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A participant that asks not to be called says by itself how it went. */
class CompletionTest {

    private static final CallKey ACTION = new CallKey("01", Op.ACTION);

    @Test
    void itIsNotCalledBeforeItsTimeAndThenItIsUnknown() {
        Story story = submit(Samples.saga(1));
        Decision awaited = story.returns("01", Op.ACTION, callback(60));
        assertEquals(story.now().plusSeconds(60), awaited.lookAgainAt());
        assertEquals(Waiting.CALLBACK, Waiting.of(story.t()));
        story.later(59);
        assertEquals(List.of(), story.say(Samples.submit(Mode.SAGA)).calls());
        assertEquals(List.of(), story.say(new Command.RetryNow(Samples.GID)).calls());
        assertEquals(List.of(), story.crash().calls(), "it is on record");

        Decision over = story.later(1).say(new Command.Resume());

        Event.RetryScheduled retry =
            assertInstanceOf(Event.RetryScheduled.class, over.events().get(0));
        assertEquals(1, retry.backoff().attempts());
        assertEquals("its call-back did not come in time", retry.reason());
        assertEquals(List.of("01 action"), Story.calls(story.wake()));
    }

    @Test
    void itsWordSettlesTheOperation() {
        Story story = submit(Samples.saga(2));
        story.returns("01", Op.ACTION, callback(60));

        Decision done = complete(story, ACTION, true);

        assertEquals(Reply.DONE, done.reply());
        assertEquals(List.of("02 action"), Story.calls(done));
        assertNull(story.t().op(ACTION).orElseThrow().awaitedUntil());
        assertEquals(Reply.DONE, complete(story, ACTION, true).reply(), "said twice");
        assertInstanceOf(Reply.Refused.class, complete(story, ACTION, false).reply());
        assertEquals(0, story.last().events().size());
    }

    @Test
    void itsRefusalTurnsTheSagaBack() {
        Story story = submit(Samples.saga(1));
        story.returns("01", Op.ACTION, callback(60));

        complete(story, ACTION, false);

        assertEquals(Status.ABORTING, story.status());
        assertEquals("url:" + story.t().op(ACTION).orElseThrow().url()
            + " return failed: no stock FAILURE", story.t().reason());
        assertEquals(Reply.DONE, complete(story, ACTION, false).reply());
        assertInstanceOf(Reply.Refused.class, complete(story, ACTION, true).reply());
    }

    /** A job may be done before the answer that announced it is read. */
    @Test
    void itMayComeBeforeTheAnswerToTheCall() {
        Story story = submit(Samples.saga(2));

        assertEquals(List.of("02 action"), Story.calls(complete(story, ACTION, true)).stream()
            .toList());
        story.returns("01", Op.ACTION, callback(60));

        assertEquals(List.of("02 action"), story.running());
        assertEquals(BranchStatus.SUCCEED, story.t().op(ACTION).orElseThrow().status());
    }

    @Test
    void whatCannotBeRefusedIsTriedAgain() {
        Story story = submit(Samples.saga(1));
        story.returns("01", Op.ACTION, Samples.FAILURE);
        CallKey undo = new CallKey("01", Op.COMPENSATE);
        story.returns("01", Op.COMPENSATE, callback(600));

        Decision refused = complete(story, undo, false);

        assertEquals(Reply.DONE, refused.reply());
        assertEquals(1, story.t().op(undo).orElseThrow().backoff().attempts());
        assertEquals(0, complete(story, undo, false).events().size(), "said twice");
        assertEquals(List.of("01 compensate"), Story.calls(story.wake()));
        complete(story, undo, true);
        assertEquals(Status.FAILED, story.status());
    }

    /** It is hidden by its form from those who may not see what participants answer. */
    @Test
    void whatItSaysReadsAsAnAnswerToTheCall() {
        Story story = submit(Samples.saga(1));
        story.returns("01", Op.ACTION, Samples.FAILURE);
        CallKey undo = new CallKey("01", Op.COMPENSATE);
        story.returns("01", Op.COMPENSATE, callback(600));

        complete(story, undo, false);

        BranchOp refused = story.t().op(undo).orElseThrow();
        assertEquals("url:" + refused.url() + " return failed: no stock", refused.reason());
        assertEquals("return failed", Trouble.of(story.t()).error());
    }

    @Test
    void whatIsWaitedForIsNoTryUntilItsTimeIsOver() {
        Options parks = new Options(false, 0, 0, 0, 1, 0, Map.of(), false, VerdictMode.UNSAID,
            true);
        Story story = submit(Samples.saga(1, parks));
        story.returns("01", Op.ACTION, UNKNOWN);
        story.wake();
        story.returns("01", Op.ACTION, callback(60));
        assertEquals(false, story.t().isParked());

        story.wake();

        assertEquals(true, story.t().isParked());
        assertEquals(Reply.DONE, complete(story, ACTION, true).reply());
        assertEquals(true, story.t().isParked(), "recorded, and nothing more");
        story.say(new Unpark(Samples.GID));
        assertEquals(Status.SUCCEED, story.status());
    }

    @Test
    void theCheckBackOfAMessageMayBeCompletedToo() {
        CallKey inquiry = new CallKey("00", Op.MSG);
        Story story = Story.begin(new Command.Prepare(Samples.msg(1, Options.NONE)));
        story.wake();
        story.returns("00", Op.MSG, callback(60));

        assertEquals(List.of("01 action"), Story.calls(complete(story, inquiry, true)));
        assertEquals(Reply.DONE, complete(story, inquiry, true).reply());
        assertInstanceOf(Reply.Refused.class, complete(story, inquiry, false).reply());
    }

    @Test
    void afterAForcedEndItIsRefused() {
        Story story = submit(Samples.saga(1));
        story.returns("01", Op.ACTION, callback(60));
        story.say(new Command.ForceStop(Samples.GID));

        assertInstanceOf(Reply.Refused.class, complete(story, ACTION, true).reply());
    }

    @Test
    void aTimeOutOfTheSagaDoesNotWaitForIt() {
        Story story = submit(Samples.saga(1, Samples.timeout(20)));
        story.returns("01", Op.ACTION, callback(60));

        assertEquals(List.of("01 compensate"), Story.calls(story.wake()));
        assertEquals(Status.ABORTING, story.status());
    }

    @Test
    void theTokenOfAnEarlierTransactionIsRefused() {
        Story story = submit(Samples.saga(1));
        assertInstanceOf(Reply.Forbidden.class, story.say(new Completion(
            Samples.GID, ACTION, true, "", Story.NOON.minusSeconds(1))).reply());
        assertInstanceOf(Reply.Forbidden.class,
            complete(story, new CallKey("09", Op.ACTION), true).reply());
        assertInstanceOf(Reply.Missing.class, new Story().say(
            new Completion(Samples.GID, ACTION, true, "", Story.NOON)).reply());
    }

    @Test
    void nobodyWaitsForLongerThanAMonth() {
        assertEquals(Limits.CALLBACK_MAX,
            Samples.ONGOING.callback(Limits.CALLBACK_MAX.plusSeconds(1)).callback());
        assertEquals(Limits.CALLBACK_MAX,
            Samples.ONGOING.callback(Limits.CALLBACK_MAX).callback());
    }

    private static Outcome callback(int seconds) {
        return Samples.ONGOING.callback(Duration.ofSeconds(seconds));
    }

    private static Story submit(Submission asked) {
        return Story.begin(new Command.Submit(asked));
    }

    private static Decision complete(Story story, CallKey key, boolean succeeded) {
        return story.say(new Completion(Samples.GID, key, succeeded,
            succeeded ? "" : "no stock", Story.NOON));
    }
}
