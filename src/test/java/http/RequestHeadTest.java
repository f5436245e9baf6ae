package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request's head may look like: the same to this server as to the proxy before it. */
class RequestHeadTest {

    private static final String PING = "GET /api/ping HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String PREPARE = "POST /api/dtmsvr/prepare HTTP/1.1\r\nHost: x\r\n";
    private static final String TCC = "{\"gid\":\"framed\",\"trans_type\":\"tcc\"}";
    private static final HttpSettings BOUNDS = HttpSettings.defaults();

    private static Wire wire;

    @BeforeAll
    static void start() {
        wire = Wire.start();
    }

    @AfterAll
    static void stop() {
        wire.close();
    }

    /** A body whose end cannot be told: what follows must not be taken for another request. */
    @ParameterizedTest
    @ValueSource(strings = {
        "Transfer-Encoding: chunked,", "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: gzip",
        "Transfer-Encoding: ", "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\ntransfer-encoding: Chunked",
        "Content-Length: +5", "Content-Length: -5", "Content-Length: 5 5", "Content-Length: 5, 5",
        "Content-Length: 0x5", "Content-Length: 5.0", "Content-Length: ", "Content-Length: \u00b2",
        "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length : 5", "Content-Length\t: 5", "Transfer-Encoding : chunked",
        "X: y\r\n Content-Length: 5", "X: y\r\n\tz", " X: y", "X", ": y", "X\u0000: y",
        "X: \u0000", "X: a\u0001b", "X: a\u007fb", "X: a\rb", "X: a\nb", "X(y): z", "X: y\n",
        "\u00fc: y"})
    void whatHasTwoReadingsIsRefused(String header) {
        assertRefused(400, PREPARE + header + "\r\n\r\n5\r\n" + TCC.substring(0, 5)
            + "\r\n0\r\n\r\n" + PING);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "POST /api/dtmsvr/submit HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /api/ping HTTP/1.1\nHost: x\n\n", "GET /api/ping HTTP/1.1\r\nHost: x\n\r\n",
        "GET /api/ping\r\nHost: x\r\n\r\n", "GET\t/api/ping\tHTTP/1.1\r\nHost: x\r\n\r\n",
        "GET  HTTP/1.1\r\nHost: x\r\n\r\n", " GET /api/ping HTTP/1.1\r\nHost: x\r\n\r\n",
        "\nGET /api/ping HTTP/1.1\r\nHost: x\r\n\r\n", "GET /api/ping HTTP/1.1\r\rHost: x\r\n\r\n",
        "GET /api/p\u0000ng HTTP/1.1\r\nHost: x\r\n\r\n", "G\u00cbT / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/ping HTTP/1.1\r\n\r\n", "GET /api/ping HTTP/2.0\r\nHost: x\r\n\r\n",
        "GET /api/ping HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\n"})
    void whatIsNoRequestIsRefused(String request) {
        assertRefused(400, request);
    }

    /** The answer of the refused request is the last one, and nothing that followed was done. */
    private static void assertRefused(int status, String request) {
        try (RawConnection connection = new RawConnection(wire.port())) {
            String all = connection.send(PING).send(request).untilClosed();

            assertTrue(all.startsWith("HTTP/1.1 200"), "the one before it: " + all);
            String answer = all.substring(all.indexOf("pong\"}") + "pong\"}".length());
            assertTrue(answer.startsWith("HTTP/1.1 " + status), request + " has " + answer);
            assertEquals(0, answer.split("HTTP/1.1 ", -1).length - 2, "nothing after it");
            assertTrue(answer.contains("{\"message\":\""), answer);
            assertTrue(answer.contains("Connection: close"), answer);
        }
        assertTrue(wire.coordinator.state("framed").isAbsent());
    }

    static Stream<Arguments> framings() {
        String half = TCC.substring(4);
        return Stream.of(
            Arguments.of("a length", "Content-Length: " + TCC.length() + "\r\n\r\n" + TCC),
            Arguments.of("blanks round it",
                "content-length: \t " + TCC.length() + " \t\r\n\r\n" + TCC),
            Arguments.of("zeros before it",
                "Content-Length: 000" + TCC.length() + "\r\n\r\n" + TCC),
            Arguments.of("one chunk", "Transfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(TCC.length()).toUpperCase() + "\r\n" + TCC
                + "\r\n0\r\n\r\n"),
            Arguments.of("two, with extensions and trailers", "transfer-encoding: CHUNKED\r\n\r\n"
                + "4;x=\"y\"\r\n" + TCC.substring(0, 4) + "\r\n000"
                + Integer.toHexString(half.length()) + " \r\n" + half
                + "\r\n00;last\r\nA: b\r\nContent-Length: 7\r\n\r\n"),
            Arguments.of("a hundred continues", "Expect: 100-continue\r\nContent-Length: "
                + TCC.length() + "\r\n\r\n" + TCC));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("framings")
    void eachFramingIsReadWholeAndInPieces(String what, String request) {
        for (int piece : new int[] {Integer.MAX_VALUE, 100, 7, 1}) {
            String gid = "g" + what.length() + "-" + piece;
            String sent = (PREPARE + request).replace("framed", "%-6.6s".formatted(gid)
                .replace(' ', '_'));
            try (RawConnection connection = new RawConnection(wire.port())) {
                String twice = sent + sent + PING;
                for (int i = 0; i < twice.length(); i += Math.min(piece, twice.length() - i)) {
                    connection.send(twice.substring(i, i + Math.min(piece, twice.length() - i)));
                }
                for (int i = 0; i < 2; i++) {
                    String answer = connection.answer();
                    if (answer.startsWith("HTTP/1.1 100")) {
                        answer = connection.answer();
                    }
                    assertTrue(answer.startsWith("HTTP/1.1 200"), what + ": " + answer);
                }
                assertTrue(connection.answer().endsWith("{\"msg\":\"pong\"}"), what);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ZZ\r\n{}\r\n0\r\n\r\n", "2\n{}\r\n0\r\n\r\n", "2\r\n{}0\r\n\r\n",
        "2\r\n{}\r\n0\r\n\n", "-2\r\n{}\r\n0\r\n\r\n", "2 3\r\n{}\r\n0\r\n\r\n", "\r\n0\r\n\r\n",
        "100000000\r\n{}", "0x2\r\n{}\r\n0\r\n\r\n", "2;a\nb\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}\r\n0\r\nA: b\rc\r\n\r\n", "2\r\n{}\r\n0\r\nA\r\n\u0000\r\n\r\n"})
    void chunksWithTwoReadingsEndTheConnection(String chunks) {
        try (RawConnection connection = new RawConnection(wire.port())) {
            String answer = connection.send(PREPARE + "Transfer-Encoding: chunked\r\n\r\n" + chunks)
                .send(PING).untilClosed();

            assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
            assertFalse(answer.contains("pong"), answer);
        }
    }

    /** RFC 9112, 2.2: at least one. Some clients send one after each body. */
    @Test
    void emptyLinesBeforeARequestAreIgnored() {
        try (RawConnection connection = new RawConnection(wire.port())) {
            for (String empty : new String[] {"", "\r\n", "\r\n".repeat(8)}) {
                assertTrue(connection.send(empty + PING).answer().endsWith("\"pong\"}"));
            }
            assertTrue(connection.send("\r\n".repeat(9) + PING).answer()
                .startsWith("HTTP/1.1 400"));
            assertEquals("", connection.untilClosed());
        }
    }

    @ParameterizedTest
    @CsvSource({"/api/ping,200", "/api/health,200", "/api/metrics,200", "/api/dtmsvr/version,200",
        "/api/dtmsvr/newGid,404", "/api/dtmsvr/subscribe?topic=t&url=http://a/b,404"})
    void probesMayAskForTheHeadAlone(String path, int status) {
        try (RawConnection connection = new RawConnection(wire.port())) {
            String answer = connection.send("HEAD " + path
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").untilClosed();

            assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
            assertTrue(answer.endsWith("\r\n\r\n"), "no body: " + answer);
        }
    }

    @Test
    void aUrlNeedNotBeEscapedIfItIsUtf8() {
        assertEquals(200, wire.post("prepare",
            "{\"gid\":\"\u8ba2\u5355-1\",\"trans_type\":\"tcc\"}").status());
        String raw = new String("/api/dtmsvr/query?gid=\u8ba2\u5355-1"
            .getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (RawConnection connection = new RawConnection(wire.port())) {
            String answer =
                connection.send("GET " + raw + " HTTP/1.1\r\nHost: x\r\n\r\n").answer();

            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
            assertTrue(answer.contains("\"gid\":\"\u8ba2\u5355-1\""), answer);
        }
        assertRefused(400, "GET /api/dtmsvr/query?gid=\u00b6\u00a9 HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    @Test
    void eachBoundHoldsAtBothItsEnds() {
        assertEquals("200", status("X: " + "y".repeat(BOUNDS.headerBytes())));
        assertEquals("431", status("X: " + "y".repeat(BOUNDS.headerBytes() + 1)));
        assertEquals("200", status("X".repeat(RequestHead.NAME_CHARS) + ": y"));
        assertEquals("431", status("X".repeat(RequestHead.NAME_CHARS + 1) + ": y"));
        assertEquals("200", status("X: y\r\n".repeat(BOUNDS.headerCount() - 2) + "X: y"));
        assertEquals("431", status("X: y\r\n".repeat(BOUNDS.headerCount() - 1) + "X: y"));

        int rest = BOUNDS.headBytes() - head("/api/ping", "A: \r\nB: ").length();
        String whole = "A: " + "a".repeat(rest / 2) + "\r\nB: " + "b".repeat(rest - rest / 2);
        assertEquals("200", status(whole));
        assertEquals("431", status(whole + "b"));

        String path = "/api/ping?" + "q".repeat(BOUNDS.headerBytes() - "/api/ping?".length());
        assertTrue(wire.raw(head(path, "X: y")).startsWith("HTTP/1.1 200"));
        assertTrue(wire.raw(head(path + "q", "X: y")).startsWith("HTTP/1.1 414"));
    }

    private static String status(String header) {
        return wire.raw(head("/api/ping", header)).substring("HTTP/1.1 ".length()).substring(0, 3);
    }

    private static String head(String path, String header) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n";
    }
}
