package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is only noted: the command's own facts, and when the rest would be due. */
class NoteTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private static final Submission EMPTY_SAGA = new Submission("g", Mode.SAGA,
        List.of(new Submission.Step("", "", Bytes.EMPTY)), "", Protocol.HTTP, "", Details.PLAIN,
        Options.NONE);

    @Test
    void aSagaWithNothingToCallIsSubmittedAndDueNow() {
        Decision noted = Decider.note(GlobalTransaction.ABSENT, Live.NONE,
            new Command.Submit(EMPTY_SAGA), at(0));

        assertEquals(1, noted.events().size());
        assertEquals(Status.SUBMITTED, noted.after().status());
        assertEquals(Reply.DONE, noted.reply());
        assertEquals(NOON, noted.dueAt());
        assertEquals(Status.SUCCEED, Decider.decide(
            noted.after(), noted.live(), new Command.Resume(), at(5)).after().status());
    }

    @Test
    void whatWaitsIsDueWhenItsWaitIsOver() {
        Decision prepared = Decider.note(GlobalTransaction.ABSENT, Live.NONE,
            new Command.Prepare(Submission.bare("g", Mode.TCC)), at(0));
        assertEquals(NOON.plus(Policy.DEFAULT.timeoutToFail()), prepared.dueAt());

        Decision late = Decider.note(
            prepared.after(), prepared.live(), new Command.Resume(), at(60));
        assertEquals(List.of(), late.events());
        assertEquals(NOON.plusSeconds(60), late.dueAt());
        assertEquals(Status.PREPARED, late.after().status());
    }

    @Test
    void aLookShowsAndARefusalIsOne() {
        Decision looked = Decider.note(GlobalTransaction.ABSENT, Live.NONE,
            new Command.Look("g"), at(0));
        assertInstanceOf(Reply.Found.class, looked.reply());
        assertNull(looked.lookAgainAt());

        Decision refused = Decider.note(GlobalTransaction.ABSENT, Live.NONE,
            new Command.RetryNow("g"), at(0));
        assertInstanceOf(Reply.Missing.class, refused.reply());
    }

    private static Moment at(int seconds) {
        return new Moment(NOON.plus(Duration.ofSeconds(seconds)), Policy.DEFAULT);
    }
}
