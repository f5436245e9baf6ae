package pactor.cli.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActionCommandsTest extends OperatorTest {

    @BeforeEach
    void addOne() {
        server.add("g", "submitted", "no");
    }

    @Test
    void aReasonGoesAlongAndWhatHappenedIsSaid() {
        run("tx", "retry", "g", "--reason", "stock is back").exits(0).says("g: done");
        assertEquals(List.of(
            "POST /api/v1/transactions/g/retry {\"reason\":\"stock is back\"}"),
            server.requests());
    }

    @Test
    void toDoItAgainChangesNothingAndIsNoMistake() {
        run("tx", "pause", "g").exits(0).says("g: done");
        run("tx", "pause", "g").exits(0).says("g: done; nothing has changed");
        assertTrue(server.transaction("g").get("paused").asBoolean());
        run("tx", "resume", "g").exits(0);
        assertTrue(!server.transaction("g").get("paused").asBoolean());
    }

    @Test
    void aPauseMayEndByItself() {
        run("tx", "pause", "g", "--until", "2026-12-01T12:00:00Z").exits(0);
        assertEquals(List.of("POST /api/v1/transactions/g/pause "
            + "{\"until\":\"2026-12-01T12:00:00Z\"}"), server.requests());
    }

    @Test
    void severalAreDoneThoughOneIsRefused() {
        server.add("ended", "succeed", "");
        server.add("h", "submitted", "");
        Ran ran = run("tx", "park", "g", "ended", "gone", "h").exits(1)
            .says("pactor: ended: it has ended", "pactor: gone: there is no transaction gone");
        assertEquals(List.of("g: done", "h: done"), ran.lines());
    }

    @Test
    void whatCannotBeTakenBackIsAsked() {
        terminal.type("n");
        run("tx", "stop", "g").exits(1).says("End g by force, as failed?", "nothing was done");
        assertEquals(List.of(), server.requests());
        terminal.type("y");
        run("tx", "stop", "g", "--as", "succeed").exits(0);
        assertEquals("succeed", server.transaction("g").get("status").asText());
    }

    @Test
    void withoutATerminalItNeedsYes() {
        for (List<String> each : List.of(List.of("stop", "g"),
                List.of("rollback", "g"), List.of("again", "g"),
                List.of("skip", "g", "01", "action"),
                List.of("resolve", "g", "01", "action", "--as", "success"))) {
            String[] words = new String[each.size() + 1];
            words[0] = "tx";
            System.arraycopy(each.toArray(), 0, words, 1, each.size());
            run(words).exits(2).says("say --yes");
        }
        assertEquals(List.of(), server.requests());
    }

    @Test
    void whatHasEndedIsRunAgainAsANewOne() {
        run("tx", "again", "none", "--yes").exits(1).says("none");
        server.add("ended", "failed", "");
        run("tx", "again", "ended", "--gid", "n", "--from", "02", "--reason", "r", "--yes")
            .exits(0).says("ended: run again as n", "warning: 01: done before");
        assertEquals("POST /api/v1/transactions/ended/again "
            + "{\"gid\":\"n\",\"from\":\"02\",\"reason\":\"r\"}",
            server.requests().get(1));
    }

    @Test
    void aDryRunTellsTheCallsAndDoesNotAsk() {
        server.add("ended", "failed", "");
        Ran ran = run("tx", "again", "ended", "--dry-run").exits(0);
        assertEquals(List.of("as ended-again-1:", "BRANCH  OP      URL",
            "01      action  http://stock/out", "warning: 01: done before"), ran.lines());
        assertEquals(List.of("POST /api/v1/transactions/ended/again {\"dry_run\":true}"),
            server.requests());
    }

    @Test
    void anOperationIsNamedByItsBranch() {
        run("tx", "resolve", "g", "01", "action", "--as", "failure", "--reason", "told by phone",
            "--yes").exits(0);
        assertEquals("failed",
            server.transaction("g").get("branches").get(0).get("status").asText());
        assertEquals(List.of("POST /api/v1/transactions/g/resolve {\"branch_id\":\"01\","
            + "\"op\":\"action\",\"reason\":\"told by phone\",\"outcome\":\"failure\"}"),
            server.requests());
    }

    @Test
    void whatIsEditedIsSaidAndNothingElseIsSent() throws Exception {
        run("tx", "edit", "g", "01", "action").exits(2).says("say what to change");
        String payload = Files.writeString(dir.resolve("p"), "{\"sku\":\"é\"}").toString();
        run("tx", "edit", "g", "01", "action", "--url", "http://stock-2:9000/deduct",
            "--payload-file", payload, "--retry-limit", "5").exits(0);
        assertEquals(List.of("POST /api/v1/transactions/g/edit {\"branch_id\":\"01\","
            + "\"op\":\"action\",\"url\":\"http://stock-2:9000/deduct\","
            + "\"payload\":\"{\\\"sku\\\":\\\"é\\\"}\",\"retry_limit\":5}"), server.requests());
    }

    @Test
    void whoMayNotIsTold() throws Exception {
        server.role("pactor_viewer", "viewer");
        String token = Files.writeString(dir.resolve("t"), "pactor_viewer").toString();
        run("tx", "retry", "g", "--token-file", token).exits(77).says("a viewer may not do this");
    }

    @Test
    void whyItWaitsIsSaidInWords() {
        Ran ran = run("tx", "explain", "g").exits(0);
        assertEquals(List.of("It waits to call stock.", "  Branch 01 was called 3 times.",
            "waits for    retry", "next         a call of branch 01, now", "",
            "ACTION  ALLOWED  EFFECT", "retry   yes      calls branch 01 now",
            "resume  no       it is not paused"), ran.lines());
    }

    @Test
    void itsHistoryIsATable() {
        run("tx", "history", "g").exits(0)
            .says("1       2026-01-01 00:00:00.000Z  opened  The saga was submitted.");
    }
}
