package prove;

import static org.junit.jupiter.api.Assertions.assertEquals;

import branch.PlainHttp;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import transaction.Bytes;

final class CurlTest {

    private static final Curl CURL = new Curl("prove-0123456789");

    private static PlainHttp call(String method, String url, String body) {
        return new PlainHttp(method, url, Map.of(), Bytes.utf8(body), Bytes.EMPTY);
    }

    @Test
    void aGetIsShort() {
        assertEquals("curl -is 'http://h/a?gid='\"$G\"'-1&op=action'",
            CURL.of(call("GET", "http://h/a?gid=prove-0123456789-1&op=action", ""), Map.of(), ""));
    }

    @Test
    void aPayloadIsQuotedForTheShellAndHasTheNewGidToo() {
        assertEquals("curl -is -m 0.002 -X POST 'http://h/' -H 'content-type: application/json'"
            + " --data-binary '{\"it'\\''s\":\"'\"$G\"'-1\"}'",
            CURL.of(call("POST", "http://h/", "{\"it's\":\"prove-0123456789-1\"}"), Map.of(),
                " -m 0.002"));
    }

    @Test
    void whatIsSecretIsNotPrinted() {
        assertEquals("curl -s 'http://h/s' -H 'Authorization: ***'",
            CURL.ofState("http://h/s", Map.of("Authorization", "Bearer x")));
        assertEquals("curl -s 'http://h/s' -H 'X-Api-Key: ***'",
            CURL.ofState("http://h/s", Map.of("X-Api-Key", "x")));
        assertEquals("curl -s 'http://h/s' -H 'Content-Type: text/plain'",
            CURL.ofState("http://h/s", Map.of("Content-Type", "text/plain")));
        assertEquals("http://***@h/s", Curl.withoutUser("http://u:p@h/s"));
    }

    @Test
    void whatWasSentAtOnceIsSentAtOnceAgain() {
        ProveStep one = new ProveStep("a", "", "curl 1", true);
        ProveStep two = new ProveStep("a", "", "curl 2", false);
        Finding finding = new Finding("c", "m", Finding.Verdict.BROKEN, "e", "s",
            List.of(two, one, one, two, two));

        assertEquals(List.of(Curl.FRESH, "curl 2", "curl 1 &", "curl 1 &", "curl 2 &", "wait",
            "curl 2"), finding.again());
    }
}
