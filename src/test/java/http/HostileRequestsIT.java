package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.LiveHeap;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import security.Token;

/** What is sent to the jar by someone who means it harm; numbers as in docs/threat-model.md. */
class HostileRequestsIT {

    private static final String TEAM = Token.make();
    private static final String ORDERS = Token.make();
    private static final String OPERATOR = Token.make();

    /** What is reachable afterwards beyond that of before: caches that are being filled. */
    private static final long GROWTH_MIB_MAX = 16;

    /** How each line of the log begins; it has no character that a terminal obeys. */
    private static final Pattern LOG_LINE = Pattern.compile(
        "(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (DEBUG|INFO|WARN|ERROR) |pactor )"
            + "[^\\p{Cntrl}\\u2028\\u2029]*");

    private static StartedJar jar;

    @BeforeAll
    static void start(@TempDir Path dir) throws IOException {
        Path identities = Files.writeString(dir.resolve("identities"),
            line("team", "client", TEAM) + line("orders", "client:orders-*", ORDERS)
                + line("alice", "operator", OPERATOR));
        jar = StartedJar.in(dir.resolve("data"),
            "--set", "pactor.security.identities-file=" + identities, "--log-level", "debug");
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    private static String line(String name, String role, String token) {
        return name + " " + role + " sha256:" + HexFormat.of().formatHex(Token.hash(token)) + "\n";
    }

    private static WireClient.Answer ask(String token, String method, String path, String body) {
        return jar.client.send(method, path, body, "Authorization", "Bearer " + token);
    }

    private static WireClient.Answer submit(String body) {
        return ask(TEAM, "POST", "/api/dtmsvr/submit", body);
    }

    private static boolean exists(String gid) {
        WireClient.Answer answer = ask(OPERATOR, "GET", "/api/dtmsvr/query?gid=" + gid, "");
        assertEquals(200, answer.status());
        return !answer.body().contains("\"transaction\":null");
    }

    private static String saga(String gid) {
        return Requests.step(gid, "saga", jar.url("yes"), "");
    }

    @Test
    @DisplayName("J-04: no path leads to a file")
    void paths() {
        List<String> ups = List.of("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "..\\",
            "....//", "%252e%252e%252f", "..;/", "%c0%ae%c0%ae/", "%u002e%u002e/", "..%00/");
        for (String up : ups) {
            for (String base : List.of("/", "/api/", "/console/", "/api/dtmsvr/topic/")) {
                String target = base + up.repeat(8) + "etc/passwd";
                try (RawConnection raw = new RawConnection(jar.process.port())) {
                    String answer = raw.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n"
                        + "Authorization: Bearer " + OPERATOR + "\r\nConnection: close\r\n\r\n")
                        .untilClosed();
                    assertTrue(answer.matches("(?s)HTTP/1.1 40[045] .*"), target + ": " + answer);
                    assertFalse(answer.contains("root:"), target);
                }
            }
        }
    }

    @Test
    @DisplayName("J-05: JSON that is deep, wide or long costs no more than its bytes")
    void json() throws IOException {
        assertEquals(200, submit(saga("json-before")).status());
        long before = LiveHeap.mib(jar.process.pid());
        String many = IntStream.range(0, 300_000).mapToObj(i -> "\"k" + i + "\":1")
            .collect(Collectors.joining(","));
        Map<String, String> bombs = new TreeMap<>(Map.of(
            "arrays", "[".repeat(100_000), "objects", "{\"a\":".repeat(100_000),
            "deep data", "{\"gid\":\"bomb\",\"custom_data\":" + "[".repeat(90_000)
                + "]".repeat(90_000) + "}",
            "keys", "{\"gid\":\"bomb\"," + many + "}",
            "headers", "{\"gid\":\"bomb\",\"branch_headers\":{" + many + "}}",
            "digits", "{\"gid\":\"bomb\",\"timeout_to_fail\":" + "9".repeat(1_000_000) + "}",
            "exponent", "{\"gid\":\"bomb\",\"timeout_to_fail\":1e999999999}",
            "twice", "{\"gid\":\"bomb\",\"gid\":\"bomb\",\"trans_type\":\"tcc\"}",
            "string", "{\"gid\":\"" + "g".repeat(4_000_000) + "\",\"trans_type\":\"tcc\"}",
            "half a character", "{\"gid\":\"\\ud800\",\"trans_type\":\"tcc\"}"));
        bombs.forEach((name, body) -> {
            for (String path : List.of("/api/dtmsvr/submit", "/api/dtmsvr/prepare")) {
                int status = ask(TEAM, "POST", path, body).status();
                assertTrue(status == 400 || status == 413, name + ": " + status);
            }
        });
        assertFalse(exists("bomb"));
        long growth = LiveHeap.mib(jar.process.pid()) - before;
        assertTrue(growth <= GROWTH_MIB_MAX, "MiB more than before: " + growth);
        assertEquals(200, submit(saga("json-after")).status());
    }

    @Test
    @DisplayName("J-06: a compressed body is not opened")
    void compressed() throws IOException {
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
            gzip.write(("{\"gid\":\"zip\",\"trans_type\":\"tcc\",\"custom_data\":\""
                + "0".repeat(10 << 20) + "\"}").getBytes(StandardCharsets.UTF_8));
        }
        for (String coding : List.of("gzip", "x-gzip", "GZIP", "deflate", "br", "identity, gzip")) {
            assertEquals(415, jar.client.sendBytes("/api/dtmsvr/prepare", small.toByteArray(),
                "Authorization", "Bearer " + TEAM, "Content-Encoding", coding).status(), coding);
        }
        assertFalse(exists("zip"));
    }

    @Test
    @DisplayName("J-08: no request hides in another")
    void smuggling() {
        List<String> heads = List.of(
            "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
            "Content-Length: 4\r\nContent-Length: 0\r\n", "Content-Length: 4, 0\r\n",
            "Content-Length: +4\r\n", "Content-Length: -4\r\n", "Content-Length: 0x4\r\n",
            "Content-Length: 18446744073709551620\r\n", "Content-Length:\r\n",
            "Content-Length: 4\nTransfer-Encoding: chunked\r\n",
            "Content-Length : 4\r\n", "Content-Length\t: 4\r\n",
            "Transfer-Encoding : chunked\r\n", "Transfer-Encoding: xchunked\r\n",
            "Transfer-Encoding: chunked, identity\r\n",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: \u000bchunked\r\n", "Transfer-Encoding\u0000: chunked\r\n",
            "X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
            "X: y\rTransfer-Encoding: chunked\r\nContent-Length: 4\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n");
        List<String> chunks = List.of("0x4\r\n", "+4\r\n", "-4\r\n", " 4\r\n", "4;\n\r\n",
            "100000004\r\n", "4\n", "\r\n");
        for (int i = 0; i < heads.size() + chunks.size(); i++) {
            String outer = i < heads.size() ? heads.get(i) + "\r\n0\r\n\r\n"
                : "Transfer-Encoding: chunked\r\n\r\n" + chunks.get(i - heads.size())
                    + "nine\r\n0\r\n\r\n";
            String answer = sendBefore("smuggled-" + i, outer);
            assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), outer + ": " + answer);
            assertFalse(exists("smuggled-" + i), outer);
        }
        for (String clear : List.of("Content-Length: 5\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n4\r\nnine\r\n0\r\n\r\n")) {
            sendBefore("sent-" + clear.length(), clear);
            assertTrue(exists("sent-" + clear.length()), "two requests, one after another");
        }
    }

    /** All that is answered to {@code outer}, with a request for {@code gid} right behind it. */
    private static String sendBefore(String gid, String outer) {
        String body = Requests.bare(gid, "tcc");
        String head = "POST /api/dtmsvr/prepare HTTP/1.1\r\nHost: localhost\r\n"
            + "Authorization: Bearer " + TEAM + "\r\n";
        try (RawConnection raw = new RawConnection(jar.process.port())) {
            raw.send(head + outer + head + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            raw.socket().shutdownOutput();
            return raw.untilClosed();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    @DisplayName("J-10: over gRPC strangers learn nothing, not even what there is")
    void reflection() {
        assertEquals(Status.Code.UNAUTHENTICATED, jar.grpc.code(
            "grpc.reflection.v1.ServerReflection/ServerReflectionInfo"));
        assertEquals(Status.Code.UNAUTHENTICATED, jar.grpc.code("dtmgimp.Dtm/NewGid"));
    }

    @Test
    @DisplayName("J-11: nobody writes lines of their own into the log")
    void log() {
        List<String> evils = List.of("a\\r\\n2026-01-01T00:00:00.000Z ERROR Forged line",
            "\\u001b[31mred\\u001b[0m", "${jndi:ldap://127.0.0.1:1/x}", "\\u2028\\u2029\\u0085",
            "\\u0000\\u0007\\u0008", "%n%msg%ex{full}{}");
        for (int i = 0; i < evils.size(); i++) {
            String evil = evils.get(i);
            submit(Requests.step(evil, "saga", jar.url("no"), ""));
            submit(Requests.step("log-" + i, "saga", jar.url("no?x=" + evil), ""));
            submit("{\"gid\":\"log-h" + i + "\",\"trans_type\":\"saga\","
                + "\"branch_headers\":{\"x\":\"" + evil + "\"},\"rollback_reason\":\""
                + evil + "\",\"steps\":[{\"action\":\""
                + jar.url("no") + "\"}],\"payloads\":[\"" + evil + "\"],\"custom_data\":\"" + evil
                + "\"}");
            ask(TEAM, "POST", "/api/dtmsvr/prepare", Requests.bare("log-t" + i, "tcc"));
            ask(TEAM, "POST", "/api/dtmsvr/abort", "{\"gid\":\"log-t" + i + "\",\"trans_type\":"
                + "\"tcc\",\"rollback_reason\":\"" + evil + "\"}");
        }
        List<String> wrong = jar.process.log().stream()
            .filter(each -> !LOG_LINE.matcher(each).matches() || each.startsWith("2026-01-01"))
            .toList();
        assertEquals(List.of(), wrong);
    }

    @Test
    @DisplayName("J-16: what is searched for is never a part of a statement")
    void statements() {
        assertEquals(200, submit(saga("sql-1")).status());
        List<String> evils = List.of("' OR '1'='1", "'; DROP TABLE pactor_transaction; --",
            "\\' --", "%", "_", "sql-_", "1) UNION SELECT 1,2 --", "\" OR 1=1 --",
            "${sql-1}", "$1", "?");
        List<String> parameters = List.of("gid", "status", "transType", "position",
            "createTimeStart", "createTimeEnd", "attribute.a", "limit");
        for (String parameter : parameters) {
            for (String evil : evils) {
                String query = parameter + "=" + URLEncoder.encode(evil, StandardCharsets.UTF_8);
                WireClient.Answer all = ask(OPERATOR, "GET", "/api/dtmsvr/all?" + query, "");
                assertTrue(all.status() == 400 || all.status() == 200 && (!parameter.equals("gid")
                    || !all.body().contains("sql-1")), query + ": " + all);
            }
        }
        for (String evil : evils) {
            String value = URLEncoder.encode(evil, StandardCharsets.UTF_8);
            assertFalse(ask(OPERATOR, "GET", "/api/dtmsvr/query?gid=" + value, "").body()
                .contains("sql-1"), evil);
            assertFalse(ask(OPERATOR, "GET", "/api/dtmsvr/queryKV?cat=topics&key=" + value, "")
                .body().contains("sql-1"), evil);
        }
        assertTrue(exists("sql-1"));
    }

    @Test
    @DisplayName("J-17: whether a gid of somebody else exists is not told")
    void foreignGids() {
        assertEquals(200, submit(saga("stock-1")).status());
        for (String path : List.of("query?gid=", "history?gid=", "all?gid=")) {
            assertEquals(
                told(ask(ORDERS, "GET", "/api/dtmsvr/" + path + "stock-2", ""), "stock-2"),
                told(ask(ORDERS, "GET", "/api/dtmsvr/" + path + "stock-1", ""), "stock-1"), path);
        }
        for (String verb : List.of("submit", "prepare", "abort", "registerBranch")) {
            String path = "/api/dtmsvr/" + verb;
            WireClient.Answer taken = ask(ORDERS, "POST", path, saga("stock-1"));
            assertEquals(403, taken.status(), verb);
            assertEquals(told(ask(ORDERS, "POST", path, saga("stock-2")), "stock-2"),
                told(taken, "stock-1"), verb);
        }
        assertFalse(exists("stock-2"));
    }

    private static String told(WireClient.Answer answer, String gid) {
        return answer.status() + " " + answer.type() + " " + answer.body().replace(gid, "GID");
    }
}
