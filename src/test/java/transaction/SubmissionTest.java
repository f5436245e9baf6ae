package transaction;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "g", "a/b", "../x", "it's", "a;b", "a|b", "ключ", "😀", "a b", "a%00b"})
    void anyPrintableGidIsFine(String gid) {
        assertDoesNotThrow(() -> Submission.bare(gid, Mode.TCC).checked());
    }

    static List<String> badGids() {
        return List.of("", "a\nb", "a\rb", "a\tb", "a\0b", "a\u007fb", "a\u0085b", "\ud83d",
            "x".repeat(Limits.GID_CHARS + 1));
    }

    @ParameterizedTest
    @MethodSource("badGids")
    void aGidThatNamesNothingIsInvalidInEachRequest(String gid) {
        assertInvalid(() -> Submission.checkGid(gid));
        Submission bare = Submission.bare(gid, Mode.TCC);
        for (Command command : List.of(new Command.Submit(bare), new Command.Prepare(bare),
                new Command.PrepareWorkflow(bare))) {
            assertInvalid(() -> command.check(gid));
        }
    }

    @ParameterizedTest(name = "{0} over {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        http://a                 | http     | fine
        https://a:8/b?c=d#e      | http     | fine
        http://snake_case/x      | http     | fine
        http://[::1]:80/x        | http     | fine
        ''                       | http     | fine
        http://a?method=M        | json-rpc | fine
        http://a                 | grpc     | fine
        ftp://a                  | http     | invalid
        a/b                      | http     | invalid
        http://                  | http     | invalid
        http:///path             | http     | invalid
        http://?q                | http     | invalid
        http://a b               | http     | invalid
        localhost:9/svc/Method   | grpc     | fine
        localhost:9/svc/Method   | http     | invalid
        localhost:9/svc/Method   | json-rpc | invalid
        localhost/svc/Method     | grpc     | invalid
        consul://a/svc/Method    | grpc     | invalid
        """)
    void aUrlMustBeOneThatCanBeCalled(String url, String protocol, String verdict) {
        Protocol over = Protocol.of(protocol).orElseThrow();
        for (Mode mode : List.of(Mode.SAGA, Mode.MSG)) {
            assertVerdict(verdict,
                () -> submission(mode, List.of(step(url, "")), "", over).checked());
            assertVerdict(verdict, () -> submission(mode, List.of(), url, over).checked());
        }
        assertVerdict(verdict,
            () -> submission(Mode.SAGA, List.of(step("", url)), "", over).checked());
    }

    @Test
    void sizesAreBounded() {
        String longest = "http://a/" + "u".repeat(Limits.URL_CHARS - 9);
        assertDoesNotThrow(() -> saga(step(longest, longest)).checked());
        assertInvalid(() -> saga(step(longest + "u", "")).checked());
        assertInvalid(() -> saga(step("", longest + "u")).checked());
        assertInvalid(
            () -> submission(Mode.MSG, List.of(), longest + "u", Protocol.HTTP).checked());
        assertInvalid(() -> saga(new Submission.Step(
            "", "", Bytes.of(new byte[Limits.PAYLOAD_BYTES + 1]))).checked());
        assertInvalid(() -> submission(Mode.SAGA,
            Collections.nCopies(Limits.STEPS + 1, step("", "")), "", Protocol.HTTP)
                .checked());
        assertInvalid(() -> new Submission(Samples.GID, Mode.MSG, List.of(), "", Protocol.HTTP,
            "c".repeat(Limits.CUSTOM_DATA_CHARS + 1), Details.PLAIN, Options.NONE).checked());
        assertInvalid(() -> new Details.Delay(-1).check());
        assertInvalid(() -> new Details.Delay(Limits.SECONDS_MAX + 1).check());
        assertDoesNotThrow(() -> new Details.Delay(Limits.SECONDS_MAX).check());
        assertInvalid(() -> new Command.FinishWorkflow(Samples.GID, Status.SUCCEED, "",
            "r".repeat(Limits.RESULT_CHARS + 1)).check(Samples.GID));
    }

    @Test
    void aBranchIsBoundedToo() {
        assertInvalid(() -> branch("", Bytes.EMPTY).check());
        assertInvalid(() -> branch("b".repeat(Limits.BRANCH_ID_CHARS + 1), Bytes.EMPTY).check());
        assertInvalid(() -> branch("01", Bytes.of(new byte[Limits.PAYLOAD_BYTES + 1])).check());
        assertDoesNotThrow(() -> branch("b".repeat(Limits.BRANCH_ID_CHARS),
            Bytes.of(new byte[Limits.PAYLOAD_BYTES])).check());
    }

    @Test
    void aBranchWithABadUrlDoesNotJoin() {
        for (Mode mode : List.of(Mode.TCC, Mode.XA)) {
            Story story = Story.begin(Samples.prepare(mode));
            Map<String, String> fields = Map.of(
                "confirm", "gopher://x", "cancel", "", "url", "gopher://x");

            story.say(new Command.JoinBranch(
                new BranchRegistration(Samples.GID, mode, "01", fields, Bytes.EMPTY)));

            assertEquals("invalid", Replies.nameOf(story.last().reply()));
            assertEquals(List.of(), story.t().ops());
        }
    }

    @Test
    void aBranchIsCalledAsItsTransactionIs() {
        Map<String, String> fields = Map.of("confirm", "b:9/busi.Busi/In", "cancel", "");
        for (Protocol protocol : Protocol.values()) {
            Story story = Story.begin(new Command.Prepare(new Submission(Samples.GID, Mode.TCC,
                List.of(), "", protocol, "", Details.PLAIN, Options.NONE)));

            story.say(new Command.JoinBranch(
                new BranchRegistration(Samples.GID, Mode.TCC, "01", fields, Bytes.EMPTY)));

            boolean joins = protocol == Protocol.GRPC;
            assertEquals(joins ? 2 : 0, story.t().ops().size(), protocol.toString());
        }
    }

    /** Who subscribes over gRPC cannot be told by a message that goes out over HTTP. */
    @Test
    void aTopicsSubscribersAreCalledAsTheMessageIs() {
        for (Protocol protocol : Protocol.values()) {
            Submission toTopic = submission(
                Mode.MSG, List.of(step("topic://orders", "")), "", protocol);

            assertVerdict(protocol == Protocol.GRPC ? "fine" : "invalid", () ->
                toTopic.withTopics(topic -> List.of("http://a/in", "b:9/busi.Busi/In")).checked());
        }
    }

    @Test
    void stepsBelongToSagasAndMessagesOnly() {
        for (Mode mode : List.of(Mode.TCC, Mode.XA, Mode.WORKFLOW)) {
            assertInvalid(() -> submission(mode, Samples.steps(1), "", Protocol.HTTP).checked());
        }
        assertInvalid(() -> saga(step("topic://orders", "")).checked());
    }

    @Test
    void aReasonIsCutAndNeverInTheMiddleOfACharacter() {
        String text = "x".repeat(Limits.REASON_CHARS - 1) + "😀😀";

        Outcome outcome = Outcome.failure(text);

        assertEquals("x".repeat(Limits.REASON_CHARS - 1), outcome.reason());
        assertEquals("a😀", Limits.cut("a😀b", 3));
        assertEquals("a", Limits.cut("a😀b", 2));
        assertEquals("ab", Limits.cut("ab", 2));
    }

    private static void assertVerdict(String verdict, Executable made) {
        if (verdict.equals("fine")) {
            assertDoesNotThrow(made);
        } else {
            assertInvalid(made);
        }
    }

    private static void assertInvalid(Executable made) {
        assertThrows(InvalidRequest.class, made);
    }

    private static BranchRegistration branch(String id, Bytes data) {
        return new BranchRegistration(Samples.GID, Mode.TCC, id, Map.of(), data);
    }

    private static Submission.Step step(String action, String compensate) {
        return new Submission.Step(action, compensate, Bytes.EMPTY);
    }

    private static Submission saga(Submission.Step step) {
        return submission(Mode.SAGA, List.of(step), "", Protocol.HTTP);
    }

    private static Submission submission(
            Mode mode, List<Submission.Step> steps, String query, Protocol protocol) {
        return new Submission(Samples.GID, mode, steps, query, protocol, "", Details.PLAIN,
            Options.NONE);
    }
}
