package io.pactor.client.participant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of outcomes over HTTP. */
class HttpAnswerTest {

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private static String text(HttpAnswer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void aReplyIsAnsweredAsItIs() {
        HttpAnswer answer = HttpAnswer.of(new Reply("image/png", new byte[] {1, -1}));
        assertEquals(200, answer.status());
        assertEquals(Map.of("Content-Type", "image/png"), answer.headers());
        assertArrayEquals(new byte[] {1, -1}, answer.body());
        assertEquals(Map.of(), HttpAnswer.of(new Reply("", new byte[] {1})).headers());
    }

    @Test
    void anEmptyReplySaysSuccess() {
        HttpAnswer answer = HttpAnswer.of(Reply.EMPTY);
        assertEquals(200, answer.status());
        assertEquals(JSON, answer.headers());
        assertEquals("{\"dtm_result\":\"SUCCESS\"}", text(answer));
        assertEquals(answer, HttpAnswer.of(new Reply("text/plain", new byte[0])));
    }

    @Test
    void aRefusalSaysWhy() {
        HttpAnswer answer = HttpAnswer.of(new Refused("no stock"));
        assertEquals(409, answer.status());
        assertEquals(JSON, answer.headers());
        assertEquals("{\"dtm_result\":\"FAILURE\",\"message\":\"no stock\"}", text(answer));
        assertEquals("{\"dtm_result\":\"FAILURE\",\"message\":\"null\"}",
            text(HttpAnswer.of(new Refused(null))));
    }

    /** The coordinator looks for ONGOING first, anywhere in the body and whatever the status. */
    @ParameterizedTest
    @ValueSource(strings = {"it is ONGOING", "FAILURE", "ONGOINGFAILURE", "a\"\\\n\t\u0001",
        "\u8ba2\u5355 \ud83d\ude00", "</script>"})
    void aMessageMeansWhatItSaysAndIsNoOtherVerdict(String message) throws IOException {
        String body = text(HttpAnswer.of(new Refused(message)));
        JsonNode json = new ObjectMapper().readTree(body);
        assertEquals(message, json.get("message").asText());
        assertEquals("FAILURE", json.get("dtm_result").asText());
        assertFalse(body.contains("ONGOING"), body);
    }

    @ParameterizedTest
    @CsvSource({"PT1S,1", "PT0.001S,1", "PT1.001S,2", "PT1H,3600"})
    void ongoingSaysWhenToAskAgain(Duration wait, String seconds) {
        HttpAnswer answer = HttpAnswer.of(Ongoing.askAgainIn(wait));
        assertEquals(425, answer.status());
        assertEquals(Map.of("Content-Type", "application/json", "Retry-After", seconds),
            answer.headers());
        assertEquals("{\"dtm_result\":\"ONGOING\"}", text(answer));
    }

    @Test
    void toAskAgainTakesTime() {
        assertThrows(IllegalArgumentException.class, () -> Ongoing.askAgainIn(Duration.ZERO));
        assertThrows(IllegalArgumentException.class,
            () -> Ongoing.askAgainIn(Duration.ofNanos(-1)));
    }

    @Test
    void anythingElseTellsItsClassAlone() {
        HttpAnswer answer =
            HttpAnswer.of(new BarrierException("secret", new SQLException("password=hunter2")));
        assertEquals(500, answer.status());
        assertEquals(JSON, answer.headers());
        assertEquals("{\"message\":\"io.pactor.client.participant.BarrierException\"}",
            text(answer));
        assertEquals(500, HttpAnswer.of(new StackOverflowError()).status());
    }

    private static final class FAILURE extends RuntimeException {}

    @Test
    void theNameOfAClassIsNoVerdict() {
        assertFalse(text(HttpAnswer.of(new FAILURE())).contains("FAILURE"));
    }

    static Stream<Throwable> carriers() {
        Refused refused = new Refused("no");
        return Stream.of(refused, new CompletionException(refused), new ExecutionException(refused),
            new InvocationTargetException(refused), new UndeclaredThrowableException(refused),
            new CompletionException(new ExecutionException(refused)));
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void whatOnlyCarriesARefusalIsOne(Throwable carrier) {
        assertEquals(409, HttpAnswer.of(carrier).status());
    }

    /** The roll-back may have failed, so nobody knows. */
    @Test
    void whatARefusalHasCausedIsNone() {
        assertEquals(500,
            HttpAnswer.of(new IllegalStateException("roll-back", new Refused("no"))).status());
        assertEquals(500, HttpAnswer.of(new CompletionException("alone", null)).status());
    }
}
