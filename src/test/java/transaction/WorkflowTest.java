package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static transaction.Samples.ONGOING;
import static transaction.Samples.UNKNOWN;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Protocol section 4.6. */
class WorkflowTest {

    @Test
    void theInitiatorReadsItsProgressAndEndsIt() {
        Story story = prepared();
        story.say(step("01", "action", "succeed", "one"));
        story.say(step("02", "action", "failed", "no stock"));

        story.say(Samples.prepare(Mode.WORKFLOW));
        Reply.Found found = assertInstanceOf(Reply.Found.class, story.last().reply());
        assertEquals(List.of("succeed", "failed"), found.transaction().ops().stream()
            .map(op -> op.status().wire()).toList());
        assertEquals("no stock", found.transaction().ops().get(1).payload().toUtf8());

        story.say(Samples.finish(Status.FAILED));
        assertEquals(Status.FAILED, story.status());
        assertEquals("no stock", story.t().reason());
    }

    @Test
    void theResultIsKeptAsItWasSent() {
        Story story = prepared();

        story.say(Samples.finish(Status.SUCCEED));

        story.say(Samples.prepare(Mode.WORKFLOW));
        Reply.Found found = (Reply.Found) story.last().reply();
        assertEquals("cmVzdWx0", found.transaction().result());
        assertEquals("cmVzdWx0", found.summary().result());
    }

    @ParameterizedTest(name = "{0} {1} {2} then {3} {4} {5}: {6}")
    @CsvSource(delimiter = '|', textBlock = """
        succeed | ''   | r | succeed | ''    | r | done
        succeed | ''   | r | succeed | ''    | s | refused
        succeed | ''   | r | failed  | why   | r | refused
        failed  | why  | '' | failed | why   | '' | done
        failed  | why  | '' | failed | other | '' | refused
        """)
    void theFirstWordStands(String first, String why, String result, String second,
            String otherWhy, String otherResult, String reply) {
        Story story = prepared();
        story.say(new Command.FinishWorkflow(
            Samples.GID, Status.of(first).orElseThrow(), why, result));
        GlobalTransaction ended = story.t();

        story.say(new Command.FinishWorkflow(
            Samples.GID, Status.of(second).orElseThrow(), otherWhy, otherResult));

        assertEquals(reply, Replies.nameOf(story.last().reply()));
        assertEquals(ended, story.t());
    }

    @Test
    void onlySucceedAndFailedEndIt() {
        for (Status other : List.of(Status.PREPARED, Status.SUBMITTED, Status.ABORTING)) {
            assertThrows(InvalidRequest.class,
                () -> new Command.FinishWorkflow(Samples.GID, other, "", "").check(Samples.GID));
        }
    }

    @Test
    void aRecordedStepIsRecordedOnce() {
        Story story = prepared();
        story.say(step("01", "action", "succeed", "one"));

        assertEquals(Reply.DONE, story.say(step("01", "action", "succeed", "one")).reply());
        story.say(step("01", "action", "succeed", "two"));
        assertInstanceOf(Reply.Refused.class, story.last().reply());
        story.say(step("01", "action", "failed", "one"));
        assertInstanceOf(Reply.Refused.class, story.last().reply());
        assertEquals(Reply.DONE, story.say(step("01", "rollback", "succeed", "")).reply());
        assertEquals(2, story.t().ops().size());
    }

    @ParameterizedTest(name = "op {0} status {1} is invalid")
    @CsvSource({"resume, succeed", "'', succeed", "jump, succeed", "action, prepared",
        "action, ''", "action, done"})
    void aStepThatMakesNoSenseIsInvalid(String op, String status) {
        Story story = prepared();

        story.say(step("01", op, status, ""));

        assertInstanceOf(Reply.Invalid.class, story.last().reply());
    }

    @Test
    void itIsCalledBackWithItsNameAndDataOnceItFallsSilent() {
        Story story = prepared();
        assertEquals(Story.NOON.plusSeconds(10), story.last().lookAgainAt());
        story.later(8).say(step("01", "action", "succeed", "one"));
        assertEquals(Story.NOON.plusSeconds(18), story.last().lookAgainAt());

        story.wake();

        BranchCall call = story.last().calls().get(0);
        assertEquals("order", call.op());
        assertEquals("00", call.branchId());
        assertEquals("http://initiator/resume", call.url());
        assertEquals("{\"sku\":7}", call.payload().toUtf8());
    }

    @Test
    void whateverTheCallbackAnswersItIsCalledAgainUntilItsInitiatorEndsIt() {
        Story story = prepared();
        for (Outcome outcome : List.of(Outcome.SUCCESS, ONGOING, Samples.FAILURE, UNKNOWN,
                Outcome.SUCCESS, UNKNOWN, UNKNOWN, UNKNOWN)) {
            assertEquals(List.of("00 order"), Story.calls(story.wake()));
            story.returns("00", Op.RESUME, outcome);
            assertEquals(Status.PREPARED, story.status());
            Duration wait = Duration.between(story.now(), story.last().lookAgainAt());
            assertTrue(wait.compareTo(Duration.ofSeconds(60)) <= 0, "waits " + wait);
            assertTrue(wait.compareTo(Duration.ofSeconds(10)) >= 0, "waits " + wait);
        }
        story.say(Samples.finish(Status.SUCCEED));
        assertEquals(null, story.last().lookAgainAt());
    }

    @Test
    void aCallbackThatSucceedsBringsBackTheFirstPace() {
        Story story = prepared();
        story.wake();
        story.returns("00", Op.RESUME, UNKNOWN);
        story.wake();
        story.returns("00", Op.RESUME, UNKNOWN);
        assertEquals(story.now().plusSeconds(40), story.last().lookAgainAt());
        story.wake();

        story.succeeds("00", Op.RESUME);

        assertEquals(story.now().plusSeconds(10), story.last().lookAgainAt());
        story.wake();
        assertEquals(List.of(), story.succeeds("00", Op.RESUME).events(), "nothing was learned");
        story.wake();
        story.returns("00", Op.RESUME, UNKNOWN);
        assertEquals(story.now().plusSeconds(20), story.last().lookAgainAt());
        assertEquals(1, story.t().inquiry().backoff().attempts());
    }

    @Test
    void withoutACallbackItRests() {
        Submission quiet = new Submission(Samples.GID, Mode.WORKFLOW, List.of(), "",
            Protocol.HTTP, "", Details.PLAIN, Options.NONE);
        Story story = Story.begin(new Command.PrepareWorkflow(quiet));

        story.wake();

        assertEquals(Status.PREPARED, story.status());
        assertEquals(List.of(), story.running());
        assertEquals(story.now().plus(Limits.IDLE_LOOK), story.last().lookAgainAt());
    }

    @Test
    void anOperatorMayHurryTheCallback() {
        Story story = prepared();

        assertEquals(List.of("00 order"),
            Story.calls(story.say(new Command.RetryNow(Samples.GID))));
        for (Outcome outcome : List.of(UNKNOWN, Outcome.SUCCESS)) {
            story.returns("00", Op.RESUME, outcome);
            assertEquals(List.of("00 order"),
                Story.calls(story.say(new Command.RetryNow(Samples.GID))), "no wait holds it");
        }
    }

    private static Story prepared() {
        return Story.begin(Samples.prepare(Mode.WORKFLOW));
    }

    private static Command step(String branch, String op, String status, String data) {
        return new Command.JoinBranch(new BranchRegistration(Samples.GID, Mode.WORKFLOW, branch,
            Map.of("op", op, "status", status), Bytes.utf8(data)));
    }
}
