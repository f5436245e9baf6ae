package branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import transaction.BranchCall;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Op;
import transaction.Outcome;
import transaction.Protocol;
import transaction.VerdictMode;

final class PlainHttpTest {

    private static BranchCall call(String mode, String url, String payload) {
        return new BranchCall("g 1", mode, "01", "action", new CallKey("01", Op.ACTION), url,
                Bytes.utf8(payload), Map.of("X-Shop", "7"), Protocol.HTTP, Duration.ofSeconds(1));
    }

    @Test
    void whatIsToldIsWhatTheCoordinatorSends() {
        PlainHttp call = PlainHttp.of(call("saga", "http://u:p@h:81/a?b=c", "{}"));

        assertEquals("POST", call.method());
        assertEquals("http://h:81/a?b=c&branch_id=01&gid=g+1&op=action&trans_type=saga",
                call.url());
        assertEquals("{}", call.body().toUtf8());
        String wire = call.wire().toUtf8();
        assertTrue(wire.startsWith("POST /a?b=c&branch_id=01&gid=g+1&op=action&trans_type=saga"
                + " HTTP/1.1\r\nhost: h:81\r\n"), wire);
        call.headers().forEach(
                (name, value) -> assertTrue(wire.contains(name + ": " + value + "\r\n"), wire));
        assertEquals("7", call.headers().get("X-Shop"));
        assertTrue(call.headers().containsKey("authorization"));
        assertFalse(call.headers().containsKey("host"));
    }

    @Test
    void withoutAPayloadItIsAGetButForXa() {
        assertEquals("GET", PlainHttp.of(call("saga", "https://h/a", "")).method());
        assertEquals("POST", PlainHttp.of(call("xa", "https://h/a", "")).method());
        assertTrue(PlainHttp.of(call("tcc", "https://h/a", "")).url().startsWith("https://h/a?"));
    }

    @Test
    void whatCannotBeSentIsSaid() {
        assertThrows(IllegalArgumentException.class, () -> PlainHttp.of(call("saga", "h:1", "")));
    }

    @ParameterizedTest(name = "{0} {1} read as {2} is {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        200 | ``                        | DTM    | SUCCESS
        200 | ``                        | STRICT | UNKNOWN
        200 | {"dtm_result":"SUCCESS"}  | STRICT | SUCCESS
        200 | {"a":"FAILURE"}           | DTM    | FAILURE
        200 | {"a":                     | DTM    | UNKNOWN
        409 | {}                        | DTM    | FAILURE
        425 | {}                        | STRICT | ONGOING
        201 | {}                        | DTM    | UNKNOWN
        500 | an ONGOING error          | DTM    | ONGOING
        """)
    void answersAreReadByTheCoordinatorsRule(int status, String body, VerdictMode mode,
            Outcome.Kind kind) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        assertEquals(kind, PlainHttp.read("http://h/", status,
                Map.of("content-length", List.of(String.valueOf(bytes.length))), bytes, mode)
                .kind());
    }

    @Test
    void aBodyInACodingThatIsNotUnderstoodSaysNothing() {
        assertEquals(Outcome.Kind.UNKNOWN, PlainHttp.read("http://h/", 200,
                Map.of("content-encoding", List.of("gzip"), ":status", List.of("200")),
                new byte[] {1}, VerdictMode.DTM).kind());
    }
}
