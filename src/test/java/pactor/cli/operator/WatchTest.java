package pactor.cli.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WatchTest extends OperatorTest {

    private static final String SUCCEED = "{\"event\":\"status\",\"gid\":\"g\",\"status\":"
        + "\"succeed\",\"time\":\"2026-01-01T00:00:02Z\",\"from\":\"submitted\"}";

    @Test
    void forAScriptEachEventIsALineToTheEnd() {
        server.add("g", "submitted", "");
        server.event("{\"event\":\"attempt\",\"gid\":\"g\",\"status\":\"submitted\","
            + "\"time\":\"2026-01-01T00:00:01Z\",\"outcome\":\"success\"}");
        server.event(SUCCEED);
        Ran ran = run("tx", "watch", "g").exits(0);
        assertEquals("2026-01-01 00:00:01Z  g  attempt  status=submitted  outcome=success",
            ran.lines().get(0));
        assertEquals(2, ran.lines().size());
    }

    @Test
    void asJsonItIsTheEventsAsTheyAre() {
        server.add("g", "submitted", "");
        server.event(SUCCEED);
        assertEquals(SUCCEED, run("tx", "watch", "g", "--json").exits(0).out().strip());
    }

    @Test
    void whatHasEndedBeforeIsNotWaitedFor() {
        server.add("g", "failed", "");
        run("tx", "watch", "g").exits(1).says("g has ended: failed");
    }

    @Test
    void whatIsNotThereIsNotWaitedForEither() {
        run("tx", "watch", "gone").exits(1).says("there is no transaction gone");
    }

    @Test
    void onATerminalItDrawsOneUntilItsEnd() {
        server.add("g", "succeed", "");
        terminal.show(80, false);
        Ran ran = run("tx", "watch", "g").exits(0);
        assertTrue(ran.out().startsWith("\u001b[2J\u001b[Hgid          g\u001b[K\n"),
            ran::toString);
        assertTrue(ran.out().endsWith("\u001b[J"), ran::toString);
    }

    @Test
    void aGidAndAFilterExcludeEachOther() {
        run("tx", "watch", "g", "--mode", "saga").exits(2).says("exclude each other");
        run("tx", "watch", "--parked").exits(2).says("by --mode and --status alone");
    }
}
