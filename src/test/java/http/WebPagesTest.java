package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import security.Access;
import security.BrowserGuard;

/** K13, J-13: what a browser sends for a page of another site changes and tells nothing. */
class WebPagesTest {

    private static final String SUBMIT = "{\"gid\":\"g\",\"trans_type\":\"saga\","
        + "\"steps\":[{\"action\":\"http://a/x\"}],\"payloads\":[\"{}\"]}";

    private final Wire wire = Wire.start(new RequestGuard(Access.OPEN,
        new BrowserGuard(List.of(), List.of("https://ops.example.com"))), null);

    @AfterEach
    void close() {
        wire.close();
    }

    private String raw(String method, String path, String body, String... headers) {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        boolean hasHost = false;
        for (int i = 0; i < headers.length; i += 2) {
            hasHost |= headers[i].equals("Host");
            request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return answer(request + (hasHost ? "" : "Host: 127.0.0.1:" + wire.port() + "\r\n")
            + "Content-Type: text/plain\r\nConnection: close\r\nContent-Length: " + body.length()
            + "\r\n\r\n" + body);
    }

    /** All of it, since the connection ends with it. */
    private String answer(String request) {
        try (Socket socket = new Socket("127.0.0.1", wire.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(
                socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static void assertRefused(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
        assertFalse(answer.contains("Access-Control"), answer);
    }

    @Test
    void noPageOfAnotherSiteSubmits() {
        assertRefused(raw("POST", "/api/dtmsvr/submit", SUBMIT,
            "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"));
        assertRefused(raw("POST", "/api/dtmsvr/submit", SUBMIT, "Origin", "https://evil.example"));
        assertRefused(raw("POST", "/api/dtmsvr/submit", SUBMIT, "Origin", "null"));
        assertRefused(raw("POST", "/api/json-rpc", "{}", "Sec-Fetch-Site", "same-site"));
        assertEquals(List.of(), wire.coordinator.calls());
    }

    /** An image is enough for these. */
    @ParameterizedTest
    @ValueSource(strings = {"subscribe?topic=t&url=http://a/x",
        "unsubscribe?topic=t&url=http://a/x", "resetCronTime", "all", "query?gid=g",
        "newGid", "version"})
    void noPageOfAnotherSiteGets(String path) {
        assertRefused(raw("GET", "/api/dtmsvr/" + path, "", "Sec-Fetch-Site", "cross-site"));
        assertEquals(0, wire.coordinator.topics.list("", 10).toCompletableFuture().join()
            .rows().size());
    }

    @Test
    void noNameOfAnotherSiteIsThisServer() {
        assertRefused(raw("GET", "/api/dtmsvr/all", "", "Host", "evil.example"));
        assertRefused(raw("GET", "/api/dtmsvr/all", "", "Host", "evil.example:" + wire.port()));
        assertRefused(raw("POST", "/api/dtmsvr/submit", SUBMIT, "Host", "evil.example"));
        assertRefused(raw("GET", "/api/metrics", "", "Host", "evil.example"));
        assertRefused(raw("GET", "/", "", "Host", "evil.example"));
        // Such a page may send any header to what looks like its own site.
        assertRefused(raw("GET", "/api/dtmsvr/all", "", "Host", "evil.example",
            "Authorization", "Bearer any"));
        assertRefused(raw("GET", "http://evil.example/api/dtmsvr/all", "", "Host", "evil.example"));
    }

    @Test
    void probesAnswerToAnyName() {
        assertTrue(raw("GET", "/api/health", "", "Host", "a.load.balancer")
            .startsWith("HTTP/1.1 200 "));
        assertTrue(raw("GET", "/api/ping", "", "Host", "a.load.balancer")
            .startsWith("HTTP/1.1 200 "));
        assertRefused(raw("GET", "/api/health", "", "Origin", "https://evil.example"));
    }

    @Test
    void aPreflightOfAnotherSiteIsRefused() {
        assertRefused(raw("OPTIONS", "/api/dtmsvr/submit", "", "Origin", "https://evil.example",
            "Access-Control-Request-Method", "POST"));
    }

    @Test
    void aWebSocketOfAnotherSiteIsRefused() {
        assertRefused(answer("GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + "Origin: https://evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));
    }

    @Test
    void thePageItselfAsks() {
        String own = "http://127.0.0.1:" + wire.port();
        assertTrue(raw("POST", "/api/dtmsvr/submit", SUBMIT,
            "Origin", own, "Sec-Fetch-Site", "same-origin").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void anAllowedOriginAsksAndReads() {
        String preflight = raw("OPTIONS", "/api/dtmsvr/submit", "",
            "Origin", "https://ops.example.com", "Access-Control-Request-Method", "POST");
        assertTrue(preflight.startsWith("HTTP/1.1 204 "), preflight);
        assertTrue(preflight.contains("Access-Control-Allow-Headers: Authorization"), preflight);
        String answer = raw("POST", "/api/dtmsvr/submit", SUBMIT,
            "Origin", "https://ops.example.com", "Sec-Fetch-Site", "cross-site");
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertTrue(answer.contains("Access-Control-Allow-Origin: https://ops.example.com"), answer);
        assertTrue(answer.contains("Vary: Origin"), answer);
        assertFalse(answer.contains("Access-Control-Allow-Methods"), answer);
    }
}
