package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static transaction.Samples.FAILURE;
import static transaction.Samples.UNKNOWN;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whoever may not be called is left to an operator at once: no refusal, no try, no time-out. */
@DisplayName("J-01: a call that may not be made parks its transaction")
class ForbiddenTest {

    private static final Outcome FORBIDDEN = Outcome.forbidden("10.0.0.5:80 is private");

    @Test
    void itIsParkedAtOnceThoughNobodyAskedForThat() {
        Story story = Story.begin(new Command.Submit(Samples.saga(2)));

        Decision parked = story.returns("01", Op.ACTION, FORBIDDEN);

        assertParked(story, "01", Op.ACTION, Status.SUBMITTED);
        assertEquals(List.of(new Event.Parked(
            new CallKey("01", Op.ACTION), FORBIDDEN.reason(), story.now())), parked.events());
        assertEquals(List.of(), parked.calls());
        assertNull(parked.dueAt());
        assertEquals(List.of("parked: 01 action: 10.0.0.5:80 is private"),
            parked.alerts().stream().map(Alert::error).toList());
        assertEquals(0, story.t().op(new CallKey("01", Op.ACTION)).orElseThrow().tries());
    }

    @Test
    void anyOperationOfAnyModeIs() {
        Story undo = Story.begin(new Command.Submit(Samples.saga(1)));
        undo.returns("01", Op.ACTION, FAILURE);
        undo.returns("01", Op.COMPENSATE, FORBIDDEN);
        assertParked(undo, "01", Op.COMPENSATE, Status.ABORTING);

        for (Mode mode : List.of(Mode.TCC, Mode.XA)) {
            Story forth = Story.begin(new Command.Prepare(Samples.bare(mode, Options.NONE)),
                Samples.join(mode, "01"), Samples.submit(mode));
            forth.returns("01", mode == Mode.TCC ? Op.CONFIRM : Op.COMMIT, FORBIDDEN);
            assertTrue(forth.t().isParked());
            assertEquals(Status.SUBMITTED, forth.status());

            Story back = Story.begin(new Command.Prepare(Samples.bare(mode, Options.NONE)),
                Samples.join(mode, "01"), Samples.abort(mode));
            back.returns("01", mode == Mode.TCC ? Op.CANCEL : Op.ROLLBACK, FORBIDDEN);
            assertTrue(back.t().isParked());
            assertEquals(Status.ABORTING, back.status());
        }

        Story delivery = Story.begin(new Command.Submit(Samples.msg(1, Options.NONE)));
        delivery.returns("01", Op.ACTION, FORBIDDEN);
        assertParked(delivery, "01", Op.ACTION, Status.SUBMITTED);

        Story asked = Story.begin(new Command.Prepare(Samples.msg(1, Options.NONE)));
        asked.wake();
        asked.returns("00", Op.MSG, FORBIDDEN);
        assertParked(asked, "00", Op.MSG, Status.PREPARED);

        Story workflow = Story.begin(
            new Command.PrepareWorkflow(Samples.workflow(Options.NONE)));
        workflow.wake();
        workflow.returns("00", Op.RESUME, FORBIDDEN);
        assertParked(workflow, "00", Op.RESUME, Status.PREPARED);
    }

    @Test
    void neitherARetryLimitNorATimeOutTurnsItBack() {
        Story story = Story.begin(new Command.Submit(Samples.saga(1, new Options(
            false, 30, 0, 0, 1, 0, Map.of(), false))));
        story.returns("01", Op.ACTION, FORBIDDEN);

        story.later(Duration.ofDays(3)).say(new Command.Resume());

        assertParked(story, "01", Op.ACTION, Status.SUBMITTED);
        assertEquals(0, story.t().actionsRetried());
    }

    @Test
    void itIsAskedAgainWhenAnOperatorSaysSoAndParkedAgainIfNothingHasChanged() {
        Story story = Story.begin(new Command.Submit(Samples.saga(1)));
        story.returns("01", Op.ACTION, FORBIDDEN);

        assertEquals(List.of("01 action"), Story.calls(story.say(new Unpark(Samples.GID))));
        story.returns("01", Op.ACTION, FORBIDDEN);
        assertParked(story, "01", Op.ACTION, Status.SUBMITTED);

        assertEquals(List.of("01 action"), Story.calls(story.say(new Unpark(Samples.GID))));
        story.succeeds("01", Op.ACTION);
        assertEquals(Status.SUCCEED, story.status());
    }

    @Test
    void aSecondOneChangesNothing() {
        Story story = Story.begin(new Command.Submit(
            Samples.saga(3, Map.of(), Options.NONE)));
        story.returns("01", Op.ACTION, FORBIDDEN);

        Decision second = story.returns("02", Op.ACTION, FORBIDDEN);
        Decision third = story.succeeds("03", Op.ACTION);

        assertEquals(List.of(), second.events());
        assertEquals(List.of(), second.alerts());
        assertEquals(1, third.events().size(), "what is on its way is recorded");
        assertParked(story, "01", Op.ACTION, Status.SUBMITTED);
        assertEquals(List.of("01 action", "02 action"),
            Story.calls(story.say(new Unpark(Samples.GID))));
    }

    @Test
    void anActionThatIsNotWantedAnyMoreParksNothing() {
        Story story = Story.begin(new Command.Submit(
            Samples.saga(2, Map.of(), Options.NONE)));
        story.returns("02", Op.ACTION, FAILURE);
        assertEquals(Status.ABORTING, story.status());

        Decision late = story.returns("01", Op.ACTION, FORBIDDEN);

        assertFalse(story.t().isParked());
        assertEquals(List.of("01 compensate"), Story.calls(late));
    }

    @Test
    void whatComesInLateToAParkedOneDoesNoHarm() {
        Story story = Story.begin(new Command.Submit(
            Samples.saga(2, Map.of(), Options.NONE)));
        story.returns("02", Op.ACTION, FAILURE);
        story.returns("02", Op.COMPENSATE, FORBIDDEN);

        Decision late = story.returns("01", Op.ACTION, UNKNOWN);

        assertEquals(List.of(), late.events());
        assertEquals(List.of(), late.alerts());
        assertParked(story, "02", Op.COMPENSATE, Status.ABORTING);
    }

    @Test
    void whoWaitsIsToldTheReason() {
        Story story = Story.begin(new Command.Submit(Samples.saga(1, Samples.waiting())));

        Decision last = story.returns("01", Op.ACTION, FORBIDDEN);

        Reply.Ongoing reply =
            assertInstanceOf(Reply.Ongoing.class, last.replyTo(Status.SUCCEED));
        assertTrue(reply.reason().startsWith("parked: 01 action: 10.0.0.5:80 is private"),
            reply.reason());
    }

    private static void assertParked(Story story, String branch, Op op, Status status) {
        assertTrue(story.t().isParked());
        assertEquals(new CallKey(branch, op), story.t().parked().key());
        assertEquals(status, story.status());
    }
}
