package branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.Limits;
import transaction.Outcome;
import transaction.Outcome.Kind;

/** How an HTTP answer is read: every status beside every kind of body. */
final class AnswerTest {

    private static final String URL = "http://b/api/in";

    static Answer answer(int status, String body) {
        return new Answer(status, body.getBytes(StandardCharsets.UTF_8), true, "");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        # status | empty   | SUCCESS | FAILURE | ONGOING | both    | failure
        200      | SUCCESS | SUCCESS | FAILURE | ONGOING | ONGOING | SUCCESS
        201      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        202      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        204      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        206      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        301      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        302      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        303      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        304      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        307      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        308      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        400      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        401      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        403      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        404      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        409      | FAILURE | FAILURE | FAILURE | ONGOING | ONGOING | FAILURE
        410      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        422      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        425      | ONGOING | ONGOING | ONGOING | ONGOING | ONGOING | ONGOING
        429      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        500      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        502      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        503      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        504      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        999      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        """)
    void statusAndBodyGiveTheOutcome(
            int status, Kind empty, Kind success, Kind failure, Kind ongoing, Kind both, Kind low) {
        assertEquals(empty, kind(status, ""));
        assertEquals(success, kind(status, "{\"dtm_result\":\"SUCCESS\"}"));
        assertEquals(failure, kind(status, "{\"failures\":\"NO_FAILURE\"}"));
        assertEquals(ongoing, kind(status, "{\"dtm_result\":\"ONGOING\"}"));
        assertEquals(both, kind(status, "FAILURE while ONGOING"));
        assertEquals(low, kind(status, "failure, ongoing: no"));
    }

    @Test
    void theReasonOfAFailureIsTheProtocols() {
        Outcome outcome = HttpInvoker.read(URL, answer(409, "{\"error\":\"no funds. FAILURE\"}"));

        assertEquals(
                "url:http://b/api/in return failed: {\"error\":\"no funds. FAILURE\"}",
                outcome.reason());
    }

    @Test
    void aSuccessHasNoReason() {
        assertEquals("", HttpInvoker.read(URL, answer(200, "fine")).reason());
    }

    @Test
    void aLongPageIsCutAndBytesThatAreNoTextAreMarked() {
        Outcome page = HttpInvoker.read(URL, answer(500, "y".repeat(60_000)));
        Outcome bytes = HttpInvoker.read(URL, new Answer(500, new byte[] {-1, 'a'}, true, ""));

        assertEquals(Limits.REASON_CHARS, page.reason().length());
        assertTrue(bytes.reason().endsWith(": \ufffda"), bytes.reason());
        assertFalse(page.reason().contains("\n"));
    }

    @ParameterizedTest(name = "{0} is {1} s")
    @CsvSource(delimiter = '|', textBlock = """
        0                             | 0
        120                           | 120
        ' 7 '                         | 7
        -5                            | 0
        1.5                           | 0
        soon                          | 0
        ''                            | 0
        99999999999999999999          | 315360000
        Sun, 22 Nov 2026 12:00:30 GMT | 30
        Sun, 22 Nov 2026 11:59:30 GMT | 0
        Fri, 22 Nov 2999 12:00:00 GMT | 315360000
        Mon, 99 Nov 2026 12:00:30 GMT | 0
        """)
    void retryAfterIsSecondsOrADate(String header, long seconds) {
        Instant noon = Instant.parse("2026-11-22T12:00:00Z");

        assertEquals(Duration.ofSeconds(seconds), HttpInvoker.wait(header, noon));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 429, 500, 503})
    void retryAfterIsHonouredOnUnknown(int status) {
        Outcome outcome = HttpInvoker.read(URL, new Answer(status, new byte[0], true, "9"));

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertEquals(Duration.ofSeconds(9), outcome.retryAfter());
    }

    private static Kind kind(int status, String body) {
        return HttpInvoker.read(URL, answer(status, body)).kind();
    }
}
