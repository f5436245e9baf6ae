package pactor.cli.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BulkCommandsTest extends OperatorTest {

    private static final String RUNNING = operation("running", 40, 2, "null");

    private static String operation(String state, int done, int refused, String ended) {
        return "{\"id\":\"night-1\",\"state\":\"" + state + "\",\"action\":\"stop\","
            + "\"outcome\":\"failed\",\"branch_id\":null,\"op\":null,\"until\":null,"
            + "\"filter\":{\"participant\":\"stock:80\",\"error_is\":\"return code 500\"},"
            + "\"reason\":\"gone\",\"by\":\"ada\",\"changed_by\":null,\"begun_at\":"
            + "\"2026-01-01T00:00:00.000Z\",\"ended_at\":" + ended + ",\"total\":100,"
            + "\"succeeded\":" + (done - refused) + ",\"refused\":" + refused
            + ",\"failed\":0,\"remaining\":" + (100 - done) + "}";
    }

    @BeforeEach
    void tell() {
        server.tell("/api/v1/bulk/count",
            "{\"count\":100,\"complete\":true,\"sample\":[\"g1\",\"g2\"]}");
        server.tell("/api/v1/bulk", RUNNING);
        server.tell("/api/v1/bulk/night-1", RUNNING);
    }

    @Test
    void theyAreCountedThenItBegins() {
        terminal.type("y");
        run("bulk", "start", "stop", "--as", "failed", "--participant", "stock:80", "--unfinished",
            "--reason", "gone", "--id", "night-1").exits(0)
            .says("100 unfinished transactions match: g1 g2 ...",
                "Stop 100 transactions? What has been done stays done.",
                "night-1: running, 40 of 100 done, 2 refused");
        String said = "{\"action\":\"stop\",\"filter\":{\"unfinished\":true,"
            + "\"participant\":\"stock:80\"},\"outcome\":\"failed\",\"reason\":\"gone\"";
        assertEquals(List.of("POST /api/v1/bulk/count " + said + "}",
            "POST /api/v1/bulk " + said + ",\"expect\":100,\"id\":\"night-1\"}"),
            server.requests());
    }

    @Test
    void aDryRunOnlyCounts() {
        run("bulk", "start", "retry", "--cause", "retry", "--dry-run").exits(0)
            .says("100 unfinished transactions match: g1 g2 ...");
        assertEquals(1, server.requests().size());
        server.tell("/api/v1/bulk/count", "{\"count\":10000,\"complete\":false,\"sample\":[]}");
        run("bulk", "start", "retry", "--cause", "retry", "--dry-run").exits(0)
            .says("more than 10000 unfinished transactions match ...");
    }

    @Test
    void whereNothingMatchesNothingIsAskedOrDone() {
        server.tell("/api/v1/bulk/count", "{\"count\":0,\"complete\":true,\"sample\":[]}");
        terminal.type("y");
        Ran ran = run("bulk", "start", "retry", "--cause", "retry").exits(0)
            .says("no unfinished transaction matches; nothing was done");
        assertFalse(ran.toString().contains("Retry"), ran::toString);
        run("bulk", "start", "retry", "--cause", "retry", "--yes", "--json").exits(0)
            .says("{\"count\":0,");
        assertEquals(2, server.requests().size());
    }

    @Test
    void moreThanOneMayHaveIsRefusedUnasked() {
        server.tell("/api/v1/bulk/count", "{\"count\":10000,\"complete\":false,\"sample\":[]}");
        terminal.type("y");
        Ran ran = run("bulk", "start", "retry", "--cause", "retry").exits(1)
            .says("more than 10000 unfinished transactions match",
                "that is more than one bulk operation may have: narrow the filter");
        assertFalse(ran.toString().contains("Retry"), ran::toString);
        assertEquals(1, server.requests().size());
    }

    /** Without it nobody would know which operation it was. */
    @Test
    void theIdIsToldThoughTheAnswerIsLost() {
        server.refuse("/api/v1/bulk");
        Ran ran = run("bulk", "start", "retry", "--cause", "retry", "--yes");
        String id = server.requests().get(1).replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
        ran.says("its id is " + id);
    }

    @Test
    void whoSaysNoDoesNothing() {
        terminal.type("n");
        run("bulk", "start", "retry", "--cause", "retry").exits(1)
            .says("Retry 100 transactions?", "nothing was done");
        assertEquals(1, server.requests().size());
    }

    @Test
    void withoutATerminalItNeedsYesOrANumber() {
        run("bulk", "start", "retry", "--cause", "retry").exits(2).says("say --yes");
        run("bulk", "start", "retry", "--cause", "retry", "--yes").exits(0);
        run("bulk", "start", "retry", "--cause", "retry", "--expect", "90").exits(0);
        List<String> begun = server.requests().stream()
            .filter(each -> each.startsWith("POST /api/v1/bulk {")).toList();
        assertEquals(2, begun.size());
        assertTrue(begun.get(0).contains("\"expect\":100,\"id\":\"20"), begun.get(0));
        assertTrue(begun.get(1).contains("\"expect\":90,"), begun.get(1));
    }

    @Test
    void aFilterIsNeeded() {
        run("bulk", "start", "retry").exits(2).says("say which");
        assertEquals(List.of(), server.requests());
    }

    @Test
    void whatThereIsIsAList() {
        server.tell("/api/v1/bulk", "{\"items\":[" + RUNNING + "],\"next\":null}");
        for (String[] words : new String[][] {{"bulk"}, {"bulk", "list"}}) {
            List<String> lines = run(words).exits(0).lines();
            assertTrue(lines.get(0).matches("ID +STATE +ACTION +DONE +REFUSED.*"), lines.get(0));
            assertTrue(lines.get(1).matches("night-1 +running +stop +40/100 +2 .*ada +gone"),
                lines.get(1));
        }
    }

    @Test
    void oneIsShownWithItsFilterAndProgress() {
        List<String> lines = run("bulk", "show", "night-1").exits(0).lines();
        assertEquals("action       stop failed", lines.get(1));
        assertEquals("filter       --participant stock:80 --error-is 'return code 500'",
            lines.get(2));
        assertEquals("#".repeat(15) + "x" + ".".repeat(24), lines.get(lines.size() - 1));
        assertEquals(RUNNING, run("bulk", "show", "night-1", "--json").exits(0).out().strip());
    }

    @Test
    void itsItemsTellWhatBecameOfEach() {
        server.tell("/api/v1/bulk/night-1/items", "{\"items\":[{\"number\":1,\"gid\":\"g1\","
            + "\"result\":\"refused\",\"detail\":\"it has ended\","
            + "\"at\":\"2026-01-01T00:00:00.000Z\"}],\"next\":null}");
        List<String> lines =
            run("bulk", "items", "night-1", "--result", "refused").exits(0).lines();
        assertEquals("1       g1   refused  2026-01-01 00:00:00.000Z  it has ended", lines.get(1));
        assertTrue(server.requests().get(0).contains("/items?result=refused&"),
            server.requests().get(0));
    }

    @Test
    void itIsWatchedToItsEnd() {
        String end = "\"2026-01-01T00:00:09.000Z\"";
        server.tell("/api/v1/bulk/night-1", operation("finished", 100, 0, end));
        run("bulk", "watch", "night-1").exits(0).says("night-1: finished, 100 of 100 done");
        server.tell("/api/v1/bulk/night-1", operation("finished", 100, 3, end));
        run("bulk", "watch", "night-1").exits(1).says("3 refused");
        server.tell("/api/v1/bulk/night-1", operation("canceled", 7, 0, end));
        terminal.show(80, false);
        Ran ran = run("bulk", "watch", "night-1").exits(1);
        assertTrue(ran.out().contains("state        canceled, 7 of 100 done"), ran::toString);
        assertTrue(ran.out().endsWith("\u001b[J"), ran::toString);
    }

    @Test
    void itIsHeldAndEnded() {
        for (String order : List.of("pause", "resume", "cancel")) {
            server.tell("/api/v1/bulk/night-1/" + order, RUNNING);
            run("bulk", order, "night-1", "--reason", "wait").exits(0).says("night-1: running");
        }
        assertEquals("POST /api/v1/bulk/night-1/pause {\"reason\":\"wait\"}",
            server.requests().get(0));
    }
}
