package branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An answer's JSON, byte by byte: what is an object and what is not, as Jackson sees it. */
final class JsonScanTest {

    private static final ObjectMapper JACKSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Every kind of token, and what goes wrong most easily. */
    private static final String[] SEEDS = {
        "{}", " {\"a\":[],\"b\":{}}\r\n\t",
        "{\"dtm_result\":\"SUCCESS\",\"n\":[-0,1.50,2e3,-4.5E-6,10],\"t\":true,\"f\":false}",
        "{\"error\":{\"code\":-32901,\"message\":\"\\u00fc\\n\\\\\\\"/\\/\"},\"result\":null}",
        "{\"a\":{\"b\":[{\"c\":[[null,\"\"],{}]},7]},\"result\":{\"dtm_result\":\"FAILURE\"}}",
    };

    private static final String BYTES = "{}[]\",:\\ \n\t\00015.-+eEtrufalsn/bx";

    @Test
    void isAnObjectExactlyIfJacksonReadsOne() {
        SplittableRandom random = new SplittableRandom(13);
        int whole = 0;
        for (int round = 0; round < 40_000; round++) {
            StringBuilder text = new StringBuilder(SEEDS[random.nextInt(SEEDS.length)]);
            for (int change = random.nextInt(4); change > 0; change--) {
                int at = random.nextInt(text.length());
                char some = BYTES.charAt(random.nextInt(BYTES.length()));
                switch (random.nextInt(4)) {
                    case 0 -> text.setCharAt(at, some);
                    case 1 -> text.insert(at, some);
                    case 2 -> text.deleteCharAt(at);
                    default -> text.setLength(at + 1);
                }
                text.append(text.length() == 0 ? " " : "");
            }
            String json = text.toString();
            JsonNode expected = object(json);
            JsonScan scan = scan(json);
            assertEquals(expected != null, scan.isWhole(), json);
            if (expected != null) {
                whole++;
                assertEquals(expected.has("result"), scan.hasResult(), json);
            }
        }
        assertTrue(whole > 5_000, "objects among them: " + whole);
    }

    @ParameterizedTest(name = "{0} says {1}")
    @CsvSource(delimiter = '|', textBlock = """
        {"dtm_result":"SUCCESS"}                            | SUCCESS
        {"a":1,"dtm_result":"FAILURE","b":"SUCCESS"}        | FAILURE
        {"dtm_result":"SUCCESS","dtm_result":"SUCCESS"}     | SUCCESS
        {"dtm_result":"SUCCESS","dtm_result":"FAILURE"}     | ?
        {"dtm_result":"SUCCESS","dtm_result":null}          | ?
        {"dtm_result":null}                                 | ?
        {"dtm_result":true}                                 | ?
        {"dtm_result":{"dtm_result":"SUCCESS"}}             | ?
        {"dtm_result":["SUCCESS"]}                          | ?
        {"dtm_result":""}                                   | ?
        {"dtm_result":"SUCCESSSUCCESSSUCCESSSUCCESSSUCCES"} | ?
        {"dtm\\u005fresult":"S\\u0055CCESS"}                | SUCCESS
        {"DTM_RESULT":"SUCCESS"}                            | ''
        {"a":{"dtm_result":"SUCCESS"}}                      | ''
        {"a":["dtm_result","SUCCESS"]}                      | ''
        {"a":"dtm_result"}                                  | ''
        {}                                                  | ''
        """)
    void theVerdictIsAMemberOfTheObjectItself(String json, String verdict) {
        JsonScan scan = scan(json);

        assertTrue(scan.isWhole());
        assertEquals(verdict, scan.dtmResult());
    }

    @ParameterizedTest(name = "{0} says {1}")
    @CsvSource(delimiter = '|', textBlock = """
        {"result":{"dtm_result":"FAILURE"}}                                   | FAILURE
        {"result":{"a":{"dtm_result":"FAILURE"},"dtm_result":"ONGOING"}}      | ONGOING
        {"result":{"dtm_result":"SUCCESS"},"result":{"dtm_result":"ONGOING"}} | ?
        {"result":[{"dtm_result":"FAILURE"}]}                                 | ''
        {"result":["dtm_result"],"error":{"dtm_result":"FAILURE"}}            | ''
        """)
    void soMayTheResultHaveOne(String json, String verdict) {
        assertEquals(verdict, scan(json).dtmResultOfResult());
    }

    @Test
    void theMarkOfUtf8IsSkippedAndWideCharactersAreNoJson() {
        String json = "{\"dtm_result\":\"SUCCESS\"}";

        assertTrue(scan("\ufeff" + json).isWhole());
        assertFalse(scan("\ufeff\ufeff" + json).isWhole());
        assertFalse(scan(" \ufeff" + json).isWhole());
        JsonScan wide = new JsonScan();
        for (byte b : json.getBytes(StandardCharsets.UTF_16)) {
            wide.next(b);
        }
        assertFalse(wide.isWhole());
    }

    @Test
    void theLevelsOfNestingAreBounded() {
        int most = JsonScan.DEPTH - 1;

        assertTrue(scan("{\"a\":" + "[".repeat(most) + "]".repeat(most) + "}").isWhole());
        assertFalse(scan("{\"a\":" + "[".repeat(most + 1) + "]".repeat(most + 1) + "}").isWhole());
    }

    @Test
    void isOpenUntilItEndsOrBreaks() {
        assertFalse(scan(" ").isOpen());
        assertTrue(scan(" {\"a\"").isOpen());
        assertTrue(scan("{\"a\":{}").isOpen());
        assertFalse(scan("{\"a\":{}}").isOpen());
        assertFalse(scan("{a").isOpen());
        assertFalse(scan("<a>{").isOpen());
    }

    /** The object that all of {@code json} is; null if it is none. */
    private static JsonNode object(String json) {
        try {
            JsonNode read = JACKSON.readTree(json);
            return read.isObject() ? read : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static JsonScan scan(String json) {
        JsonScan scan = new JsonScan();
        for (byte b : json.getBytes(StandardCharsets.UTF_8)) {
            scan.next(b);
        }
        return scan;
    }
}
