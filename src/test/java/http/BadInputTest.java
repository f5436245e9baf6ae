package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent, the answer is a clear 4xx, soon, and nothing is left behind. */
class BadInputTest {

    private static final String PREPARE =
        "POST /api/dtmsvr/prepare HTTP/1.1\r\nHost: x\r\n";

    private static Wire wire;

    @BeforeAll
    static void start() {
        wire = Wire.start();
    }

    @AfterAll
    static void stop() {
        wire.close();
    }

    static Stream<Arguments> bombs() {
        String head = "{\"gid\":\"bomb\",\"trans_type\":\"saga\",";
        return Stream.of(
            Arguments.of("depth of arrays", 400, "[".repeat(100_000)),
            Arguments.of("depth of objects", 400, "{\"a\":".repeat(100_000)),
            Arguments.of("depth in an unknown key", 400,
                head + "\"x\":" + "[".repeat(65) + "]".repeat(65) + "}"),
            Arguments.of("a million keys", 400,
                head + "\"x\":0" + ",\"y\":0".repeat(600_000) + "}"),
            Arguments.of("a million elements", 400,
                head + "\"payloads\":[\"\"" + ",\"\"".repeat(1_000_000) + "]}"),
            Arguments.of("a million steps", 400,
                head + "\"steps\":[{}" + ",{}".repeat(1_000_000) + "]}"),
            Arguments.of("a number of a million digits", 400,
                head + "\"retry_limit\":" + "9".repeat(1_000_000) + "}"),
            Arguments.of("such a number in an unknown key", 400,
                head + "\"x\":" + "9".repeat(1_000_000) + "}"),
            Arguments.of("an exponent", 400, head + "\"retry_limit\":1e999999999}"),
            Arguments.of("a long name", 400, head + "\"" + "x".repeat(1_000_000) + "\":0}"),
            Arguments.of("a long gid", 400, "{\"gid\":\"" + "g".repeat(3_000_000)
                + "\",\"trans_type\":\"saga\"}"),
            Arguments.of("a long payload", 400, head
                + "\"steps\":[{\"action\":\"http://a/b\"}],\"payloads\":[\""
                + "p".repeat(2_000_000) + "\"]}"),
            Arguments.of("a long url", 400, head + "\"steps\":[{\"action\":\"http://a/"
                + "u".repeat(100_000) + "\"}],\"payloads\":[\"\"]}"),
            Arguments.of("long custom data", 400, head + "\"custom_data\":\"{\\\"x\\\":"
                + "[".repeat(500_000) + "\"}"),
            Arguments.of("many headers", 400, head + "\"branch_headers\":{\"h0\":\"\""
                + headers(100) + "},\"steps\":[{\"action\":\"http://a/b\"}],\"payloads\":[\"\"]}"),
            Arguments.of("too many steps", 400, head + "\"steps\":[{\"action\":\"\"}"
                + ",{\"action\":\"\"}".repeat(1_000) + "],\"payloads\":[\"\""
                + ",\"\"".repeat(1_000) + "]}"),
            Arguments.of("half a surrogate pair", 400, head
                + "\"steps\":[{\"action\":\"http://a/b\"}],\"payloads\":[\"\\ud83d\"]}"),
            Arguments.of("a body beyond all bounds", 413,
                head + "\"x\":\"" + "x".repeat(5 << 20) + "\"}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bombs")
    void bombsAreRefused(String what, int status, String body) {
        for (String path : List.of("submit", "prepare", "registerBranch")) {
            WireClient.Answer answer = wire.post(path, body);
            assertTrue(answer.status() == status
                || path.equals("registerBranch") && answer.status() / 100 == 4, answer.toString());
            assertTrue(answer.body().length() < 1_000, "the answer is brief");
            assertTrue(answer.body().startsWith("{\"message\":\""), answer.body());
        }
        assertTrue(wire.coordinator.state("bomb").isAbsent());
    }

    /** 49,900 names in a body are allowed, and must not spoil what others send. */
    @Test
    void namesOfOneClientDoNotSpoilTheRequestsOfOthers() {
        for (int round = 0; round < 4; round++) {
            StringBuilder body = new StringBuilder("{\"gid\":\"many\",\"trans_type\":\"tcc\"");
            for (int i = 0; i < 49_900; i++) {
                body.append(",\"n").append(round).append('_').append(i).append("\":0");
            }
            assertEquals(200, wire.post("prepare", body.append('}').toString()).status());
        }
        WireClient.Answer other = wire.post("prepare", "{\"gid\":\"other\",\"trans_type\":"
            + "\"tcc\",\"quite_another_name\":0,\"branch_headers\":{\"x-new\":\"\"}}");
        assertEquals(200, other.status(), other.body());
    }

    /** A client that reads nothing until it has sent everything still gets to see the refusal. */
    @Test
    void whoSendsTooMuchIsToldSo() throws IOException {
        byte[] body = new byte[12 << 20];
        for (int i = 0; i < 20; i++) {
            try (Socket socket = new Socket("127.0.0.1", wire.port())) {
                socket.getOutputStream().write((PREPARE + "Content-Length: " + body.length
                    + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(body);
                String answer = new String(
                    socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
            }
        }
    }

    private static String headers(int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 1; i < count; i++) {
            all.append(",\"h").append(i).append("\":\"\"");
        }
        return all.toString();
    }

    @Test
    void compressedBodiesAreNotUnpacked() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(new byte[8 << 20]);
        }
        for (String encoding : List.of("gzip", "deflate", "br", "gzip, gzip", "x-unknown")) {
            assertEquals(415, wire.sendBytes(Wire.API + "submit", packed.toByteArray(),
                "Content-Encoding", encoding).status());
        }
        assertEquals(200, wire.sendBytes(Wire.API + "prepare",
            "{\"gid\":\"plain\",\"trans_type\":\"tcc\"}".getBytes(StandardCharsets.UTF_8),
            "Content-Encoding", "identity").status());
        // Packed, but it does not say so.
        assertEquals(400, wire.sendBytes(Wire.API + "submit", packed.toByteArray()).status());
    }

    /** Nobody would be told but in the log: such a call is tried for ever and never made. */
    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:99999/x", "http://127.0.0.1:0/x", "http://:8080/x",
        "http://@/x", "http://[::1/x", "http://[:::1]/x", "http://a:b:80/", "http://a..b/",
        "http://b:+80/", "ftp://b/x", "b/x", "discovery:///x/p.S/M"})
    void aUrlThatLeadsNowhereIsRefusedAtEachDoor(String url) {
        String saga = "{\"gid\":\"url\",\"trans_type\":\"saga\",\"payloads\":[\"\"],\"steps\":";
        for (String name : List.of("http", "grpc", "json-rpc")) {
            String protocol = ",\"protocol\":\"" + name + "\"";
            for (String path : List.of("submit", "prepare")) {
                refused(path, saga + "[{\"action\":\"" + url + "\"}]" + protocol + "}");
                refused(path, saga + "[{\"action\":\"\",\"compensate\":\"" + url + "\"}]"
                    + protocol + "}");
                refused(path, "{\"gid\":\"url\",\"trans_type\":\"msg\",\"query_prepared\":\""
                    + url + "\"" + protocol + "}");
            }
            refused("prepareWorkflow", "{\"gid\":\"url\",\"trans_type\":\"workflow\","
                + "\"query_prepared\":\"" + url + "\"" + protocol + "}");
        }
        for (String mode : List.of("tcc", "xa")) {
            wire.post("prepare", "{\"gid\":\"url-" + mode + "\",\"trans_type\":\"" + mode + "\"}");
            refused("registerBranch", "{\"gid\":\"url-" + mode + "\",\"trans_type\":\"" + mode
                + "\",\"branch_id\":\"01\",\"confirm\":\"" + url + "\",\"cancel\":\"\",\"url\":\""
                + url + "\"}");
        }
        assertTrue(wire.coordinator.state("url").isAbsent());
        assertEquals(List.of(), wire.coordinator.state("url-tcc").ops());
        assertEquals(400, wire.get("subscribe?topic=nowhere&url="
            + URLEncoder.encode(url, StandardCharsets.UTF_8)).status());
    }

    /** It could be sent to nobody: its params are an object. */
    @ParameterizedTest
    @ValueSource(strings = {"[1]", "5", "text", "{\\\"a\\\":1", "{}{}", "\\\"{}\\\""})
    void aPayloadThatJsonRpcCannotCarryIsRefused(String payload) {
        String rest = ",\"protocol\":\"json-rpc\",\"steps\":[{\"action\":\"http://p?method=M\"}],"
            + "\"payloads\":[\"" + payload + "\"]}";
        refused("submit", "{\"gid\":\"rpc\",\"trans_type\":\"saga\"" + rest);
        refused("prepare", "{\"gid\":\"rpc\",\"trans_type\":\"msg\"" + rest);
        if (!payload.startsWith("{")) {
            wire.post("prepare",
                "{\"gid\":\"rpc-tcc\",\"trans_type\":\"tcc\",\"protocol\":\"json-rpc\"}");
            refused("registerBranch", "{\"gid\":\"rpc-tcc\",\"trans_type\":\"tcc\","
                + "\"branch_id\":\"01\",\"confirm\":\"http://p?method=M\",\"cancel\":\"\","
                + "\"data\":\"" + payload + "\"}");
        }
        assertTrue(wire.coordinator.state("rpc").isAbsent());
    }

    private static void refused(String path, String body) {
        WireClient.Answer answer = wire.post(path, body);
        assertEquals(400, answer.status(), body + " is answered " + answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP://127.0.0.1/x", "http://b/a b?q=c d", "http://b/?q={\\\"a\\\":1}",
        "http://me:pw@b:81/", "http://bücher/", "Https://[::1]/"})
    void aUrlThatCanBeCalledIsTakenHoweverItIsWritten(String url) {
        WireClient.Answer answer = wire.post("submit", "{\"gid\":\"" + wire.coordinator.newGid()
            + "\",\"trans_type\":\"msg\",\"steps\":[{\"action\":\"" + url
            + "\"}],\"payloads\":[\"\"]}");

        assertEquals(200, answer.status(), answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ümlaut-Ω-交易-🙂", "../../etc/passwd", "a'b\"c", "a:b",
        "a|b", "a b", "%00", "a%2Fb", "a&b=c", "a+b", "<script>", "${jndi:x}", "null", "-", "𝒳"})
    void oddIdsAreTaken(String gid) throws IOException {
        String quoted = new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(gid);

        WireClient.Answer answer = wire.post("submit", "{\"gid\":" + quoted
            + ",\"trans_type\":\"saga\",\"steps\":[{\"action\":\"http://a/b\"}],"
            + "\"payloads\":[\"\"]}");

        assertEquals(200, answer.status(), answer.body());
        String encoded = URLEncoder.encode(gid, StandardCharsets.UTF_8);
        String shown = wire.get("query?gid=" + encoded).body();
        assertTrue(shown.contains("\"gid\":" + quoted + ",\"trans_type\":\"saga\""), shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", "\\r\\n", "a\\u0000b", "a\\tb", "a\\u007fb", "a\\u0085b",
        "\\ud800", "\\udc00x"})
    void impossibleIdsAreRefused(String gid) {
        for (String path : List.of("submit", "prepare", "abort", "forceStop", "resetNextCronTime",
                "prepareWorkflow", "registerBranch")) {
            WireClient.Answer answer = wire.post(path, "{\"gid\":\"" + gid + "\",\"trans_type\":\""
                + (path.equals("prepareWorkflow") ? "workflow" : "tcc")
                + "\",\"branch_id\":\"01\"}");
            assertEquals(400, answer.status(), path + ": " + answer.body());
        }
    }

    @Test
    void idsOfDtmsLengthAreTakenAndLongerOnesAreNot() {
        String longest = "x".repeat(128);
        assertEquals(200, wire.post("prepare",
            "{\"gid\":\"" + longest + "\",\"trans_type\":\"tcc\"}").status());
        assertEquals(400, wire.post("prepare",
            "{\"gid\":\"" + longest + "x\",\"trans_type\":\"tcc\"}").status());
        assertEquals(400, wire.get("query?gid=" + longest + "x").status());
        assertEquals(400, wire.get("all?gid=" + longest + "x").status());
        assertEquals(400, wire.post("registerBranch", "{\"gid\":\"" + longest
            + "\",\"trans_type\":\"tcc\",\"branch_id\":\"" + longest + "x\"}").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "%2E%2E"})
    void aTopicThatNoUrlCouldDeleteIsRefused(String name) {
        WireClient.Answer answer = wire.get("subscribe?topic=" + name + "&url=http%3A%2F%2Fp");
        assertEquals(400, answer.status());
        assertTrue(answer.body().contains("topic must not be . or .."), answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"queryKV?cat=topics&key=%00", "queryKV?cat=topics&key=a%0Ab",
        "scanKV?cat=topics&position=%00", "scanKV?cat=topics&position=%C2%85",
        "subscribe?topic=t&url=http%3A%2F%2Fp&remark=%00",
        "subscribe?topic=t&url=http%3A%2F%2Fp&remark=a%0Ab",
        "subscribe?topic=%00&url=http%3A%2F%2Fp"})
    void controlCharactersOfTopicsAreRefused(String request) {
        WireClient.Answer answer = wire.get(request);
        assertEquals(400, answer.status());
        assertTrue(answer.body().contains("has a control character"), answer.body());
    }

    /** What a decoder puts in their place would be the name of something else. */
    @ParameterizedTest
    @ValueSource(strings = {"%FF", "%ED%A0%80", "%C0%80", "%C3", "%c3x%a9", "a%80b"})
    void escapesThatAreNoUtf8AreRefused(String escaped) {
        for (String each : List.of("query?gid=" + escaped, "query?" + escaped + "=1",
                "queryKV?cat=topics&key=" + escaped, "all?gid=" + escaped)) {
            assertEquals(400, wire.get(each).status(), each);
        }
        assertEquals(400,
            wire.send("DELETE", Wire.API + "topic/" + escaped, "").status());
        assertEquals(200, wire.get("query?gid=%EF%BF%BD%C3%A9").status());
    }

    /** Arabic, Devanagari and full-width digits, which Java's own parsers take, and a plus. */
    @ParameterizedTest
    @ValueSource(strings = {"%D9%A1%D9%A0", "%E0%A5%A7", "%EF%BC%91", "%2B5", "+5", "1%20", "-"})
    void numbersInUrlsAreAsciiDigits(String number) {
        for (String each : List.of("all?limit=", "scanKV?cat=topics&limit=", "history?gid=g&limit=",
                "history?gid=g&position=", "all?createTimeStart=", "resetCronTime?timeout=")) {
            assertEquals(400, wire.get(each + number).status(), each);
        }
        assertEquals(200, wire.get("all?limit=10").status());
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        byte[] body = "{\"gid\":\"bad-?\",\"trans_type\":\"tcc\"}".getBytes(StandardCharsets.UTF_8);
        for (int broken : new int[] {0xc0, 0xff, 0x80, 0xed}) {
            byte[] each = body.clone();
            each[12] = (byte) broken;
            assertEquals(400, wire.sendBytes(Wire.API + "prepare", each).status());
        }
        assertEquals(400, wire.sendBytes(Wire.API + "prepare",
            "{\"gid\":\"u\",\"trans_type\":\"tcc\"}".getBytes(StandardCharsets.UTF_16)).status());
    }

    /** Malformed HTTP: answered in kind, or the connection is closed; never taken for a request. */
    @ParameterizedTest
    @ValueSource(strings = {
        "GET /api/ping HTTP/1.1\r\n\r\n",
        "GET /api/ping HTTP/9.9\r\nHost: x\r\n\r\n",
        PREPARE + "Content-Length: -1\r\n\r\n",
        PREPARE + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        PREPARE
            + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        PREPARE + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
        PREPARE + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "GET /api/ping%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/dtmsvr/query?gid=%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/ping HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
        "FOO /api/dtmsvr/submit HTTP/1.1\r\nHost: x\r\n\r\n",
        "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        "\r\n\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"
    })
    void brokenHttpIsTheClientsMistake(String request) {
        String answer = wire.raw(request);

        assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"), answer);
    }

    @Test
    void tooManyOrTooLongHeadersAreRefused() {
        assertTrue(wire.raw("GET /api/ping HTTP/1.1\r\nHost: x\r\n"
            + "X-A: b\r\n".repeat(70) + "\r\n").startsWith("HTTP/1.1 4"));
        assertTrue(wire.raw("GET /api/ping HTTP/1.1\r\nHost: x\r\nX-A: "
            + "b".repeat(20_000) + "\r\n\r\n").startsWith("HTTP/1.1 4"));
        assertTrue(wire.raw("GET /api/ping?" + "q".repeat(20_000)
            + " HTTP/1.1\r\nHost: x\r\n\r\n").startsWith("HTTP/1.1 4"));
    }

    /** Random edits of good requests: a 200, a 409 or another 4xx; the seed is in the message. */
    @Test
    void noEditOfARequestBringsTheServerDown() {
        long seed = 20_260_301L;
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, String> good = Map.of(
            "submit", "{\"gid\":\"fuzz\",\"trans_type\":\"saga\",\"steps\":[{\"action\":"
                + "\"http://a/b\",\"compensate\":\"\"}],\"payloads\":[\"{}\"],\"wait_result\":true,"
                + "\"custom_data\":\"{\\\"concurrent\\\":true,\\\"orders\\\":{\\\"0\\\":[]}}\"}",
            "registerBranch", "{\"gid\":\"fuzz\",\"trans_type\":\"tcc\",\"branch_id\":\"01\","
                + "\"data\":\"{}\",\"confirm\":\"http://a/c\",\"cancel\":\"http://a/d\"}",
            "prepareWorkflow", "{\"gid\":\"fuzz\",\"trans_type\":\"workflow\",\"custom_data\":"
                + "\"{\\\"name\\\":\\\"wf\\\",\\\"data\\\":\\\"e30=\\\"}\"}");
        List<String> paths = good.keySet().stream().sorted().toList();
        for (int i = 0; i < 700; i++) {
            String path = paths.get(random.nextInt(paths.size()));
            byte[] body = edited(good.get(path), random);
            int status = wire.sendBytes(Wire.API + path, body).status();
            assertTrue(status == 200 || status / 100 == 4,
                "seed " + seed + ", round " + i + ": " + status + " to "
                    + new String(body, StandardCharsets.ISO_8859_1));
            wire.sendBytes(JsonRpcRoute.PATH, body);
        }
        assertFalse(wire.metered.stream().anyMatch(each -> each.endsWith(" 503")));
    }

    private static byte[] edited(String text, SplittableRandom random) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] signs = "{}[]\",:\\0e-u ;\n".getBytes(StandardCharsets.UTF_8);
        for (int edits = random.nextInt(4); edits >= 0; edits--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = signs[random.nextInt(signs.length)];
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                default -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
                    System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }
}
