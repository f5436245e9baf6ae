package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallTest {

    private final PayloadCodec codec = new PlainCodec();

    @ParameterizedTest
    @ValueSource(strings = {"", "/stock", "stock/reserve", "ftp://a/b", "http:///x", "http://a/ b"})
    void theUrlMustBeAbsolute(String url) {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Call.get(url)).getMessage()
            .contains(url));
    }

    @Test
    void aStringIsJsonAsItIs() {
        assertEquals("{\"a\": 1}", Call.post("http://a", "{\"a\": 1}").payload(codec));
        assertEquals("", Call.post("http://a", "").payload(codec));
        assertEquals("", Call.post("http://a", null).payload(codec));
        assertEquals("[1]", Call.post("http://a", List.of(1)).payload(codec));
    }

    @Test
    void aStringThatIsNoJsonNeedsAnotherContentType() {
        Call call = Call.post("http://a", "hello");

        assertThrows(IllegalArgumentException.class, () -> call.payload(codec));
        assertThrows(IllegalArgumentException.class, () -> call
            .withHeader("content-type", "application/problem+json").payload(codec));
        assertEquals("hello", call.withHeader("Content-Type", "text/plain").payload(codec));
    }

    @Test
    void headersAreCheckedAndNeverShown() {
        Call call = Call.get("http://a").withHeader("Authorization", "Bearer secret");

        assertFalse(call.toString().contains("secret"));
        assertEquals(Map.of("AUTHORIZATION", "x"),
            call.withHeader("AUTHORIZATION", "x").headers());
        String message = assertThrows(IllegalArgumentException.class,
            () -> call.withHeader("X-B", "secret\r\nX: y")).getMessage();
        assertFalse(message.contains("secret"), message);
        assertThrows(IllegalArgumentException.class, () -> call.withHeader("X B", ""));
    }

    @Test
    void timesAreWholeSecondsWithinBounds() {
        Call call = Call.get("http://a");
        call.withTimeout(Seconds.MAX);
        assertThrows(IllegalArgumentException.class,
            () -> call.withTimeout(Seconds.MAX.plusSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> call.withTimeout(Duration.ofMillis(1)));
        assertThrows(IllegalArgumentException.class,
            () -> call.withTimeout(Duration.ofSeconds(-1)));
        assertThrows(IllegalArgumentException.class, () -> call.withRetryLimit(-1));
    }
}
