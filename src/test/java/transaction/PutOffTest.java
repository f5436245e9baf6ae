package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A call that was due and was not made, because its host does not answer, is no try. */
class PutOffTest {

    private static final Outcome PUT_OFF = Outcome.putOff("too many");

    @Test
    void itCountsTowardsNoRetryLimitAndRaisesNoAlertAndItsHourIsOnRecord() {
        Story story = Story.begin(new Command.Submit(Samples.saga(1, Samples.retryLimit(3, 0))));
        for (int i = 0; i < 3; i++) {
            story.returns("01", Op.ACTION, Samples.UNKNOWN);
        }
        for (int i = 0; i < 20; i++) {
            Decision decision = story.returns("01", Op.ACTION, PUT_OFF);
            assertEquals(Status.SUBMITTED, decision.after().status());
            assertEquals(3, decision.after().actionsRetried());
            assertEquals(List.of(), decision.alerts());
            assertEquals(decision.lookAgainAt(), decision.dueAt());
            assertTrue(decision.dueAt().isAfter(story.now()));
            assertFalse(decision.dueAt().isAfter(story.now().plusSeconds(60)));
            story.crash();
            assertEquals(List.of(), story.running(), "a restart does not cut the wait short");
            assertEquals(List.of("01 action"), Story.calls(story.wake()));
        }

        story.returns("01", Op.ACTION, Samples.UNKNOWN);
        assertEquals(Status.ABORTING, story.t().status(), "the fourth that has gone wrong");
    }

    @Test
    void aClientThatWaitsHearsThatItIsBeingTriedAndNeverThatItFailed() {
        Live live = Live.NONE.returned(new CallKey("01", Op.ACTION), PUT_OFF);
        for (Mode mode : List.of(Mode.SAGA, Mode.TCC, Mode.XA, Mode.MSG)) {
            Decision over = new Decision(List.of(), Samples.in(mode, Status.SUBMITTED).t(), live,
                List.of(), null, null, null, null, List.of());

            assertInstanceOf(Reply.Ongoing.class, over.replyTo(Status.SUCCEED), mode.wire());
        }
    }

    @Test
    void onlyWhatHasGoneWrongBeforeMayBePutOffAndNotIfAnOperatorWantsItNow() {
        Story story = Story.begin(new Command.Submit(Samples.saga(1)));
        assertFalse(story.last().calls().get(0).isRepeat());
        story.returns("01", Op.ACTION, Samples.ONGOING);
        assertFalse(story.wake().calls().get(0).isRepeat(), "its participant is at work");
        story.returns("01", Op.ACTION, Samples.UNKNOWN);
        assertTrue(story.wake().calls().get(0).isRepeat());
        story.returns("01", Op.ACTION, PUT_OFF);

        Decision retried = story.say(new Command.RetryNow(Samples.GID));

        assertEquals(List.of("01 action"), Story.calls(retried));
        assertFalse(retried.calls().get(0).isRepeat());
    }

    @Test
    void whoAsksInTheNameOfAMessageMayBePutOffToo() {
        Story story = Story.begin(Samples.prepare(Mode.MSG));
        assertEquals(1, story.wake().calls().size());
        CallKey inquiry = story.last().calls().get(0).key();
        story.returns(inquiry.branchId(), inquiry.op(), Samples.UNKNOWN);
        story.wake();

        Decision decision = story.returns(inquiry.branchId(), inquiry.op(), PUT_OFF);

        assertEquals(Status.PREPARED, decision.after().status());
        assertEquals(1, decision.after().inquiry().backoff().attempts());
        assertEquals(1, story.wake().calls().size());
    }

    @Test
    void theReasonTellsItFromATry() {
        Story story = Story.begin(new Command.Submit(Samples.saga(1)));
        Event failed = story.returns("01", Op.ACTION, Samples.UNKNOWN).events().get(0);
        story.wake();
        Event putOff = story.returns("01", Op.ACTION, PUT_OFF).events().get(0);

        assertFalse(((Event.RetryScheduled) failed).isPutOff());
        assertTrue(((Event.RetryScheduled) putOff).isPutOff());
    }
}
