package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TCC and XA: protocol sections 4.3 and 4.4. */
class TwoPhaseTest {

    @ParameterizedTest(name = "{0} {1}: {2}, then {3}, then {4}")
    @CsvSource(delimiter = '|', textBlock = """
        tcc | submit | 03 confirm  | 02 confirm  | 01 confirm  | succeed
        tcc | abort  | 03 cancel   | 02 cancel   | 01 cancel   | failed
        xa  | submit | 01 commit   | 02 commit   | 03 commit   | succeed
        xa  | abort  | 01 rollback | 02 rollback | 03 rollback | failed
        """)
    void allBranchesTakeTheDecidedWayOneByOne(String mode, String command, String first,
            String second, String third, String end) {
        Story story = prepared(mode, "01", "02", "03");

        story.say(command.equals("submit") ? Samples.submit(modeOf(mode))
            : Samples.abort(modeOf(mode)));

        for (String call : List.of(first, second, third)) {
            assertEquals(List.of(call), story.running());
            String[] words = call.split(" ");
            story.returns(words[0], Op.of(words[1]).orElseThrow(), Samples.UNKNOWN);
            assertEquals(List.of(), story.running(), "one that does not succeed holds the rest");
            story.wake();
            story.returns(words[0], Op.of(words[1]).orElseThrow(), Samples.FAILURE);
            story.wake();
            story.succeeds(words[0], Op.of(words[1]).orElseThrow());
        }
        assertEquals(end, story.status().wire());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        tcc | 01 cancel, 01 confirm, 02 cancel, 02 confirm
        xa  | 01 rollback, 01 commit, 02 rollback, 02 commit
        """)
    void branchesAreListedAsTheyRegistered(String mode, String rows) {
        Story story = prepared(mode, "01", "02");

        assertEquals(List.of(rows.split(", ")), story.t().ops().stream()
            .map(op -> op.branchId() + " " + op.op().wire()).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcc", "xa"})
    void aBranchRegisteredAgainIsTheSameBranch(String mode) {
        Story story = prepared(mode, "01");

        assertEquals(Reply.DONE, story.say(Samples.join(modeOf(mode), "01")).reply());
        assertEquals(List.of(), story.last().events());
        Map<String, String> other = Map.of(
            "confirm", "http://q/c", "cancel", "", "url", "http://q/xa");
        story.say(new Command.JoinBranch(new BranchRegistration(
            Samples.GID, modeOf(mode), "01", other, Bytes.EMPTY)));
        assertInstanceOf(Reply.Refused.class, story.last().reply());
        assertEquals(2, story.t().ops().size());
    }

    /** An empty url is legal; a forgotten one must not pass for a branch that is done. */
    @ParameterizedTest
    @ValueSource(strings = {"confirm", "cancel"})
    void aTccBranchMustSayBothUrls(String said) {
        Story story = Story.begin(Samples.prepare(Mode.TCC));

        story.say(new Command.JoinBranch(new BranchRegistration(
            Samples.GID, Mode.TCC, "01", Map.of(said, "http://p/" + said), Bytes.EMPTY)));
        assertEquals(new Reply.Invalid("the branch has no "
            + (said.equals("confirm") ? "cancel" : "confirm")), story.last().reply());
        assertEquals(0, story.t().ops().size());

        story.say(new Command.JoinBranch(new BranchRegistration(
            Samples.GID, Mode.TCC, "01", Map.of("confirm", "", "cancel", ""), Bytes.EMPTY)));
        assertEquals(Reply.DONE, story.last().reply());
        assertEquals(2, story.t().ops().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcc", "xa"})
    void aBranchCannotJoinOnceTheDecisionIsMade(String mode) {
        for (Command decision : List.of(
                Samples.submit(modeOf(mode)), Samples.abort(modeOf(mode)))) {
            Story story = prepared(mode, "01");
            story.say(decision);

            story.say(Samples.join(modeOf(mode), "02"));

            assertInstanceOf(Reply.Refused.class, story.last().reply());
            assertEquals(2, story.t().ops().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcc", "xa"})
    void aBranchThatComesWithTheTimeoutIsRefusedInTheSameWrite(String mode) {
        Story story = prepared(mode, "01").later(Policy.DEFAULT.timeoutToFail());

        story.say(Samples.join(modeOf(mode), "02"));

        assertInstanceOf(Reply.Refused.class, story.last().reply());
        assertEquals(Status.ABORTING, story.status());
        assertEquals(2, story.t().ops().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcc", "xa"})
    void aSubmitThatComesWithTheTimeoutStillCounts(String mode) {
        Story story = prepared(mode, "01").later(Policy.DEFAULT.timeoutToFail());

        assertEquals(Reply.DONE, story.say(Samples.submit(modeOf(mode))).reply());

        assertEquals(Status.SUBMITTED, story.status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcc", "xa"})
    void undecidedForTooLongItTurnsBack(String mode) {
        Story story = prepared(mode, "01");
        assertEquals(Story.NOON.plus(Policy.DEFAULT.timeoutToFail()), story.last().lookAgainAt());

        story.wake();

        assertEquals(Status.ABORTING, story.status());
        assertEquals("Timeout after 35 seconds", story.t().reason());
        assertEquals(1, story.running().size());
    }

    @Test
    void theInitiatorsOwnTimeoutIsInTheReason() {
        Story story = Story.begin(
            new Command.Prepare(Samples.bare(Mode.TCC, Samples.timeout(7))));

        story.later(Duration.ofMillis(6_999)).say(new Command.Resume());
        assertEquals(Status.PREPARED, story.status());
        story.wake();

        assertEquals("Timeout after 7 seconds", story.t().reason());
        assertEquals(Status.FAILED, story.status(), "no branch, nothing to undo");
    }

    @Test
    void onlyARequestOfTheSameModeAborts() {
        Story story = prepared("tcc", "01");

        for (Optional<Mode> other : List.of(Optional.<Mode>empty(), Optional.of(Mode.XA))) {
            story.say(new Command.Abort(Samples.GID, other, ""));
            assertInstanceOf(Reply.Refused.class, story.last().reply());
        }
        assertEquals("trans type: 'xa' current status 'prepared', cannot abort.",
            Replies.reasonOf(story.last().reply()));
        assertEquals(Status.PREPARED, story.status());
    }

    @Test
    void theReasonOfAnAbortIsKept() {
        Story story = prepared("tcc", "01");

        story.say(new Command.Abort(Samples.GID, Optional.of(Mode.TCC), "y".repeat(2_000)));

        assertEquals("y".repeat(Limits.REASON_CHARS), story.t().reason());
    }

    @Test
    void anEmptyConfirmOrCancelCountsAsDone() {
        Story story = Story.begin(Samples.prepare(Mode.TCC), new Command.JoinBranch(
            new BranchRegistration(Samples.GID, Mode.TCC, "01", Map.of(), Bytes.EMPTY)));

        story.say(Samples.submit(Mode.TCC));

        assertEquals(Status.SUCCEED, story.status());
        assertEquals(List.of(), story.last().calls());
    }

    @Test
    void anXaBranchWithoutAUrlCouldNeverBeFinishedAndIsInvalid() {
        Story story = prepared("xa");

        story.say(new Command.JoinBranch(
            new BranchRegistration(Samples.GID, Mode.XA, "01", Map.of(), Bytes.EMPTY)));

        assertInstanceOf(Reply.Invalid.class, story.last().reply());
    }

    @Test
    void phaseTwoOfTccCarriesTheRegisteredDataAndThatOfXaNothing() {
        Story tcc = prepared("tcc", "01");
        tcc.say(Samples.submit(Mode.TCC));
        Story xa = prepared("xa", "01");
        xa.say(Samples.submit(Mode.XA));

        assertEquals(Bytes.utf8("{\"branch\":1}"), tcc.last().calls().get(0).payload());
        assertTrue(xa.last().calls().get(0).payload().isEmpty());
        assertEquals("http://p/xa", xa.last().calls().get(0).url());
    }

    @Test
    void moreBranchesThanTheLimitAreInvalid() {
        Moment noon = new Story().moment();
        GlobalTransaction t = Story.begin(Samples.prepare(Mode.TCC)).t();
        for (int i = 0; i < Limits.BRANCHES; i++) {
            t = Decider.decide(t, Live.NONE, Samples.join(Mode.TCC, "b" + i), noon).after();
        }

        Decision decision =
            Decider.decide(t, Live.NONE, Samples.join(Mode.TCC, "one too many"), noon);

        assertInstanceOf(Reply.Invalid.class, decision.reply());
        assertEquals(2 * Limits.BRANCHES, decision.after().ops().size());
    }

    private static Story prepared(String mode, String... branches) {
        Story story = Story.begin(Samples.prepare(modeOf(mode)));
        for (String branch : branches) {
            story.say(Samples.join(modeOf(mode), branch));
        }
        return story;
    }

    private static Mode modeOf(String wire) {
        return Mode.of(wire).orElseThrow();
    }
}
