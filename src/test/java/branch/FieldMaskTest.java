package branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of some fields are hidden, in whatever is JSON, whole or cut. */
class FieldMaskTest {

    private static final FieldMask MASK = new FieldMask(List.of("pin", "Card"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{}                              | {}",
        "{\"pin\":\"1\"}                 | {\"pin\":\"***\"}",
        "{\"PIN\" : 1234 ,\"a\":2}       | {\"PIN\" : \"***\",\"a\":2}",
        "{\"a\":{\"pin\":true}}          | {\"a\":{\"pin\":\"***\"}}",
        "{\"card\":{\"n\":[1,{}]},\"b\":\"}\"} | {\"card\":\"***\",\"b\":\"}\"}",
        "[{\"card\":[\"a\\\"]\",2]},3]   | [{\"card\":\"***\"},3]",
        "{\"p\\u0069n\":\"x\"}           | {\"p\\u0069n\":\"***\"}",
        "{\"a\":\"pin\",\"pins\":1}      | {\"a\":\"pin\",\"pins\":1}",
        "{\"pin\":\"12                   | {\"pin\":\"***\"",
        "{\"pin\":12                     | {\"pin\":\"***\"",
        "{\"pin\":\"12\\                 | {\"pin\":\"***\"",
        "{\"pin\":                       | {\"pin\":\"***\"",
        "{\"pi                           | {\"pi",
        "{\"card\":{\"n\":\"1            | {\"card\":\"***\"",
        "no JSON, \"quoted\"             | no JSON, \"quoted\"",
        "{\"a\":\"{\\\"pin\\\":\\\"1\\\"}\"} | {\"a\":\"{\\\"pin\\\":\\\"***\\\"}\"}",
        "{\"a\":\"{\\\"pin\\\":\\\"12    | {\"a\":\"{\\\"pin\\\":\\\"***\\\"\"",
        "pin=12&a=3                      | pin=***&a=3",
        "a=3&card=4                      | a=3&card=***",
        "spin=12                         | spin=12",
        "{\"a\":\"bad: {\\\"pin\\\":\\\"12\\\"}\"} | {\"a\":\"bad: {\\\"pin\\\":\\\"***\\\"}\"}",
        "bad: {\"pin\":\"12\"}            | bad: {\"pin\":\"***\"}",
        "5\" too wide: {\"pin\":\"12\"}   | 5\" too wide: {\"pin\":***",
        "{\"a\":\"https://s/b?pin=12&c=3\"} | {\"a\":\"https://s/b?pin=***&c=3\"}",
        "{\"https://s/b?pin=12\":3}       | {\"https://s/b?pin=***\":3}",
        "{\"a\":\"\\u0070in=12\"}          | {\"a\":\"pin=***\"}",
        "https://s/b#pin=12              | https://s/b#pin=***",
        "a=\"hi\"&pin=12                  | a=\"hi\"&pin=***",
        "a=\"hi&pin=1\"2                  | a=\"hi&pin=***",
        "p%69n=12&a=3                    | p%69n=***&a=3",
        "p%6=12&a=3                      | p%6=12&a=3",
        "a=3;pin=12                      | a=3;pin=***",
        "a[pin]=12&a%5Bcard%5D=3         | a[pin]=***&a%5Bcard%5D=***",
        "{a=3, pin=12}                   | {a=3, pin=***",
        "pin=***&pin=***4                | pin=***&pin=***",
        "pin=&a=3                        | pin=***&a=3",
    })
    void theirValuesAlone(String text, String masked) {
        assertEquals(masked, MASK.in(text));
    }

    @Test
    void eachLineIsLookedAt() {
        assertEquals("user=a\r\npin=***", MASK.in("user=a\r\npin=12"));
        assertEquals("card=***\nx=1\npin=***\n", MASK.in("card=12\nx=1\npin=12\n"));
    }

    @Test
    void nothingOfASecretIsLeftWhereverTheTextIsCut() {
        String text = "{\"a\":\"x\",\"pin\":\"geheim\",\"b\":\"{\\\"card\\\":{\\\"n\\\":"
            + "\\\"geheim\\\"}}\"}";
        for (int end = 0; end <= text.length(); end++) {
            String masked = MASK.in(text.substring(0, end));
            for (int length = 1; length <= 6; length++) {
                assertFalse(masked.contains("geheim".substring(0, length) + "\"")
                    || masked.endsWith("geheim".substring(0, length)), masked);
            }
        }
    }

    @Test
    void whatIsDeeperThanAnybodyWritesIsHiddenAsAWhole() {
        String text = "{\"pin\":1}";
        for (int i = 0; i < 6; i++) {
            text = "{\"a\":\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
        }
        assertFalse(MASK.in(text).contains("pin"), MASK.in(text));
    }

    @Test
    void aQueryIsMaskedInARequestLine() {
        assertEquals("GET /a?x=1&pin=***&card=*** HTTP/1.1",
            MASK.query("GET /a?x=1&pin=12&card=a%20b HTTP/1.1"));
    }

    @Test
    void withoutNamesNothingIs() {
        FieldMask none = new FieldMask(List.of());
        assertEquals("{\"pin\":1}", none.in("{\"pin\":1}"));
        assertEquals("pin=1&=2", none.in("pin=1&=2"));
    }
}
