package branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.Limits;
import transaction.Outcome;
import transaction.Outcome.Kind;
import transaction.VerdictMode;

/** How an HTTP answer is read: every status beside every kind of body. */
final class AnswerTest {

    private static final String URL = "http://b/api/in";

    private static final int MAX = 1 << 20;

    /** A whole answer with that body. */
    static Answer answer(int status, String body, String... headers) {
        return answer(status, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static Answer answer(int status, byte[] body, String... headers) {
        AnswerReader reader = reader(status, headers);
        assertTrue(reader.take(Unpooled.wrappedBuffer(body)));
        return reader.answer();
    }

    /** An answer that is about to come in; {@code headers} are names and values in turn. */
    private static AnswerReader reader(int status, String... headers) {
        HttpResponse head = new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        for (int i = 0; i < headers.length; i += 2) {
            head.headers().add(headers[i], headers[i + 1]);
        }
        return new AnswerReader(head, MAX);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        # status | empty   | SUCCESS | FAILURE | ONGOING | both    | failure
        200      | SUCCESS | SUCCESS | FAILURE | ONGOING | ONGOING | SUCCESS
        201      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        202      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        204      | UNKNOWN | UNKNOWN | FAILURE | ONGOING | ONGOING | UNKNOWN
        206      | UNKNOWN | UNKNOWN | UNKNOWN | UNKNOWN | UNKNOWN | UNKNOWN
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
        Outcome outcome = read(URL, answer(409, "{\"error\":\"no funds. FAILURE\"}"));

        assertEquals(
                "url:http://b/api/in return failed: {\"error\":\"no funds. FAILURE\"}",
                outcome.reason());
    }

    @Test
    void aSuccessHasNoReason() {
        assertEquals("", read(URL, answer(200, "fine")).reason());
    }

    @Test
    void aLongPageIsCutAndBytesThatAreNoTextAreMarked() {
        Outcome page = read(URL, answer(500, "y".repeat(60_000)));
        Outcome bytes = read(URL, answer(500, new byte[] {-1, 'a'}));

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
    @ValueSource(ints = {404, 409, 425, 429, 500, 503})
    void retryAfterIsHonouredWhateverTheAnswer(int status) {
        Outcome outcome = read(URL, answer(status, "", "Retry-After", "9"));

        assertEquals(status == 409 ? Kind.FAILURE : status == 425 ? Kind.ONGOING : Kind.UNKNOWN,
                outcome.kind());
        assertEquals(Duration.ofSeconds(9), outcome.retryAfter());
    }

    @ParameterizedTest(name = "[{0}] is {1} s")
    @CsvSource({
        "60, 60", "1, 1", "0, 0", "'', 0", "-1, 0", "+1, 0", "1.5, 0", "soon, 0",
        "2678400, 2678400", "2678401, 2678400", "99999999999999999999, 2678400",
        "'Sun, 22 Nov 2999 12:00:30 GMT', 0"})
    void whoIsAtWorkMayAskForACallBack(String header, long seconds) {
        Outcome outcome = read(URL, answer(425, "", "Pactor-Callback", header));

        assertEquals(Duration.ofSeconds(seconds), outcome.callback());
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 409, 500})
    void whoIsNotAtWorkMayNot(int status) {
        assertEquals(Duration.ZERO,
                read(URL, answer(status, "", "Pactor-Callback", "60")).callback());
        assertEquals(Duration.ofSeconds(60),
                read(URL, answer(status, "ONGOING", "Pactor-Callback", "60")).callback());
    }

    /** What is not wholly received and understood is no verdict, whatever it seems to say. */
    @ParameterizedTest(name = "{0} {1} with {2}: {3}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        200 | ok      | Content-Encoding  | gzip                      | content coding gzip
        200 | FAILURE | Content-Encoding  | br                        | content coding br
        409 | FAILURE | Content-Encoding  | deflate                   | content coding deflate
        425 | ONGOING | Content-Encoding  | zstd, identity            | coding zstd, identity
        200 | ok      | Content-Encoding  | x-unheard-of              | content coding x-unheard-of
        200 | ok      | Transfer-Encoding | gzip, chunked             | coding gzip, chunked
        200 | FAILURE | Transfer-Encoding | identity                  | transfer coding identity
        200 | ok      | Transfer-Encoding | chunked;q=1               | transfer coding chunked;q=1
        200 | ok      | Content-Type      | text/plain;charset=UTF-16 | charset UTF-16
        200 | ok      | Content-Type      | a/b; Charset="IBM037"; x  | charset IBM037
        200 | ok      | Content-Type      | a/b; charset = utf-16     | charset utf-16
        200 | ok      | Content-Type      | a/b; charset=utf-7        | charset utf-7
        200 | ok      | Content-Type      | a/b; charset=EBCDIC-US    | charset EBCDIC-US
        200 | ok      | Content-Type      | a/b; charset=utf-ebcdic   | charset utf-ebcdic
        200 | ok      | Content-Type      | a/b; charset=SCSU         | charset SCSU
        200 | ok      | Content-Type      | a/b; charset=what         | charset what
        200 | ok      | Content-Type      | a/b; charset=a b          | charset a b
        200 | ok      | Content-Type      | a; charset=gbk; charset=x | charset x
        200 | ok      | Content-Type      | a; charset=gbk, a;charset=x | charset x
        206 | FAILURE | Content-Range     | bytes 0-6/100             | a part of an answer
        101 | ok      | Upgrade           | websocket                 | another protocol
        200 | {"a     | Content-Type      | application/json          | cut off within its JSON
        409 | {"a":1  | Content-Type      | application/json          | cut off within its JSON
        """)
    void aFlawedAnswerIsUnknown(int status, String body, String header, String value, String why) {
        Outcome outcome = read(URL, answer(status, body, header, value));

        assertEquals(Kind.UNKNOWN, outcome.kind(), outcome.reason());
        assertTrue(outcome.reason().contains(why), outcome.reason());
    }

    @Test
    void severalCodingsInSeveralHeadersAreAFlawAndIdentityIsNone() {
        assertEquals("content coding identity, gzip", answer(200, "ok",
                "Content-Encoding", "identity", "Content-Encoding", "gzip").flaw());
        assertEquals("transfer coding chunked, chunked", answer(200, "ok",
                "Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked").flaw());
        for (String none : new String[] {"identity", "Identity", ""}) {
            assertEquals("", answer(200, "ok", "Content-Encoding", none).flaw());
        }
        assertEquals("", answer(200, "", "Content-Encoding", "gzip").flaw(), "nothing is coded");
        assertEquals("", answer(200, "ok", "Transfer-Encoding", "Chunked").flaw());
    }

    @Test
    void everyContentTypeIsLookedAtAndThoseThatSpellAsAsciiAreNoFlaw() {
        assertEquals("charset utf-7", answer(200, "ok", "Content-Type", "text/plain",
                "Content-Type", "text/plain; charset=utf-7").flaw());
        for (String fine : List.of("gbk", "'utf-8'", "\"UTF8\"", " us-ascii ", "Latin1", "")) {
            String type = "text/plain; charset=" + fine;
            assertEquals("", answer(200, "ok", "Content-Type", type).flaw(), type);
        }
        assertEquals("", answer(200, "", "Content-Type", "a/b; charset=utf-7").flaw(), "no words");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32"})
    void aWordIsFoundInWideCharactersToo(String charset) {
        byte[] body = "{\"dtm_result\":\"FAILURE\"}".getBytes(Charset.forName(charset));

        assertEquals(Kind.FAILURE, read(URL, answer(200, body)).kind());
    }

    @Test
    void aWordIsFoundWhereverTheNetworkSplitsIt() {
        for (String word : new String[] {"FAILURE", "ONGOING"}) {
            String body = "FAILONGOFFAIL" + word + "F";
            for (int at = 0; at <= body.length(); at++) {
                AnswerReader reader = reader(200);
                for (String piece : new String[] {body.substring(0, at), body.substring(at)}) {
                    reader.take(Unpooled.copiedBuffer(piece, StandardCharsets.US_ASCII));
                }
                assertEquals(word.equals("FAILURE"), reader.answer().saysFailure());
                assertEquals(word.equals("ONGOING"), reader.answer().saysOngoing());
            }
        }
        assertEquals(Kind.ONGOING, kind(200, "ONGONGOING"));
        assertEquals(Kind.FAILURE, kind(200, "FFAILFAILURE"));
        assertEquals(Kind.SUCCESS, kind(200, "FAILUR ONGOIN FAILxURE"));
    }

    @Test
    void theWholeBodyIsSearchedAndLittleOfItKept() {
        String body = "x".repeat(MAX - 7) + "FAILURE";
        Answer longest = answer(200, body);

        assertTrue(longest.saysFailure());
        assertEquals(Limits.ANSWER_KEPT_BYTES, longest.beginning().length);
        assertEquals(Kind.FAILURE, read(URL, longest).kind());
    }

    @Test
    void aBodyThatIsTooLongIsNoVerdict() {
        AnswerReader reader = reader(409);

        assertTrue(reader.take(Unpooled.wrappedBuffer("FAILURE".getBytes(), new byte[MAX - 7])));
        assertFalse(reader.take(Unpooled.wrappedBuffer(new byte[1])));

        Outcome outcome = read(URL, reader.answer());
        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("longer than 1048576 bytes"), outcome.reason());
    }

    /** Beyond the bound JSON has no end that could be missed: that has to be known from HTTP. */
    @Test
    void whatIsJsonBeyondItsBoundsHasItsWordsStill() {
        String some = "{\"a\":\"" + "x".repeat(Limits.ANSWER_STRING_CHARS);
        String all = some + "y\",\"dtm_result\":\"FAILURE\"}";

        assertEquals("cut off within its JSON", answer(200, some + "y").flaw());
        assertEquals(Kind.FAILURE, kind(200, all));
        Outcome strict = HttpInvoker.read(URL, answer(200, all), VerdictMode.STRICT);
        assertEquals(Kind.UNKNOWN, strict.kind());
    }

    @ParameterizedTest(name = "{0} with {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        {a: 1}    | X                 | SUCCESS
        '{a: 1} ' | X                 | SUCCESS
        {a: 1     | X                 | UNKNOWN
        {a: 1     | Content-Length    | SUCCESS
        {a: 1     | Transfer-Encoding | SUCCESS
        a: 1      | X                 | SUCCESS
        """)
    void withoutALengthWhatBeginsWithABraceMustEndWithOne(String body, String header, Kind kind) {
        String value = header.equals("Transfer-Encoding") ? "chunked" : "8";

        assertEquals(kind, read(URL, answer(200, body, header, value)).kind());
    }

    /** What DTM's reading makes of words, ours of the status and the member alone. */
    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
        200 | {"dtm_result":"SUCCESS"}                           | SUCCESS
        200 | {"dtm_result":"FAILURE"}                           | FAILURE
        200 | {"dtm_result":"ONGOING"}                           | ONGOING
        200 | {"dtm_result":"SUCCESS","why":"FAILURE, ONGOING"}  | SUCCESS
        200 | {"dtm_result":"FAILURE","why":"it was ONGOING"}    | FAILURE
        200 | ''                                                 | UNKNOWN
        200 | {}                                                 | UNKNOWN
        200 | SUCCESS                                            | UNKNOWN
        200 | <html>please log in</html>                         | UNKNOWN
        200 | {"status":"FAILURE"}                               | UNKNOWN
        200 | {"data":{"dtm_result":"SUCCESS"}}                  | UNKNOWN
        200 | {"dtm_result":"success"}                           | UNKNOWN
        200 | {"dtm_result":"SUCCESS"} x                         | UNKNOWN
        200 | [{"dtm_result":"SUCCESS"}]                         | UNKNOWN
        200 | {"dtm_result":"SUCCESS","dtm_result":"FAILURE"}    | UNKNOWN
        201 | {"dtm_result":"SUCCESS"}                           | UNKNOWN
        204 | ''                                                 | UNKNOWN
        400 | {"dtm_result":"FAILURE"}                           | UNKNOWN
        409 | ''                                                 | FAILURE
        409 | no funds                                           | FAILURE
        409 | {"dtm_result":"FAILURE"}                           | FAILURE
        409 | {"message":"not ONGOING any more"}                 | FAILURE
        409 | {"dtm_result":"ONGOING"}                           | UNKNOWN
        409 | {"dtm_result":"SUCCESS"}                           | UNKNOWN
        409 | {"dtm_result":null}                                | UNKNOWN
        409 | {"dtm_result":"FAILURE"} x                         | UNKNOWN
        409 | {dtm_result: ONGOING}                              | UNKNOWN
        425 | ''                                                 | ONGOING
        425 | {"dtm_result":"ONGOING"}                           | ONGOING
        425 | {"dtm_result":"FAILURE"}                           | UNKNOWN
        500 | {"message":"cannot parse status FAILURE"}          | UNKNOWN
        500 | {"dtm_result":"FAILURE"}                           | UNKNOWN
        500 | ONGOING                                            | UNKNOWN
        503 | {"dtm_result":"SUCCESS"}                           | UNKNOWN
        """)
    void readStrictlyTheStatusAndTheResultCountAlone(int status, String body, Kind outcome) {
        Outcome read = HttpInvoker.read(URL, answer(status, body), VerdictMode.STRICT);

        assertEquals(outcome, read.kind(), read.reason());
        if (outcome == Kind.UNKNOWN) {
            assertTrue(read.reason().contains("return code " + status), read.reason());
        }
    }

    @Test
    void readStrictlyAFlawedAnswerIsUnknownToo() {
        Answer gzip = answer(409, "x", "Content-Encoding", "gzip");

        assertEquals(Kind.UNKNOWN, HttpInvoker.read(URL, gzip, VerdictMode.STRICT).kind());
    }

    private static Kind kind(int status, String body) {
        return read(URL, answer(status, body)).kind();
    }

    private static Outcome read(String url, Answer answer) {
        return HttpInvoker.read(url, answer, VerdictMode.DTM);
    }
}
