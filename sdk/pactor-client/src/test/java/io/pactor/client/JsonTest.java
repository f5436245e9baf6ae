package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "}", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\"}", "[1 2]",
        "01", "1.", ".5", "-", "+1", "1e", "0x1", "NaN", "tru", "nulls", "\"", "\"\\x\"",
        "\"\\u00g0\"", "\"\n\"", "'a'", "1 2", "[1]]", "{\"a\":1,\"a\":2}", "\u00a01",
        "\"\\u\u0661\u0661\u0661\u0661\""})
    void whatIsNoJsonIsRefused(String text) {
        assertFalse(Json.isJson(text));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Json.read(text)).getMessage()
            .startsWith("not JSON at character "));
    }

    @Test
    void allKindsOfValuesComeBackAsTheyWent() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "\"\\/\b\f\n\r\tä漢😀\u0001");
        value.put("list", Arrays.asList(true, false, null, List.of(), Map.of()));
        value.put("min", Long.MIN_VALUE);
        value.put("max", Long.MAX_VALUE);
        value.put("fraction", new BigDecimal("-1.50E+7"));

        assertEquals(value, Json.read(Json.write(value)));
        assertEquals(value, Json.read(" " + Json.write(value).replace(",", " ,\n\t") + "\r "));
    }

    @Test
    void numbersAreExact() {
        assertEquals(new BigDecimal("9223372036854775808"), Json.read("9223372036854775808"));
        assertEquals(new BigDecimal("0.1"), Json.read("0.1"));
        assertEquals(0L, Json.read("-0"));
        assertEquals("[1.5,2,123456789012345678901234567890]",
            Json.write(List.of(1.5, (short) 2, new BigInteger("123456789012345678901234567890"))));
        assertThrows(IllegalArgumentException.class, () -> Json.write(Double.NaN));
        Json.read("1".repeat(JsonReader.NUMBER_MAX));
        assertThrows(IllegalArgumentException.class,
            () -> Json.read("1".repeat(JsonReader.NUMBER_MAX + 1)));
        assertThrows(IllegalArgumentException.class, () -> Json.read("1e99999999999"));
    }

    @Test
    void halfACharacterIsEscaped() {
        assertEquals("\"\\ud83d\"", Json.write("\ud83d"));
        assertEquals("\"\\ude00x\"", Json.write("\ude00x"));
        assertEquals("\"😀\"", Json.write("😀"));
        assertEquals("\ud83d", Json.read("\"\\ud83d\""));
    }

    @Test
    void depthIsBounded() {
        int most = Json.DEPTH_MAX;
        String deep = "[".repeat(most) + "1" + "]".repeat(most);
        Object value = Json.read(deep);
        assertEquals(deep, Json.write(value));
        assertThrows(IllegalArgumentException.class, () -> Json.read("[" + deep + "]"));
        assertThrows(IllegalArgumentException.class, () -> Json.write(List.of(value)));
    }

    @Test
    void whatIsNoTypeOfTheJdkIsRefusedByName() {
        String message = assertThrows(IllegalArgumentException.class,
            () -> Json.write(Map.of("a", new Thread()))).getMessage();
        assertTrue(message.startsWith("java.lang.Thread "), message);
        Map<Object, Object> keys = new HashMap<>();
        keys.put(1, 2);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Json.write(keys))
            .getMessage().contains("java.lang.Integer"));
        assertEquals("\"SECONDS\"", Json.write(TimeUnit.SECONDS));
    }
}
