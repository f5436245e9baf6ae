package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static transaction.Samples.FAILURE;
import static transaction.Samples.UNKNOWN;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What users of other coordinators suffered, as far as the rules alone can show that it does not
 * happen here. The number is that of the list which all suites share.
 */
class RivalsBugsTest {

    @Test
    @DisplayName("1. Compensations run in exact reverse order (seata#6120, narayana#2301)")
    void reverseOrder() {
        int steps = 12;
        Story story = Story.begin(new Command.Submit(Samples.saga(steps)));
        for (int i = 1; i < steps; i++) {
            story.succeeds(BranchOp.idOf(i - 1), Op.ACTION);
        }
        story.returns(BranchOp.idOf(steps - 1), Op.ACTION, FAILURE);

        List<String> undone = new ArrayList<>();
        while (!story.t().isFinal()) {
            assertEquals(1, story.running().size(), "one at a time");
            String branch = story.running().get(0).split(" ")[0];
            undone.add(0, branch);
            story.crash();
            story.succeeds(branch, Op.COMPENSATE);
        }
        assertEquals(undone.stream().sorted().toList(), undone);
        assertEquals(steps, undone.size());
    }

    @Test
    @DisplayName("2. Unknown branch result + global timeout: the branch is compensated, never"
        + " skipped (dtm#272)")
    void unknownAndTimeout() {
        Story story = Story.begin(new Command.Submit(Samples.saga(2, Samples.timeout(15))));
        story.returns("01", Op.ACTION, UNKNOWN);

        story.wake();
        story.wake();

        assertEquals(Status.ABORTING, story.status());
        assertEquals(List.of("01"), story.t().undo());
    }

    @Test
    @DisplayName("3. Forward step slower than timeout: it is waited for before it is undone, and"
        + " its late yes changes nothing (pack#346, seata#4073)")
    void slowerThanTimeout() {
        Options options = new Options(false, 10, 30, 0, 0, 0, Map.of(), false);
        Story story = Story.begin(new Command.Submit(Samples.saga(2, options)));

        story.wake();
        assertEquals(Status.ABORTING, story.status());
        assertEquals(List.of("01 action"), story.running(), "no overtaking");

        assertEquals(List.of("01 compensate"),
            Story.calls(story.later(5).succeeds("01", Op.ACTION)));
        story.succeeds("01", Op.COMPENSATE);
        assertEquals(Status.FAILED, story.status());
    }

    @Test
    @DisplayName("4. Crash at every write point during compensation, restart, finish"
        + " (seata#5173, pack#635, sagas#40)")
    void crashWhileCompensating() {
        for (int crashAfter = 0; crashAfter < 12; crashAfter++) {
            Story story = Story.begin(new Command.Submit(Samples.saga(3)));
            for (int i = 0; !story.t().isFinal(); i++) {
                if (i == crashAfter) {
                    story.crash();
                }
                if (story.running().isEmpty()) {
                    story.wake();
                }
                String[] call = story.running().get(0).split(" ");
                boolean last = call[0].equals("03") && call[1].equals("action");
                boolean stumbles = call[1].equals("compensate") && i % 2 == 0;
                story.returns(call[0], Op.of(call[1]).orElseThrow(),
                    last ? FAILURE : stumbles ? UNKNOWN : Outcome.SUCCESS);
            }
            assertEquals(List.of("succeed", "succeed", "succeed", "succeed", "succeed", "failed"),
                story.rows());
        }
    }

    @Test
    @DisplayName("5. Retries for 8+ days: nothing expires, nothing is forgotten (dtm Redis code"
        + " finding)")
    void eightDays() {
        Moment moment = new Story().moment();
        Decision decision = Decider.decide(GlobalTransaction.ABSENT, Live.NONE,
            new Command.Submit(Samples.msg(1, Options.NONE)), moment);
        CallKey key = new CallKey("01", Op.ACTION);
        int calls = 0;
        while (moment.now().isBefore(Story.NOON.plus(Duration.ofDays(9)))) {
            assertEquals(1, decision.calls().size());
            calls++;
            decision = Decider.decide(decision.after(), decision.live(),
                new Command.BranchReturned(key, UNKNOWN), moment);
            moment = new Moment(decision.lookAgainAt(), moment.policy());
            decision = Decider.decide(
                decision.after(), decision.live(), new Command.Resume(), moment);
        }
        assertTrue(calls > 9 * 24 * 59, "tried only " + calls + " times");
        decision = Decider.decide(decision.after(), decision.live(),
            new Command.BranchReturned(key, Outcome.SUCCESS), moment);
        assertEquals(Status.SUCCEED, decision.after().status());
    }

    @Test
    @DisplayName("9. Retry limits and intervals honoured exactly (seata#5077, dtm#256)")
    void limitsAndIntervals() {
        for (int limit = 1; limit <= 5; limit++) {
            Story story = Story.begin(
                new Command.Submit(Samples.saga(1, Samples.retryLimit(limit, 0))));
            int calls = 1;
            while (story.returns("01", Op.ACTION, UNKNOWN).after().status() == Status.SUBMITTED) {
                calls++;
                story.crash();
            }
            assertEquals(limit + 1, calls);
        }
        Story slow = Story.begin(new Command.Submit(Samples.saga(1, Samples.retryInterval(90))));
        slow.returns("01", Op.ACTION, UNKNOWN);
        assertEquals(Story.NOON.plusSeconds(90), slow.last().lookAgainAt());
    }

    @Test
    @DisplayName("10. Definite failure answer in TCC leads to Cancel (dtm#545)")
    void failureInTcc() {
        Story story = Story.begin(Samples.prepare(Mode.TCC), Samples.join(Mode.TCC, "01"),
            Samples.join(Mode.TCC, "02"));

        story.say(Samples.abort(Mode.TCC));

        assertEquals(List.of("02 cancel"), story.running());
        story.succeeds("02", Op.CANCEL);
        story.succeeds("01", Op.CANCEL);
        assertEquals(Status.FAILED, story.status());
    }

    @Test
    @DisplayName("11. Over-large payload rejected cleanly, nothing half-created (temporal#1267)")
    void overLarge() {
        Bytes tooMuch = Bytes.of(new byte[Limits.PAYLOAD_BYTES + 1]);

        assertThrows(InvalidRequest.class,
            () -> new Submission(Samples.GID, Mode.SAGA,
                List.of(new Submission.Step("http://p/act", "", tooMuch)), "", Protocol.HTTP, "",
                Details.PLAIN, Options.NONE).checked());
        assertThrows(InvalidRequest.class, () -> new BranchRegistration(
            Samples.GID, Mode.TCC, "01", Map.of(), tooMuch).check());
        assertThrows(InvalidRequest.class, () -> new Submission(Samples.GID, Mode.SAGA,
            Collections.nCopies(Limits.STEPS + 1, Samples.steps(1).get(0)), "", Protocol.HTTP, "",
            Details.PLAIN, Options.NONE).checked());
    }

    @Test
    @DisplayName("12. One poisoned history does nothing but say so (sagas#72)")
    void poisoned() {
        GlobalTransaction poisoned = new Event.Quarantined("does not add up", Story.NOON)
            .applyTo(Samples.in(Mode.SAGA, Status.SUBMITTED).t());

        for (Command command : List.of(new Command.Resume(), Samples.submit(Mode.SAGA),
                new Command.ForceStop(Samples.GID), new Command.RetryNow(Samples.GID))) {
            Decision decision = Decider.decide(
                poisoned, Live.NONE, command, new Story().moment());
            assertInstanceOf(Reply.Troubled.class, decision.reply());
            assertEquals(List.of(), decision.events());
            assertEquals(List.of(), decision.calls());
            assertEquals(null, decision.lookAgainAt());
        }
        Decision shown = Decider.decide(poisoned, Live.NONE, new Command.Look(Samples.GID),
            new Story().moment());
        assertEquals("does not add up",
            ((Reply.Found) shown.reply()).summary().quarantine());
    }

    @Test
    @DisplayName("14. Deadlines survive restart and still fire (narayana#1530, axon#861, pack#695)")
    void deadlines() {
        for (Mode mode : List.of(Mode.TCC, Mode.XA, Mode.MSG)) {
            Story story = Samples.in(mode, Status.PREPARED);
            for (int i = 0; i < 5; i++) {
                story.later(6).crash();
            }
            assertEquals(Status.PREPARED, story.status());
            assertEquals(Story.NOON.plus(Policy.DEFAULT.timeoutToFail()),
                story.last().lookAgainAt());
            story.wake();
            assertEquals(1, story.running().size(), "cancelled, rolled back, or asked about");
        }
        Story saga = Story.begin(new Command.Submit(Samples.saga(1, Samples.timeout(40))));
        saga.later(39).crash();
        assertEquals(Status.SUBMITTED, saga.status());
        saga.later(2).crash();
        assertEquals(Status.ABORTING, saga.status());
    }

    @Test
    @DisplayName("15. Registration racing with rollback (seata#1825/#152); second start with same"
        + " id is idempotent")
    void registrationRaces() {
        for (Mode mode : List.of(Mode.TCC, Mode.XA)) {
            Story story = Samples.in(mode, Status.PREPARED);
            assertEquals(Reply.DONE, story.say(Samples.prepare(mode)).reply());
            assertEquals(List.of(), story.last().events(), "the same start again");

            story.say(Samples.abort(mode));
            story.say(Samples.join(mode, "02"));

            assertInstanceOf(Reply.Refused.class, story.last().reply());
            assertEquals(List.of(), story.last().events());
            assertEquals(2, story.t().ops().size());
        }
    }

    @Test
    @DisplayName("18. Clock jumps of an hour, either way: calls go on, and nothing is decided that"
        + " the clock alone could not decide")
    void clockJumps() {
        for (Mode mode : List.of(Mode.SAGA, Mode.MSG)) {
            Story story = Samples.in(mode, Status.SUBMITTED);
            story.returns("01", Op.ACTION, UNKNOWN);
            story.later(Duration.ofHours(-1)).say(new Command.Resume());

            assertEquals(List.of("01 action"), story.running(), "no wait lasts for an hour");
            story.returns("01", Op.ACTION, UNKNOWN);
            story.later(Duration.ofHours(1)).say(new Command.Resume());
            assertEquals(List.of("01 action"), story.running());
            assertEquals(Status.SUBMITTED, story.status());
        }
        Story ongoing = Samples.in(Mode.SAGA, Status.SUBMITTED);
        ongoing.returns("01", Op.ACTION, Samples.ONGOING);
        ongoing.later(Duration.ofHours(-1)).say(new Command.Resume());
        assertEquals(List.of("01 action"), ongoing.running());
    }
}
