package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import transaction.Busy;
import transaction.GlobalTransaction;
import transaction.Reply;

class HttpAnswerTest {

    private static final Map<String, Function<String, Reply>> REPLIES = Map.of(
        "done", reason -> Reply.DONE,
        "refused", Reply.Refused::new,
        "ongoing", Reply.Ongoing::new,
        "troubled", Reply.Troubled::new,
        "missing", Reply.Missing::new,
        "invalid", Reply.Invalid::new,
        "overloaded", Reply.Overloaded::new,
        "unclear", Reply.Unclear::new);

    @ParameterizedTest(name = "{0} because of {1}: {2} {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        done       | -                | 200 | {"dtm_result":"SUCCESS"}
        refused    | no funds         | 409 | {"dtm_result":"FAILURE","message":"no funds FAILURE"}
        refused    | no funds FAILURE | 409 | {"dtm_result":"FAILURE","message":"no funds FAILURE"}
        refused    | `no  FAILURE `   | 409 | {"dtm_result":"FAILURE","message":"no  FAILURE"}
        refused    | no.FAILURE | 409 | {"dtm_result":"FAILURE","message":"no.FAILURE FAILURE"}
        refused    | FAILURE          | 409 | {"dtm_result":"FAILURE","message":"FAILURE"}
        refused    | ``               | 409 | {"dtm_result":"FAILURE","message":"FAILURE"}
        refused    | a failure        | 409 | {"dtm_result":"FAILURE","message":"a failure FAILURE"}
        ongoing    | at work          | 425 | {"dtm_result":"ONGOING","message":"at work"}
        ongoing    | Failures FAILURE | 425 | {"dtm_result":"ONGOING","message":"fail***s fail***"}
        troubled   | got FAILURE      | 500 | {"message":"got fail***"}
        missing    | no gid faILuRe   | 404 | {"message":"no gid fail***"}
        invalid    | "x" is a FAILURE | 400 | {"message":"\\"x\\" is a fail***"}
        overloaded | too much         | 429 | {"message":"too much"}
        unclear    | who knows        | 503 | {"message":"who knows"}
        """)
    void aReplyHasOneStatusAndOneBody(String reply, String reason, int status, String body) {
        HttpAnswer answer = HttpAnswer.of(REPLIES.get(reply).apply(reason));

        assertEquals(body, new String(answer.body(), StandardCharsets.UTF_8));
        assertEquals(status, answer.status());
        assertEquals(status == 429 || status == 503, answer.isWorthRepeating());
    }

    @Test
    void whoFindsNoRoomIsToldThatNothingWasDone() {
        HttpAnswer answer = new ErrorResponses().answer("all", new Busy("64 lists wait here"));

        assertEquals(503, answer.status());
        assertEquals("64 lists wait here; nothing was done, try again soon", answer.message());
    }

    /** The word is hidden after decoding, so an escape in a request does not bring it back. */
    @Test
    void controlCharactersAreEscaped() {
        HttpAnswer answer = HttpAnswer.of(new Reply.Invalid("a\nb\u0000c\"d"));

        assertEquals("{\"message\":\"a\\nb\\u0000c\\\"d\"}",
            new String(answer.body(), StandardCharsets.UTF_8));
    }

    @Test
    void whatIsShownHasNoPlaceInTheTable() {
        assertThrows(IllegalStateException.class,
            () -> HttpAnswer.of(new Reply.Found(GlobalTransaction.ABSENT, null)));
    }
}
