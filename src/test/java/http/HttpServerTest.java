package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import transaction.Outcome;
import transaction.Reply;

class HttpServerTest {

    private static final String TCC = "{\"gid\":\"g\",\"trans_type\":\"tcc\"}";

    private Wire wire = Wire.start();

    @AfterEach
    void stop() {
        wire.close();
    }

    @Test
    void aPortInUseIsOneClearLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            HttpSettings settings =
                HttpSettings.defaults().at("0.0.0.0", taken.getLocalPort());

            CompletionException thrown = assertThrows(CompletionException.class, () -> HttpServer
                .start(Wire.system(), new HttpServer.Parts(wire.coordinator,
                    new Ops(() -> "", () -> "", () -> ""), RouteMeter.NONE), settings)
                .toCompletableFuture().join());

            assertTrue(thrown.getCause() instanceof HttpBindException);
            assertEquals("cannot listen on 0.0.0.0:" + taken.getLocalPort()
                + ": the port is in use by another program", thrown.getCause().getMessage());
        }
    }

    @Test
    void anAddressOfOthersIsOneClearLine() {
        HttpSettings settings = HttpSettings.defaults().at("192.0.2.1", 0);

        CompletionException thrown = assertThrows(CompletionException.class, () -> HttpServer
            .start(Wire.system(), new HttpServer.Parts(wire.coordinator,
                new Ops(() -> "", () -> "", () -> ""), RouteMeter.NONE), settings)
            .toCompletableFuture().join());

        assertTrue(thrown.getCause().getMessage().startsWith(
            "cannot listen on 192.0.2.1:0: the address is none of this machine's"),
            thrown.getCause().getMessage());
    }

    @Test
    void drainingFinishesWhatIsUnderWay() {
        wire.participant("http://p/later", MemoryCoordinator.LATER);
        CompletableFuture<WireClient.Answer> waiting = wire.sending("POST", Wire.API + "submit",
            ("{\"gid\":\"g\",\"trans_type\":\"saga\",\"wait_result\":true,\"steps\":[{\"action\":"
                + "\"http://p/later\"}],\"payloads\":[\"\"]}").getBytes(StandardCharsets.UTF_8));
        Awaitility.await().until(() -> !wire.coordinator.calls().isEmpty());

        CompletableFuture<Void> drained =
            wire.server.drain(Duration.ofSeconds(10)).toCompletableFuture();
        assertThrows(IllegalStateException.class, () -> wire.get("newGid"), "no new connections");
        assertFalse(drained.isDone());
        wire.coordinator.release(Outcome.SUCCESS);

        assertEquals(200, Wire.await(waiting).status());
        Wire.await(drained);
    }

    @Test
    void healthSaysWhyNot() {
        wire.coordinator.notReady("waiting for the database");

        WireClient.Answer answer = wire.send("GET", "/api/health", "");

        assertEquals(503, answer.status());
        assertEquals("1", answer.retryAfter());
        assertEquals("{\"result\":\"waiting for the database\"}", answer.body());
        for (String path : List.of("newGid", "query?gid=g", "all", "scanKV?cat=topics")) {
            assertEquals(503, wire.get(path).status(), path);
        }
        assertEquals("{\"message\":\"not ready: waiting for the database; nothing was done, try"
            + " again\"}", wire.post("prepare", TCC).body());
        assertTrue(wire.coordinator.state("g").isAbsent());
        for (String path : List.of("/", "/api/ping", "/api/metrics", Wire.API + "version")) {
            assertEquals(200, wire.send("GET", path, "").status(), path);
        }
        wire.coordinator.notReady(null);
        assertEquals(200, wire.send("GET", "/api/health", "").status());
    }

    @Test
    void aFullNodeRefusesWhatItHasNotRead() {
        wire.coordinator.refuse(new Reply.Full("more than 3 are under way; nothing was done"));

        for (String path : List.of("submit", "prepare", "abort", "registerBranch",
                "registerTccBranch", "registerXaBranch", "prepareWorkflow", "forceStop",
                "resetNextCronTime")) {
            WireClient.Answer answer = wire.post(path, "no JSON at all");
            assertEquals(503, answer.status(), path);
            assertEquals("1", answer.retryAfter(), path);
            assertEquals("{\"message\":\"more than 3 are under way; nothing was done\"}",
                answer.body(), path);
        }
        assertEquals(200, wire.get("newGid").status(), "what takes no room is served");

        wire.coordinator.refuse(null);
        assertEquals(400, wire.post("submit", "no JSON at all").status());
    }

    @Test
    void tooMuchAtOnceIsToldSo() {
        wire.coordinator.answerInstead(
            CompletableFuture.completedFuture(new Reply.Overloaded("more than 3 at once")));

        WireClient.Answer answer = wire.post("submit", TCC);

        assertEquals(429, answer.status());
        assertEquals("1", answer.retryAfter());

        wire.coordinator.answerInstead(
            CompletableFuture.completedFuture(new Reply.Full("more than 2000 in all")));

        answer = wire.post("submit", TCC);

        assertEquals(503, answer.status());
        assertEquals("1", answer.retryAfter());
        assertFalse(answer.mentionsVerdict(), answer.body());
    }

    /** A coordinator that breaks its word must not make the server claim anything. */
    @Test
    void whatIsUnclearIsToldSo() {
        List<CompletableFuture<Reply>> unclear = List.of(
            CompletableFuture.completedFuture(new Reply.Unclear("who knows")),
            CompletableFuture.failedFuture(new IllegalStateException("FAILURE\n of ours")),
            CompletableFuture.failedFuture(
                new CompletionException(new IllegalStateException("wrapped"))));
        for (CompletableFuture<Reply> reply : unclear) {
            wire.coordinator.answerInstead(reply);
            for (String path : List.of("prepare", "submit", "abort", "forceStop", "query?gid=g")) {
                WireClient.Answer answer = path.startsWith("query") ? wire.get(path)
                    : wire.post(path, TCC);
                assertEquals(503, answer.status(), path);
                assertEquals("1", answer.retryAfter());
                assertFalse(answer.mentionsVerdict(), answer.body());
            }
            WireClient.Answer rpc = wire.send("POST", JsonRpcRoute.PATH,
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"submit\",\"params\":" + TCC + "}");
            assertEquals(200, rpc.status());
            assertTrue(rpc.body().contains("\"code\":-32603"), rpc.body());
        }
    }

    /** One line a second at most, without control characters, and without what clients sent. */
    @Test
    void logsAreTerseAndHarmless() {
        Logger logger = (Logger) LoggerFactory.getLogger("http.ErrorResponses");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
        logger.setLevel(Level.ERROR);
        wire.coordinator.answerInstead(CompletableFuture.failedFuture(
            new IllegalStateException("one\ntwo\u001b[31m", new IllegalStateException("three\r"))));
        try {
            for (int i = 0; i < 20; i++) {
                wire.post("prepare", TCC.replace("\"g\"", "\"secret\""));
            }
        } finally {
            logger.setLevel(Level.OFF);
            logger.detachAppender(log);
            logger.setAdditive(true);
        }

        assertTrue(!log.list.isEmpty() && log.list.size() < 10, log.list.toString());
        String line = log.list.get(0).getFormattedMessage();
        assertTrue(line.startsWith("prepare could not be answered (0 more like it): "
            + "java.lang.IllegalStateException: one\\u000atwo\\u001b[31m"), line);
        assertTrue(line.endsWith("because of java.lang.IllegalStateException: three\\u000d"), line);
        assertFalse(line.contains("secret"));
    }

    @Test
    void aStoreOutOfReachIsNotTheClientsMistake() {
        wire.coordinator.index.breakWith(new IllegalStateException("no connection"));
        wire.coordinator.topics.breakWith(new IllegalStateException("no connection"));

        for (String path : List.of("all", "all?gid=g", "scanKV?cat=topics",
                "queryKV?cat=topics&key=t", "subscribe?topic=t&url=http://a/b",
                "unsubscribe?topic=t&url=http://a/b")) {
            WireClient.Answer answer = wire.get(path);
            assertEquals(503, answer.status(), path);
            assertEquals("1", answer.retryAfter());
            boolean changes = path.contains("subscribe");
            assertEquals(changes, answer.body().contains("may or may not"), path);
            assertEquals(!changes,
                answer.body().contains("nothing was changed, ask again"), path);
            assertFalse(answer.body().contains("no connection"), "what the driver says: " + path);
        }
    }

    @Test
    void aQueryWithoutAnAnswerHasChangedNothing() {
        wire.coordinator.answerInstead(
            CompletableFuture.completedFuture(new Reply.Unclear("it may have been written")));

        assertEquals("{\"message\":\"no answer could be had; nothing was changed, ask again\"}",
            wire.get("query?gid=g").body());
    }

    @Test
    void aBodyMayComeInPieces() throws IOException {
        String request = "POST /api/dtmsvr/prepare HTTP/1.1\r\nHost: x\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", wire.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < TCC.length(); i += 7) {
                String piece = TCC.substring(i, Math.min(TCC.length(), i + 7));
                out.write((Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertTrue(firstLine(socket).startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void oldAndCarefulClientsAreServed() {
        assertTrue(wire.raw("GET /api/ping HTTP/1.0\r\n\r\n").startsWith("HTTP/1."));
        assertTrue(wire.raw("POST /api/dtmsvr/prepare HTTP/1.1\r\nHost: x\r\nExpect: 100-continue"
            + "\r\nContent-Length: " + TCC.length() + "\r\n\r\n").startsWith("HTTP/1.1 100"));
        assertTrue(wire.raw("POST //api//dtmsvr//prepare HTTP/1.1\r\nHost: x\r\nContent-Length: "
            + TCC.length() + "\r\n\r\n" + TCC).startsWith("HTTP/1.1 200"));
    }

    @Test
    void bodiesAreBoundInTimeAndAltogether() throws IOException {
        HttpSettings d = HttpSettings.defaults();
        wire.close();
        wire = Wire.start(new HttpSettings(d.host(), d.port(), d.maxConnections(), 1_000, 1_500,
            d.headBytes(), d.headerBytes(), d.headerCount(), d.idleTimeout(), d.headTimeout(),
            Duration.ofSeconds(2), d.answerTimeout(), d.hurryHorizon(), d.tls()));
        String head = "POST /api/dtmsvr/prepare HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n";
        try (Socket slow = new Socket("127.0.0.1", wire.port())) {
            slow.getOutputStream().write(
                (head + " ".repeat(800)).getBytes(StandardCharsets.US_ASCII));
            slow.getOutputStream().flush();
            Awaitility.await().until(() -> crowdedOut(head));
            assertTrue(firstLine(slow).startsWith("HTTP/1.1 408"), "too slow");
        }
        assertEquals(200, wire.post("prepare", TCC).status(), "the room is free again");
        assertTrue(wire.raw("POST /api/dtmsvr/prepare HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:"
            + " chunked\r\n\r\n" + ("c8\r\n" + " ".repeat(200) + "\r\n").repeat(6)
            + "0\r\n\r\n").startsWith("HTTP/1.1 413"), "too large, though it does not say so");
    }

    /** Whether a second large body is turned away because the first one takes up the room. */
    private boolean crowdedOut(String head) {
        return wire.raw(head + " ".repeat(800)).startsWith("HTTP/1.1 429");
    }

    @Test
    void requestsAreCountedByRoute() {
        wire.get("newGid");
        wire.post("registerTccBranch", "{");
        wire.send("DELETE", Wire.API + "topic/anything", "");
        wire.send("GET", "/any/thing?at=all", "");
        wire.send("POST", JsonRpcRoute.PATH, "{}");

        assertEquals(List.of("newgid GET 200", "registertccbranch POST 400", "topic DELETE 404",
            "other GET 404", "json-rpc POST 200"), wire.metered);
    }

    private static String firstLine(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        byte[] buffer = new byte[1_000];
        int read = socket.getInputStream().read(buffer);
        return new String(buffer, 0, Math.max(0, read), StandardCharsets.US_ASCII).lines()
            .findFirst().orElse("");
    }
}
