package branch;

import static branch.Calls.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Bytes;
import transaction.Details;
import transaction.InvalidRequest;
import transaction.Mode;
import transaction.Options;
import transaction.Outcome;
import transaction.Outcome.Kind;
import transaction.Protocol;
import transaction.Submission;

/** No header of a client becomes another header, another request, or one of ours. */
@DisplayName("J-02: headers that clients have sent along")
final class InjectedHeadersTest {

    /** What each call has besides; the rest are the client's. */
    private static final List<String> OURS =
        List.of("host", "accept-encoding", "content-type", "user-agent", "content-length");

    private static final String EVIL = "\r\nEvil: 1\r\n\r\nGET /evil HTTP/1.1\r\nHost: x";

    private final Network network = new Network();

    @AfterEach
    void close() throws Exception {
        network.close();
    }

    static Stream<Arguments> headers() {
        List<Arguments> all = new ArrayList<>();
        for (String name : List.of("Host", "HOST", "hOst", "Content-Length", "content-length",
                "Transfer-Encoding", "transfer-encoding", "Connection", "Keep-Alive", "TE",
                "Trailer", "Upgrade", "Expect", "Proxy-Connection", "Proxy-Authenticate",
                "Proxy-Authorization", "HTTP2-Settings")) {
            all.add(Arguments.of(name, "x", false));
        }
        for (String name : List.of("", " ", "a b", " a", "a ", "a\t", "a:", ":a", "a:b", "a\r",
                "a\n", "a\0b", "a\r\nEvil: 1", "a\u007f", "é", "a(b)", "a,b", "a;b", "a\"b",
                "a/b", "[a]", "{a}", "a@b", ":authority")) {
            all.add(Arguments.of(name, "x", false));
        }
        for (String value : List.of("a\rb", "a\nb", "a\0b", "a\u0001b", "a\u007fb", EVIL,
                "\n Evil: 1", "\r\n", "x\r\n\r\n", "\ud800")) {
            all.add(Arguments.of("X-Trace", value, false));
        }
        for (String value : List.of("", "x", "a b", "a\tb", "a: b", "%0d%0aEvil: 1", "\\r\\n",
                "é", "日本", "\"q\"", "a,b;c", "\u560d\u560a")) {
            all.add(Arguments.of("X-Trace", value, true));
        }
        for (String name : List.of("Authorization", "Cookie", "X-Forwarded-For", "traceparent",
                "x_y", "x.y", "X!#$%&'*+-.^_`|~9", "Content-Encoding", "User-Agent")) {
            all.add(Arguments.of(name, "x", true));
        }
        return all.stream();
    }

    @Test
    void theTableIsLongEnough() {
        assertTrue(headers().count() >= 60);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("headers")
    void whatIsTakenArrivesAsItIsAndNothingElseDoes(String name, String value, boolean isTaken) {
        BadParticipant participant = network.participant();

        assertEquals(isTaken, isTaken(name, value));
        // What is on record was taken by an older release perhaps.
        Outcome outcome = outcome(new HttpInvoker(network.transport(CallSettings.defaults()))
            .invoke(Calls.with(Map.of(name, value), participant.url("/"))));

        List<String> requests = participant.received("/");
        if (requests.isEmpty()) {
            assertTrue(!isTaken && outcome.kind() == Kind.UNKNOWN, outcome.reason());
            return;
        }
        assertEquals(1, requests.size());
        assertEquals(0, participant.received("/evil").size());
        String head = requests.get(0).substring(0, requests.get(0).indexOf("\r\n\r\n"));
        List<String> theirs = Stream.of(head.split("\r\n")).skip(1)
            .filter(line -> isTaken && line.startsWith(name + ":")
                || !OURS.contains(line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT)))
            .toList();
        assertEquals(isTaken ? List.of(name + ": " + value) : List.of(),
            theirs.stream().map(InjectedHeadersTest::utf8).toList());
    }

    private static boolean isTaken(String name, String value) {
        try {
            new Submission("g", Mode.SAGA,
                List.of(new Submission.Step("http://b/", "", Bytes.EMPTY)), "", Protocol.HTTP, "",
                Details.PLAIN, new Options(
                    false, 0, 0, 0, 0, 0, Map.of(name, value), false)).checked();
            return true;
        } catch (InvalidRequest refused) {
            return false;
        }
    }

    /** The participant reads bytes as ISO 8859-1. */
    private static String utf8(String line) {
        return new String(
            line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
