package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import transaction.Outcome;

/** What clients that send nothing, too little or too much at once may cost the others. */
class ConnectionBoundsTest {

    private static final HttpSettings D = HttpSettings.defaults();
    private static final String PING = "GET /api/ping HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String PREPARE = "POST /api/dtmsvr/prepare HTTP/1.1\r\nHost: x\r\n";
    private static final String WAIT = "{\"gid\":\"%s\",\"trans_type\":\"saga\","
        + "\"wait_result\":true,\"steps\":[{\"action\":\"http://p/later\"}],\"payloads\":[\"\"]}";

    private final List<RawConnection> opened = new ArrayList<>();
    private Wire wire;

    @AfterEach
    void stop() {
        opened.forEach(RawConnection::close);
        wire.close();
    }

    @Test
    void aHeadThatDoesNotEndInTimeIsRefused() {
        start(D.maxConnections(), D.buffered(), Duration.ofMillis(300));

        assertRefused(408, open().send("GET /api/ping HTTP/1.1\r\nHo"));
        RawConnection second = open().send(PING);
        assertTrue(second.answer().startsWith("HTTP/1.1 200"));
        assertRefused(408, second.send(PING + "\r\nG"), "HTTP/1.1 200");
    }

    @Test
    void whoSaysNothingIsClosedAndWhoHasSaidSomethingMayBeSilent() {
        start(D.maxConnections(), D.buffered(), Duration.ofMillis(300));
        RawConnection served = open().send(PING);
        assertTrue(served.answer().startsWith("HTTP/1.1 200"));
        RawConnection newer = open();

        assertEquals("", newer.untilClosed());

        assertTrue(served.send(PING).answer().startsWith("HTTP/1.1 200"), "it is still open");
    }

    @Test
    void connectionsThatWaitForTheirClientsMakeRoom() {
        start(16, D.buffered(), Duration.ofMinutes(1));
        List<RawConnection> idle = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            idle.add(i % 3 == 0 ? open() : i % 3 == 1 ? open().send("GET /api/pi")
                : open().send(PREPARE + "Content-Length: 100\r\n\r\n{"));
            RawConnection honest = open().send(PREPARE + "Content-Length: 31\r\n\r\n"
                + "{\"gid\":\"g1\",\"trans_type\":\"tcc\"}");
            assertTrue(honest.answer().startsWith("HTTP/1.1 200"), "beside " + i + " others");
            honest.close();
        }
        String first = idle.get(0).untilClosed();
        assertTrue(first.isEmpty(), first);
        assertTrue(idle.get(2).untilClosed().startsWith("HTTP/1.1 400"), "its body was cut off");
    }

    @Test
    void probesAreAnsweredWhenAllConnectionsAreBusy() {
        start(2, D.buffered(), Duration.ofMinutes(1));
        wire.participant("http://p/later", MemoryCoordinator.LATER);
        RawConnection first = submit("a");
        Awaitility.await().until(() -> wire.coordinator.calls().size() == 1);
        RawConnection second = submit("b");
        Awaitility.await().until(() -> wire.coordinator.calls().size() == 2);

        for (String probe : OpsRoutes.PROBES) {
            String answer = open().send(PING.replace("/api/ping", probe)).untilClosed();
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        }
        String other = submit("c").untilClosed();
        assertTrue(other.startsWith("HTTP/1.1 503"), other);
        assertTrue(other.contains("too many connections; nothing was done"), other);
        for (int i = 0; i < Listener.RESERVED; i++) {
            open(); // They take up what is reserved, and make room as well.
        }
        assertTrue(open().send(PING).untilClosed().startsWith("HTTP/1.1 200"));

        wire.coordinator.release(Outcome.SUCCESS);
        assertTrue(first.answer().startsWith("HTTP/1.1 200"));
        assertTrue(second.answer().startsWith("HTTP/1.1 200"));
        assertTrue(wire.coordinator.state("c").isAbsent());
    }

    @Test
    void ofRoomThatIsMadeTheLogTellsIfThereWasAnyToMake() {
        start(1, D.buffered(), Duration.ofMinutes(1));
        wire.participant("http://p/later", MemoryCoordinator.LATER);
        Logger logger = (Logger) LoggerFactory.getLogger(Listener.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Level before = logger.getLevel();
        logger.addAppender(log);
        logger.setAdditive(false);
        logger.setLevel(Level.WARN);
        try {
            RawConnection busy = submit("a");
            Awaitility.await().until(() -> wire.coordinator.calls().size() == 1);
            assertTrue(submit("b").untilClosed().startsWith("HTTP/1.1 503"));
            assertEquals(List.of(), log.list, "nobody was alone, and nobody was closed");

            wire.coordinator.release(Outcome.SUCCESS);
            assertTrue(busy.answer().startsWith("HTTP/1.1 200"));
            assertTrue(open().send(PING).answer().startsWith("HTTP/1.1 200"));
            assertEquals("", busy.untilClosed());
            assertEquals("1 connections are open; closing 1 that wait for their clients",
                log.list.get(0).getFormattedMessage());
        } finally {
            logger.setLevel(before);
            logger.detachAppender(log);
            logger.setAdditive(true);
        }
    }

    @Test
    void headsAndTheRestOfRequestsAreCounted() {
        start(D.maxConnections(), 40_000, Duration.ofMinutes(1));
        String unfinished = "GET /api/ping HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(15_000)
            + "\r\nB: " + "b".repeat(10_000);
        RawConnection first = open().send(unfinished);
        Awaitility.await().until(() -> crowdedOut(unfinished));
        assertTrue(first.send("\r\n\r\n").answer().startsWith("HTTP/1.1 200"), "it came first");

        Awaitility.await().until(() -> !crowdedOut(unfinished));
        wire.participant("http://p/later", MemoryCoordinator.LATER);
        RawConnection busy = open().send(submission("a") + unfinished);
        Awaitility.await().until(() -> crowdedOut(unfinished));
        wire.coordinator.release(Outcome.SUCCESS);
        assertTrue(busy.answer().startsWith("HTTP/1.1 200"));
        assertTrue(busy.send("\r\n\r\n").answer().startsWith("HTTP/1.1 200"));
    }

    /** Or 4,096 chunks of a mebibyte that lack their last byte would be held by nobody's count. */
    @Test
    void aChunkIsCountedBeforeItIsWhole() {
        start(D.maxConnections(), 4_500, Duration.ofMinutes(1));
        String chunk = PREPARE + "Transfer-Encoding: chunked\r\n\r\nfa0\r\n" + " ".repeat(3_999);
        open().send(chunk);

        Awaitility.await().until(() -> crowdedOut(chunk));
    }

    private boolean crowdedOut(String unfinished) {
        return wire.raw(unfinished).startsWith("HTTP/1.1 429");
    }

    private void start(int connections, long buffered, Duration head) {
        wire = Wire.start(new HttpSettings(D.host(), D.port(), connections, 4_000, buffered,
            D.headBytes(), D.headerBytes(), D.headerCount(), D.idleTimeout(), head,
            D.bodyTimeout(), D.answerTimeout(), D.hurryHorizon(), D.tls()));
    }

    private RawConnection open() {
        RawConnection connection = new RawConnection(wire.port());
        opened.add(connection);
        return connection;
    }

    private RawConnection submit(String gid) {
        return open().send(submission(gid));
    }

    private static String submission(String gid) {
        String body = WAIT.formatted(gid);
        return "POST /api/dtmsvr/submit HTTP/1.1\r\nHost: x\r\nContent-Length: "
            + body.length() + "\r\n\r\n" + body;
    }

    private static void assertRefused(int status, RawConnection connection, String... before) {
        for (String each : before) {
            assertTrue(connection.answer().startsWith(each));
        }
        String all = connection.untilClosed();
        assertTrue(all.startsWith("HTTP/1.1 " + status), all);
        assertTrue(all.contains("Connection: close"), all);
    }
}
