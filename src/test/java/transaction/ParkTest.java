package transaction;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static transaction.Samples.FAILURE;
import static transaction.Samples.ONGOING;
import static transaction.Samples.UNKNOWN;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What went wrong too often is left to an operator. */
class ParkTest {

    @Test
    void anActionThatGoesWrongTooOftenParksTheSagaInsteadOfTurningItBack() {
        Story story = submit(Samples.saga(2, parking(2)));
        fail(story, "01", Op.ACTION, 2);
        assertFalse(story.t().isParked(), "two retries are allowed");

        Decision parked = fail(story, "01", Op.ACTION, 1);

        assertParked(story, "01", Op.ACTION, Status.SUBMITTED);
        assertEquals(List.of(), parked.calls());
        assertNull(parked.dueAt());
        assertNull(parked.lookAgainAt());
        assertEquals("connection refused", story.t().parked().reason());
        assertEquals(Waiting.PARKED, Waiting.of(story.t()));
        assertEquals(List.of("parked: 01 action: connection refused"),
            parked.alerts().stream().map(Alert::error).toList());
    }

    @Test
    void whatIsAtWorkIsWaitedForAndAPutOffCallIsNoTry() {
        Story story = submit(Samples.saga(1, parking(1)));
        for (int i = 0; i < 9; i++) {
            story.returns("01", Op.ACTION, i % 2 == 0 ? ONGOING : Outcome.putOff("too many"));
            story.wake();
        }
        assertFalse(story.t().isParked());
    }

    @Test
    void anyOperationOfAnyModeParks() {
        Story saga = submit(Samples.saga(1, parking(1)));
        saga.returns("01", Op.ACTION, FAILURE);
        fail(saga, "01", Op.COMPENSATE, 2);
        assertParked(saga, "01", Op.COMPENSATE, Status.ABORTING);

        for (Mode mode : List.of(Mode.TCC, Mode.XA)) {
            Story forth = Story.begin(new Command.Prepare(Samples.bare(mode, parking(1))),
                Samples.join(mode, "01"), Samples.submit(mode));
            Op op = mode == Mode.TCC ? Op.CONFIRM : Op.COMMIT;
            forth.returns("01", op, FAILURE);
            forth.wake();
            fail(forth, "01", op, 1);
            assertParked(forth, "01", op, Status.SUBMITTED);

            Story back = Story.begin(new Command.Prepare(Samples.bare(mode, parking(1))),
                Samples.join(mode, "01"), Samples.abort(mode));
            Op undo = mode == Mode.TCC ? Op.CANCEL : Op.ROLLBACK;
            fail(back, "01", undo, 2);
            assertParked(back, "01", undo, Status.ABORTING);
        }

        Story delivery = submit(Samples.msg(1, parking(1)));
        fail(delivery, "01", Op.ACTION, 2);
        assertParked(delivery, "01", Op.ACTION, Status.SUBMITTED);

        Story asked = Story.begin(new Command.Prepare(Samples.msg(1, parking(1))));
        asked.wake();
        fail(asked, "00", Op.MSG, 2);
        assertParked(asked, "00", Op.MSG, Status.PREPARED);

        Story workflow = Story.begin(
            new Command.PrepareWorkflow(Samples.workflow(parking(1))));
        workflow.wake();
        fail(workflow, "00", Op.RESUME, 2);
        assertParked(workflow, "00", Op.RESUME, Status.PREPARED);
    }

    @Test
    void aStepMayHaveALimitOfItsOwn() {
        Submission.Step step = new Submission.Step("http://a/act", "http://a/undo", Bytes.EMPTY,
            List.of(), CallOptions.NONE, new CallOptions("", Map.of(), 0, 2), Bytes.EMPTY);
        Story story = submit(new Submission(Samples.GID, Mode.SAGA, List.of(step), "",
            Protocol.HTTP, "", Details.PLAIN, parking(0)));
        fail(story, "01", Op.ACTION, 5);
        assertFalse(story.t().isParked(), "no limit was said of the action");
        story.returns("01", Op.ACTION, FAILURE);

        fail(story, "01", Op.COMPENSATE, 3);

        assertParked(story, "01", Op.COMPENSATE, Status.ABORTING);
    }

    @Test
    void callsInFlightAreStillRecordedAndNothingElseHappens() {
        Story story = submit(Samples.saga(3, Map.of(2, List.of(1)), parking(1)));
        fail(story, "01", Op.ACTION, 1);
        story.returns("01", Op.ACTION, UNKNOWN);
        assertParked(story, "01", Op.ACTION, Status.SUBMITTED);
        assertEquals(List.of("02 action"), story.running());

        Decision late = story.succeeds("02", Op.ACTION);

        assertEquals(List.of(), late.calls());
        assertEquals("succeed", story.rows().get(3));
        assertParked(story, "01", Op.ACTION, Status.SUBMITTED);
        story.later(Duration.ofDays(3)).say(new Command.Resume());
        assertEquals(List.of(), story.last().calls());
        assertParked(story, "01", Op.ACTION, Status.SUBMITTED);
        assertEquals(List.of(), story.crash().calls());
    }

    @Test
    void aFailureThatComesInLateTurnsItBackOnlyWhenItGoesOn() {
        Story story = submit(Samples.saga(2, Map.of(), parking(1)));
        fail(story, "01", Op.ACTION, 1);
        story.returns("01", Op.ACTION, UNKNOWN);
        story.returns("02", Op.ACTION, FAILURE);
        assertParked(story, "01", Op.ACTION, Status.SUBMITTED);

        story.say(new Unpark(Samples.GID, "ada"));

        assertEquals(Status.ABORTING, story.status());
        assertEquals(List.of("01 compensate", "02 compensate"), story.running());
    }

    @Test
    void anOperatorHasItGoOnAndItsTriesAreCountedAnew() {
        Story story = submit(Samples.saga(1, parking(1)));
        fail(story, "01", Op.ACTION, 2);

        Decision on = story.say(new Unpark(Samples.GID, "ada"));

        assertEquals(new Event.Unparked("ada", story.now()), on.events().get(0));
        assertEquals(List.of("01 action"), Story.calls(on));
        assertEquals(Reply.DONE, on.reply());
        assertEquals(Reply.DONE, story.say(new Unpark(Samples.GID)).reply(), "said twice");
        fail(story, "01", Op.ACTION, 1);
        assertFalse(story.t().isParked());
        fail(story, "01", Op.ACTION, 1);
        assertParked(story, "01", Op.ACTION, Status.SUBMITTED);
    }

    @Test
    void nobodyElseHasItGoOn() {
        Story story = submit(Samples.msg(1, parking(1)));
        fail(story, "01", Op.ACTION, 2);

        story.say(new Command.Submit(Samples.msg(1, Options.NONE)));
        assertEquals(Reply.DONE, story.last().reply());
        Reply.Ongoing told = assertInstanceOf(Reply.Ongoing.class,
            story.say(new Command.RetryNow(Samples.GID)).reply());
        assertTrue(told.reason().startsWith("parked: 01 action: "), told.reason());
        assertParked(story, "01", Op.ACTION, Status.SUBMITTED);
        assertEquals(List.of(), story.running());
    }

    @Test
    void theInitiatorsWordIsTakenAllTheSame() {
        Story story = Story.begin(new Command.Prepare(Samples.msg(1, parking(1))));
        story.wake();
        fail(story, "00", Op.MSG, 2);

        story.say(new Command.Submit(Samples.msg(1, Options.NONE)));

        assertParked(story, "00", Op.MSG, Status.SUBMITTED);
        assertEquals(List.of("01 action"), Story.calls(story.say(new Unpark(Samples.GID))));

        Story workflow = Story.begin(
            new Command.PrepareWorkflow(Samples.workflow(parking(1))));
        workflow.wake();
        fail(workflow, "00", Op.RESUME, 2);
        workflow.say(Samples.finish(Status.SUCCEED));
        assertEquals(Status.SUCCEED, workflow.status());
        assertFalse(workflow.t().isParked());
    }

    @Test
    void aForcedEndEndsTheParkingToo() {
        Story story = submit(Samples.saga(1, parking(1)));
        fail(story, "01", Op.ACTION, 2);

        story.say(new Command.ForceStop(Samples.GID));

        assertEquals(Status.FAILED, story.status());
        assertFalse(story.t().isParked());
    }

    @Test
    void whoWaitsIsToldThatItIsParked() {
        Options options = new Options(true, 0, 0, 0, 1, 0, Map.of(), false, VerdictMode.UNSAID,
            true);
        for (Submission asked : List.of(Samples.saga(1, options), Samples.msg(1, options))) {
            Story story = submit(asked);
            fail(story, "01", Op.ACTION, 1);
            Decision last = story.returns("01", Op.ACTION, UNKNOWN);

            Reply.Ongoing reply =
                assertInstanceOf(Reply.Ongoing.class, last.replyTo(Status.SUCCEED));
            assertTrue(reply.reason().startsWith("parked: 01 action: connection refused;"),
                reply.reason());
        }
    }

    @Test
    void withoutALimitThereIsNothingToPark() {
        assertEquals("on_exhausted needs a retry_limit", assertThrows(InvalidRequest.class,
            () -> Samples.saga(1, parking(0)).checked()).getMessage());
        assertDoesNotThrow(() -> Samples.saga(1, parking(1)).checked());
    }

    private static Options parking(int limit) {
        return new Options(false, 0, 0, 0, limit, 0, Map.of(), false, VerdictMode.UNSAID, true);
    }

    private static Story submit(Submission asked) {
        return Story.begin(new Command.Submit(asked));
    }

    /** Goes wrong so many times; between them it is waited for. */
    private static Decision fail(Story story, String branch, Op op, int times) {
        Decision last = null;
        for (int i = 0; i < times; i++) {
            if (!story.live().isBusy(branch)) {
                story.wake();
            }
            last = story.returns(branch, op, UNKNOWN);
        }
        return last;
    }

    private static void assertParked(Story story, String branch, Op op, Status status) {
        assertTrue(story.t().isParked());
        assertEquals(new CallKey(branch, op), story.t().parked().key());
        assertEquals(status, story.status());
    }
}
