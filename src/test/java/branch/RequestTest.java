package branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.BranchCall;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Op;
import transaction.Protocol;

/** What a call looks like on the wire. */
class RequestTest {

    private static final String IDS = "branch_id=01&gid=gid-1&op=action&trans_type=saga";

    @Test
    void aPayloadMakesAPost() throws Unsendable {
        assertEquals(
                """
                POST /api/in?branch_id=01&gid=gid-1&op=action&trans_type=saga HTTP/1.1\r
                host: b:81\r
                accept-encoding: identity\r
                content-type: application/json\r
                user-agent: pactor\r
                content-length: 13\r
                \r
                {"amount":30}""",
                wire(Calls.action("http://b:81/api/in")));
    }

    @Test
    void noPayloadMakesAGetWithTheSameContentType() throws Unsendable {
        BranchCall call = Calls.call(Op.MSG, "http://b/q", "", Duration.ofSeconds(1));

        assertEquals(
                """
                GET /q?branch_id=01&gid=gid-1&op=msg&trans_type=saga HTTP/1.1\r
                host: b\r
                accept-encoding: identity\r
                content-type: application/json\r
                user-agent: pactor\r
                \r
                """,
                wire(call));
    }

    @Test
    void xaPostsEvenWithoutAPayload() throws Unsendable {
        BranchCall call = new BranchCall(
                "g", "xa", "01", "commit", new CallKey("01", Op.COMMIT), "http://b/xa", Bytes.EMPTY,
                Map.of(), Protocol.HTTP, Duration.ofSeconds(1));

        String wire = wire(call);

        assertTrue(wire.startsWith("POST /xa?branch_id=01&gid=g&op=commit&trans_type=xa "), wire);
        assertTrue(wire.endsWith("\r\ncontent-length: 0\r\n\r\n"), wire);
    }

    @ParameterizedTest(name = "{0} with payload [{1}]")
    @CsvSource({
        "PUT,    {}, true", "PATCH,  {}, true", "POST,   {}, true", "DELETE, {}, true",
        "PUT,    '', true", "PATCH,  '', true", "POST,   '', true", "DELETE, '', false",
        "GET,    '', false"})
    void aMethodThatWasAskedForIsTheOne(String method, String payload, boolean hasLength)
            throws Unsendable {
        String wire = wire(Calls.by(method, payload));

        assertTrue(wire.startsWith(method + " /?" + IDS + " HTTP/1.1\r\n"), wire);
        assertTrue(wire.endsWith("\r\n\r\n" + payload), wire);
        assertEquals(hasLength, wire.contains("\r\ncontent-length: " + payload.length() + "\r\n"),
                wire);
        assertEquals(hasLength, wire.contains("content-length"), wire);
    }

    @Test
    void thePayloadIsNotTouched() throws Unsendable {
        byte[] payload = new byte[256];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) i;
        }
        BranchCall call = new BranchCall(
                "g", "saga", "01", "action", new CallKey("01", Op.ACTION), "http://b/",
                Bytes.of(payload), Map.of(), Protocol.HTTP, Duration.ofSeconds(1));

        byte[] wire = HttpInvoker.request(call, false).wire();

        byte[] body = java.util.Arrays.copyOfRange(wire, wire.length - 256, wire.length);
        assertEquals(Bytes.of(payload), Bytes.of(body));
    }

    @ParameterizedTest(name = "{0} is asked as {1}")
    @CsvSource(delimiter = '|', textBlock = """
        http://b                        | /?{ids}
        http://b?                       | /?{ids}
        http://b/a?                     | /a?{ids}
        http://b/a?x=1&y=%20            | /a?x=1&y=%20&{ids}
        http://b/a?x=1#part             | /a?x=1&{ids}
        http://b?x=1                    | /?x=1&{ids}
        http://b#part                   | /?{ids}
        http://b/a b/ü?q=a b&r="é"      | /a%20b/%C3%BC?q=a%20b&r=%22%C3%A9%22&{ids}
        http://b/100%?q=%zz             | /100%25?q=%25zz&{ids}
        http://b/a/../c;v=1             | /a/../c;v=1?{ids}
        HTTP://B/a                      | /a?{ids}
        """)
    void theUrlsOwnQueryStays(String url, String asked) throws Unsendable {
        String wire = wire(Calls.action(url));

        String expected = "POST " + asked.replace("{ids}", IDS) + " HTTP/1.1";
        assertEquals(expected, wire.lines().findFirst().get());
    }

    @Test
    void idsAreEncoded() throws Unsendable {
        BranchCall call = new BranchCall(
                "a b&c=d/é\r\nX: y", "workflow", "0~1", "my op*", new CallKey("00", Op.RESUME),
                "http://b/", Bytes.EMPTY, Map.of(), Protocol.HTTP, Duration.ofSeconds(1));

        assertEquals(
                "GET /?branch_id=0~1&gid=a+b%26c%3Dd%2F%C3%A9%0D%0AX%3A+y&op=my+op%2A"
                        + "&trans_type=workflow HTTP/1.1",
                wire(call).lines().findFirst().get());
    }

    @ParameterizedTest(name = "{0} connects to {1} with host {2}")
    @CsvSource(delimiter = '|', textBlock = """
        http://b/             | b:80         | b
        https://b/            | b:443        | b
        http://B.Example:81/  | b.example:81 | b.example:81
        http://[::1]:81/      | [::1]:81     | [::1]:81
        http://[::1]/         | [::1]:80     | [::1]
        http://user:pw@b:82/  | b:82         | b:82
        http://bücher/        | xn--bcher-kva:80 | xn--bcher-kva
        http://b:/            | b:80         | b:80
        """)
    void theHostIsTheUrls(String url, String origin, String header) throws Unsendable {
        Request request = HttpInvoker.request(Calls.action(url), false);

        assertEquals(origin, request.origin().toString());
        assertEquals(url.startsWith("https"), request.origin().secure());
        assertTrue(text(request).contains("\r\nhost: " + header + "\r\n"), text(request));
    }

    @Test
    void userAndPasswordInTheUrlBecomeBasicAuthorization() throws Unsendable {
        String wire = wire(Calls.action("http://me:p%40ss+@b/"));

        assertTrue(wire.contains("\r\nauthorization: Basic bWU6cEBzcys=\r\n"), wire);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "b:80/in", "ftp://b/", "http:/b", "http://", "http:///x", "http://:80/", "http://b:0/",
        "http://b:70000/", "http://b:x/", "http://a b/", "http://a%00b/", "http://[::1/",
        "http://b\r\nX: y/", "http://b:80:81/", "http://b\\c/", "grpc://b/", "topic://t"
    })
    void aUrlThatLeadsNowhereIsNotSent(String url) {
        assertThrows(Unsendable.class, () -> HttpInvoker.request(Calls.action(url), false));
    }

    @Test
    void branchHeadersAddAndOverride() throws Unsendable {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("CONTENT-TYPE", "text/plain");
        headers.put("X-Token", "ü\t1");
        headers.put("Host", "elsewhere");
        headers.put("Content-Length", "0");
        headers.put("transfer-encoding", "chunked");
        headers.put("Connection", "close");
        headers.put("Accept-Encoding", "gzip");

        assertEquals(
                """
                POST /?branch_id=01&gid=gid-1&op=action&trans_type=saga HTTP/1.1\r
                host: b\r
                accept-encoding: identity\r
                CONTENT-TYPE: text/plain\r
                user-agent: pactor\r
                X-Token: ü\t1\r
                content-length: 13\r
                \r
                {"amount":30}""",
                wire(Calls.with(headers, "http://b/")));
    }

    @ParameterizedTest(name = "[{index}]")
    @CsvSource(delimiter = '|', textBlock = """
        'X\r\nY' | a
        'X Y'    | a
        'X:'     | a
        ''       | a
        'Ü'      | a
        X        | 'a\r\nY: b'
        X        | 'a\nb'
        X        | 'a\0b'
        X        | 'a\u007fb'
        """)
    void aHeaderThatWouldBreakTheRequestIsNotSent(String name, String value) {
        BranchCall call = Calls.with(Map.of(name, value), "http://b/");

        assertThrows(Unsendable.class, () -> HttpInvoker.request(call, false));
    }

    @Test
    void inAContainerLocalhostIsTheMachine() throws Unsendable {
        String url = "http://localhost:81/a?b=localhost&c=127.0.0.1&d=127.0.0.1";

        Request request = HttpInvoker.request(Calls.action(url), true);

        assertEquals("host.docker.internal:81", request.origin().toString());
        assertTrue(text(request).contains("?b=localhost&c=host.docker.internal&d=127.0.0.1&"));
        assertFalse(wire(Calls.action(url)).contains("docker"));
    }

    /** Another one is wrong on purpose: {@link SeededCallBugsTest}. */
    String wire(BranchCall call) throws Unsendable {
        return text(HttpInvoker.request(call, false));
    }

    private static String text(Request request) {
        return new String(request.wire(), StandardCharsets.UTF_8);
    }
}
