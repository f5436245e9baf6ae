package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the index says a transaction waits for. */
class WaitingTest {

    @Test
    void whoIsPreparedWaitsForItsInitiator() {
        assertWaits(Waiting.INITIATOR, Story.begin(
            new Command.Prepare(Submission.bare(Samples.GID, Mode.TCC))));
        assertWaits(Waiting.INITIATOR, Story.begin(
            new Command.PrepareWorkflow(Samples.workflow(Options.NONE))));
    }

    @Test
    void whoeverIsCalledIsWaitedFor() {
        Story story = Story.begin(new Command.Submit(Samples.saga(2)));
        assertWaits(Waiting.PARTICIPANT, story);

        story.succeeds("01", Op.ACTION);
        assertWaits(Waiting.PARTICIPANT, story);
    }

    @Test
    void aCallThatWentWrongIsMadeAgain() {
        Story story = Story.begin(new Command.Submit(Samples.saga(2)));
        story.returns("01", Op.ACTION, Samples.UNKNOWN);
        assertWaits(Waiting.RETRY, story);

        story.say(new Command.RetryNow(Samples.GID));
        assertWaits(Waiting.PARTICIPANT, story);
    }

    @Test
    void aCallMayBePutOff() {
        Story story = Story.begin(new Command.Submit(Samples.saga(1)));
        story.returns("01", Op.ACTION, Outcome.putOff("it does not answer"));
        assertWaits(Waiting.PUT_OFF, story);
    }

    @Test
    void aMessageMayHaveToWait() {
        Story story = Story.begin(new Command.Submit(
            Samples.msg(1, "{\"delay\":60}", new Details.Delay(60), Options.NONE)));
        assertWaits(Waiting.DELAY, story);

        story.later(60).wake();
        story.returns("01", Op.ACTION, Samples.UNKNOWN);
        assertWaits(Waiting.RETRY, story);
    }

    @Test
    void whoHasEndedWaitsForNothing() {
        Story story = Story.begin(new Command.Submit(Samples.saga(1)));
        story.succeeds("01", Op.ACTION);
        assertWaits(Waiting.NOTHING, story);
        assertEquals(Waiting.NOTHING,
            Waiting.of(new Event.Quarantined("a hole", Story.NOON).applyTo(story.t())));
    }

    @Test
    void eachHasAWord() {
        for (Waiting each : Waiting.values()) {
            assertEquals(Optional.of(each), Waiting.of(each.wire()));
        }
        assertEquals(Optional.empty(), Waiting.of("godot"));
    }

    private static void assertWaits(Waiting cause, Story story) {
        assertEquals(cause, Summary.of(story.t(), null, Policy.DEFAULT).waiting());
    }
}
