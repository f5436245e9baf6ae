package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The started jar with {@code --test-mode}, controlled as a user's own tests would do it. */
class SkippedTimeIT {

    private static final String TEST = "/api/test/";

    private static StartedJar jar;

    private long seen;

    @BeforeAll
    static void start(@TempDir Path dir) {
        jar = StartedJar.in(dir, "--test-mode");
    }

    @AfterAll
    static void end() {
        jar.close();
    }

    @BeforeEach
    void beginAnew() {
        manual(false);
        delay(0);
        clear();
        seen = 0;
    }

    @Test
    void itIsSaidLoudly() {
        assertTrue(jar.process.log().stream().anyMatch(
            line -> line.contains("WARN") && line.contains("TEST MODE IS ON")));
    }

    /** 20 + 40 + 60 + ... seconds: the saga tries for more than ten minutes. */
    @Test
    void aRetryChainOfTenMinutesTakesNoTime() {
        for (int round = 0; round < 3; round++) { // What is measured is not the first use.
            clear();
            seen = 0;
            String gid = "chain-" + round;
            jar.participant.script(gid, "down");
            long from = System.nanoTime();
            Instant begun = advance(0);
            ok("submit", Requests.step(gid, "saga", jar.url(gid), jar.url("yes")));
            assertEquals(gid + " submitted", nextPass());
            Instant now = begun;
            while (now.isBefore(begun.plusSeconds(600))) {
                now = advance(60);
                assertEquals(gid + " submitted", nextPass());
            }
            jar.participant.script(gid, "yes");
            advance(60);
            assertEquals(gid + " succeed", nextPass());

            assertTrue(jar.participant.calls(gid).size() >= 12, "each advance made a call");
            print("a saga that retried for " + Duration.between(begun, now).toSeconds() + " s",
                from);
        }
    }

    @Test
    void aTccThatNobodyDecidesTimesOutAtOnce() {
        for (int round = 0; round < 3; round++) {
            String gid = "late-" + round;
            long from = System.nanoTime();
            ok("prepare", Requests.bare(gid, "tcc"));
            ok("registerBranch", Requests.branch(gid, "tcc", "01", jar.url("yes")));
            advance(34);
            assertEquals("prepared", jar.status(gid));
            advance(2);
            assertEquals(gid + " failed", nextPass());

            assertEquals(List.of("01 cancel yes"), jar.participant.told(gid));
            print("a tcc that timed out after 35 s", from);
        }
    }

    @Test
    void whatIsPausedInMemoryOnlyAndWhatHasLeftMemoryAreBothDue() {
        jar.participant.script("wait-a", "busy", "yes");
        ok("submit", Requests.step("wait-a", "saga", jar.url("wait-a"), ""));
        assertEquals("wait-a submitted", nextPass());
        ok("submit", Requests.step("wait-b", "msg", jar.url("yes"), "")
            .replaceFirst("\\{", "{\"custom_data\":\"{\\\\\"delay\\\\\":3600}\","));
        assertEquals("wait-b submitted", nextPass());

        advance(3_601);

        assertEquals(List.of("wait-a succeed", "wait-b succeed"),
            List.of(nextPass(), nextPass()).stream().sorted().toList());
    }

    @Test
    void theTimeThatWasSkippedIsOnRecord() {
        Instant now = advance(86_400);
        assertTrue(now.isAfter(Instant.now().plusSeconds(86_000)));
        ok("submit", Requests.step("tomorrow", "saga", jar.url("yes"), ""));
        nextPass();
        Instant created =
            Instant.parse(jar.transaction("tomorrow").get("create_time").asText());
        assertTrue(!created.isBefore(now), created + " after " + now);
    }

    @Test
    void byHandNothingRunsBesidesSubmitAndAbort() {
        manual(true);
        jar.participant.script("hand-a", "down");
        jar.participant.script("hand-b", "down");
        ok("submit", Requests.step("hand-a", "saga", jar.url("hand-a"), ""));
        assertEquals("hand-a submitted", nextPass());
        ok("submit", Requests.step("hand-b", "saga", jar.url("hand-b"), ""));
        assertEquals("hand-b submitted", nextPass());
        ok("prepare", Requests.bare("hand-tcc", "tcc"));

        assertEquals("", runDue());
        advance(600);
        assertEquals("prepared", jar.status("hand-tcc"));
        assertEquals(1, jar.participant.calls("hand-a").size(), "a look made no call");
        assertEquals(List.of(), passes(0));

        assertEquals("hand-a", runDue());
        assertEquals("hand-a submitted", nextPass());
        assertEquals("hand-b", runDue());
        assertEquals("hand-b submitted", nextPass());
        assertEquals("hand-tcc", runDue());
        assertEquals("hand-tcc failed", nextPass());
        assertEquals("", runDue());

        jar.participant.script("hand-a", "yes");
        JsonNode after = StartedJar.json(post("run", "{\"gid\":\"hand-a\"}").body());
        assertEquals("succeed", after.at("/transaction/status").asText());
        assertEquals("hand-a succeed", nextPass());
        assertEquals(StartedJar.json(jar.client.query("hand-a")), after);

        jar.participant.script("hand-b", "yes");
        advance(600);
        assertEquals(List.of(), passes(0));
        manual(false);
        assertEquals("hand-b succeed", nextPass());
    }

    @Test
    void byHandAQueryCallsNobody() {
        jar.participant.script("hand-left", "down");
        manual(true);
        ok("submit", Requests.step("hand-left", "saga", jar.url("hand-left"), ""));
        assertEquals("hand-left submitted", nextPass());

        advance(600);
        ok("query?gid=hand-left", null);
        assertEquals(List.of(), passes(100));
        assertEquals("hand-left", runDue());
    }

    @Test
    void aPassThatIsDelayedLetsTheTransactionBeSeen() {
        delay(700);
        for (String url : List.of("", jar.url("yes"))) {
            String gid = url.isEmpty() ? "slow-empty" : "slow-called";
            long from = System.nanoTime();
            ok("submit", Requests.step(gid, "saga", url, ""));
            assertEquals("submitted", jar.status(gid));
            assertEquals("submitted", jar.status(gid));
            assertEquals(List.of(), jar.participant.calls(gid));
            assertEquals(gid + " succeed", nextPass());
            assertTrue(System.nanoTime() - from >= Duration.ofMillis(700).toNanos());
        }
        ok("submit", Requests.step("slow-run", "saga", jar.url("yes"), ""));
        post("run", "{\"gid\":\"slow-run\"}");
        assertEquals("succeed", jar.status("slow-run"));
        assertEquals("slow-run succeed", nextPass());
        ok("submit", Requests.step("slow-waited", "saga", jar.url("yes"), "")
            .replaceFirst("\\{", "{\"wait_result\":true,"));
        assertEquals("succeed", jar.status("slow-waited"));
        assertEquals("slow-waited succeed", nextPass());
        manual(true);
        ok("submit", Requests.step("slow-hand", "saga", "", ""));
        assertEquals("submitted", jar.status("slow-hand"));
        assertEquals("slow-hand succeed", nextPass());
    }

    @Test
    void passesAreListedInOrderAndWaitedFor() {
        IntStream.range(0, 5).forEach(i -> ok("submit",
            Requests.step("many-" + i, "saga", "", "").replaceFirst("\\{",
                "{\"wait_result\":true,")));

        assertEquals(List.of("1 many-0", "2 many-1", "3 many-2", "4 many-3", "5 many-4"),
            listed(0, 0));
        assertEquals(List.of("4 many-3", "5 many-4"), listed(3, 0));
        assertEquals(List.of(), listed(5, 0));
        assertEquals(List.of(), listed(5, 50));
        assertEquals(List.of(), listed(99, 0));
    }

    @Test
    void afterTheDataAreDeletedEverythingBeginsAnew() {
        String base = "/api/dtmsvr/";
        jar.client.send("GET", base + "subscribe?topic=news&url=" + jar.url("yes"), "");
        jar.participant.script("again-late", "hang");
        ok("submit", Requests.step("again-late", "saga", jar.url("again-late"), ""));
        ok("prepare", Requests.bare("again-tcc", "tcc"));
        ok("submit", Requests.step("again", "saga", jar.url("yes"), ""));
        jar.awaitStatus("again", "succeed");
        try (EventStream stream = EventStream.open(jar.client.port(), "")) {
            clear();

            for (String gid : List.of("again-late", "again-tcc", "again")) {
                assertEquals("none", jar.status(gid));
            }
            assertEquals("[]", StartedJar.json(jar.client.get("all").body())
                .get("transactions").toString());
            assertTrue(!jar.client.get("scanKV?cat=topics").body().contains("news"));
            assertEquals(List.of(), listed(0, 0));
            ok("submit", Requests.step("again-late", "saga", jar.url("no"), ""));
            assertEquals("again-late failed", nextPass());
            assertEquals(List.of("1 again-late"), listed(0, 0));
            assertEquals("created submitted", stream.afterPasses("again-late", 1).get(0));
            advance(10); // The old call has come back by now, or never will.
            assertEquals("failed", jar.status("again-late"));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        clock/advance | {"seconds":-1}
        clock/advance | {"seconds":1.5}
        clock/advance | {"seconds":"1"}
        clock/advance | {"seconds":99999999999}
        clock/advance | {"seconds":315360001}
        clock/advance | {}
        clock/advance | {"minutes":1}
        clock/advance | seconds
        manual        | {"on":1}
        manual        | {}
        run           | {"gid":""}
        run           | {}
        pass-delay    | {"millis":-1}
        pass-delay    | {"millis":60001}
        """)
    void whatMakesNoSenseIsRefused(String path, String body) {
        WireClient.Answer answer = post(path, body);
        assertEquals(400, answer.status(), answer.body());
    }

    @Test
    void soAreQueriesAndAnUnknownTransaction() {
        for (String query : List.of("after=x", "after=-1", "wait=30001", "wait=1.5")) {
            assertEquals(400,
                jar.client.send("GET", TEST + "passes?" + query, "").status(), query);
        }
        assertEquals(404, post("run", "{\"gid\":\"nobody\"}").status());
    }

    private static Instant advance(int seconds) {
        WireClient.Answer answer = post("clock/advance", "{\"seconds\":" + seconds + "}");
        assertEquals(200, answer.status(), answer.body());
        return Instant.parse(StartedJar.json(answer.body()).get("time").asText());
    }

    private static void manual(boolean on) {
        assertEquals(200, post("manual", "{\"on\":" + on + "}").status());
    }

    private static void delay(int millis) {
        assertEquals(200, post("pass-delay", "{\"millis\":" + millis + "}").status());
    }

    private static String runDue() {
        WireClient.Answer answer = post("run-due", "");
        assertEquals(200, answer.status(), answer.body());
        return StartedJar.json(answer.body()).get("gid").asText();
    }

    private static void clear() {
        assertEquals(200, jar.client.send("DELETE", TEST + "data", "").status());
    }

    private static WireClient.Answer post(String path, String body) {
        return jar.client.send("POST", TEST + path, body);
    }

    /** Gid and status of the first pass that was not seen yet; it is waited for. */
    private String nextPass() {
        List<JsonNode> found = passesAfter(seen, 20_000);
        seen++;
        assertTrue(!found.isEmpty(), "no pass after " + (seen - 1));
        assertEquals(seen, found.get(0).get("number").asLong());
        return found.get(0).get("gid").asText() + " " + found.get(0).get("status").asText();
    }

    /** Passes that were not seen yet. */
    private List<JsonNode> passes(int wait) {
        return passesAfter(seen, wait);
    }

    private static List<String> listed(long after, int wait) {
        return passesAfter(after, wait).stream()
            .map(each -> each.get("number") + " " + each.get("gid").asText()).toList();
    }

    private static List<JsonNode> passesAfter(long after, int wait) {
        List<JsonNode> all = new ArrayList<>();
        StartedJar.json(jar.client.send("GET",
            TEST + "passes?after=" + after + "&wait=" + wait, "").body())
            .get("passes").forEach(all::add);
        return all;
    }

    private static void ok(String name, String body) {
        WireClient.Answer answer = body == null ? jar.client.get(name)
            : jar.client.post(name, body);
        assertEquals(200, answer.status(), answer.body());
    }

    private static void print(String what, long from) {
        System.out.println(what + " was over in "
            + Duration.ofNanos(System.nanoTime() - from).toMillis() + " ms of real time");
    }
}
