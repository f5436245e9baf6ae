package prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Timeout(60)
final class ProveCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return new CommandLine(new ProveCommand()).setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err)).execute(args);
    }

    private int run(Participant participant, String... more) {
        List<String> args = new ArrayList<>(List.of("--action", participant.url("/call"),
            "--undo", participant.url("/call"), "--state", participant.url("/state"),
            "--runs", "4"));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    private static Participant right() throws Exception {
        return new Participant(new RightShop(RightShop.Style.ANSWERS_IN_JSON));
    }

    @Test
    void aRightParticipantIsZeroAndATableWithoutColour() throws Exception {
        try (Participant participant = right()) {
            assertEquals(0, run(participant, "--payload", "{\"amount\":2}"), out::toString);

            assertTrue(out.toString().contains("\n✓ late-action "), out::toString);
            assertTrue(out.toString().contains("\n– refused "), out::toString);
            assertTrue(out.toString().contains("Not made: needs --refused-payload"), out::toString);
            assertTrue(out.toString().contains("a kill between commit and answer"), out::toString);
            assertFalse(out.toString().contains("✗"), out::toString);
            assertFalse(out.toString().contains("\u001b"), out::toString);
        }
    }

    /** Whatever is found, the credential is in no report, though the participant repeats it. */
    @Test
    void whoAsksWhoCallsIsToldFromAFile(@TempDir Path directory) throws Exception {
        Path key = Files.writeString(directory.resolve("key"), "s3cr3t-canary\n");
        Path wrong = Files.writeString(directory.resolve("wrong"), "wr0ng-canary\n");
        try (Participant participant = right().asking("X-Access", "s3cr3t-canary")) {
            for (Path each : List.of(key, wrong)) {
                Path file = Files.writeString(directory.resolve("credentials"),
                    participant.url("/") + " header name=X-Access value-file=" + each + " plain\n");

                assertEquals(each == key ? 0 : 1, run(participant, "--payload",
                    "{\"amount\":2}", "--credentials", file.toString()), out::toString);
            }
            assertTrue(out.toString().contains("\n✓ late-action "), out::toString);
            assertFalse((out + "" + err).contains("canary"), out::toString);
        }
    }

    @Test
    void aWrongOneIsOneAndToldWithWhatSeesItAgain() throws Exception {
        try (Participant participant = new Participant(new BuggyShop(Bug.LATE_ACTION_RUNS))) {
            assertEquals(1, run(participant, "--payload", "{\"amount\":2}"));

            String text = out.toString();
            assertTrue(text.contains("\n✗ late-action: An action that comes after its empty undo"
                + " does nothing.\n"), text);
            assertTrue(text.contains("  seen      the state is {\"stock\":998,\"sold\":2}\n"),
                text);
            assertTrue(text.contains("    G=prove-$(date +%s)\n"), text);
            assertTrue(text.contains("    curl -is -X POST '" + participant.url("/call")
                + "?branch_id=01&gid='\"$G\"'-"), text);
            assertTrue(text.contains("&op=compensate&trans_type=saga' -H 'content-type:"
                + " application/json' --data-binary '{\"amount\":2}'\n"), text);
        }
    }

    @Test
    void jsonIsOneObject(@TempDir Path directory) throws Exception {
        Path payload = Files.writeString(directory.resolve("payload"), "{\"amount\":3}");
        try (Participant participant = new Participant(new BuggyShop(Bug.EMPTY_UNDO_RUNS))) {
            assertEquals(1, run(participant, "--payload-file", payload.toString(), "--json"));

            JsonNode json = new ObjectMapper().readTree(out.toString());
            assertFalse(json.path("clean").asBoolean(true));
            JsonNode found = json.path("checks").findParents("check").stream()
                .filter(each -> each.path("check").asText().equals("empty-undo"))
                .findFirst().orElseThrow();
            assertEquals("broken", found.path("verdict").asText());
            assertEquals("the state is {\"stock\":1003,\"sold\":-3}", found.path("seen").asText());
            assertFalse(found.path("steps").isEmpty());
            assertFalse(found.path("again").isEmpty());
        }
    }

    @Test
    void aTimeThatIsOverIsToldAndLeavesNothingBehind() throws Exception {
        try (Participant participant = right()) {
            assertEquals(1, run("--action", participant.url("/call"), "--undo",
                participant.url("/call"), "--state", participant.url("/state"), "--runs", "1000",
                "--within", "800ms"));

            assertTrue(out.toString().contains("✗ time: "), out::toString);
            assertTrue(out.toString().contains("Not made: the time for everything was over"),
                out::toString);
            assertFalse(out.toString().contains("Left behind"), out::toString);
        }
    }

    @Test
    void anInterruptEndsIt() throws Exception {
        try (Participant participant = right()) {
            Thread.currentThread().interrupt();

            assertThrows(InterruptedException.class, () -> Prover.prove(
                participant.options().build()));
        }
    }

    @Test
    void nobodyThereIsOne() throws Exception {
        String url;
        try (Participant participant = right()) {
            url = participant.url("/call");
        }
        assertEquals(1, run("--action", url, "--undo", url));
        assertTrue(out.toString().contains("nobody takes the connection"), out::toString);
    }

    @ParameterizedTest(name = "{0} is a mistake: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        --undo http://h/u                                     | Missing required option
        --action ftp://h/a --undo http://h/u                  | the url of action
        --action http://h/a --undo u                          | the url of undo
        --action http://h_1/a --undo http://h/u               | names no host
        --action http://h/a --undo http://h/u --state http://u:p@h/s | with a header
        --action http://h/a --undo http://h/u --mode msg      | --mode is saga, tcc or xa
        --action http://h/a --undo http://h/u --confirm http://h/c | a saga confirms nothing
        --action http://h/a --undo http://h/u --runs 0        | runs is from 1 to 1000
        --action http://h/a --undo http://h/u --runs 1001     | runs is from 1 to 1000
        --action http://h/a --undo http://h/u --header x      | --header takes NAME:VALUE
        --action http://h/a --undo http://h/u --within 2h     | takes a time such as
        --action http://h/a --undo http://h/u --within 61m    | at most 3600 s
        --action http://h/a --undo http://h/u --request-timeout 61s | at most 60 s
        --action http://h/a --undo http://h/u --request-timeout 0s  | more than nothing
        --action http://h/a --undo http://h/u --verdict-mode x | dtm or strict
        --action http://h/a --undo http://h/u --payload a --payload-file b | exclude each other
        --action http://h/a --undo http://h/u --payload-file none | cannot be read
        """)
    void mistakesAreTwo(String args, String says) {
        assertEquals(2, run(args.split(" ")), err::toString);
        assertTrue(err.toString().contains(says), err::toString);
    }
}
