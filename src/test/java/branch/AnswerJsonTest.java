package branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.Limits;

/** An answer's JSON, piece by piece: what is an object and what is not, and its verdict. */
final class AnswerJsonTest {

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
    void inPiecesItIsReadAsAWhole() {
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
            AnswerJson expected = read(json);
            AnswerJson pieces = read(json.getBytes(StandardCharsets.UTF_8), random);
            assertEquals(isObject(json), expected.isWhole(), json);
            assertEquals(all(expected), all(pieces), json);
            whole += expected.isWhole() ? 1 : 0;
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
        {"dtm_result":"SUCCESSSUCCESS"}                     | SUCCESSSUCCESS
        {"dtm_result":"SUCCESS"} x                          | ?
        {"dtm_result":"SUCCESS"                             | ?
        {"dtm_result":"SUCCESS",}                           | ?
        [{"dtm_result":"SUCCESS"}]                          | ''
        {"dtm\\u005fresult":"S\\u0055CCESS"}                | SUCCESS
        {"DTM_RESULT":"SUCCESS"}                            | ''
        {"a":{"dtm_result":"SUCCESS"}}                      | ''
        {"a":["dtm_result","SUCCESS"]}                      | ''
        {"a":"dtm_result"}                                  | ''
        {}                                                  | ''
        """)
    void theVerdictIsAMemberOfTheObjectItself(String json, String verdict) {
        assertEquals(verdict, read(json).dtmResult());
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
        assertEquals(verdict, read(json).dtmResultOfResult());
    }

    @Test
    void theMarkOfUtf8IsSkippedAndWideCharactersAreNoJson() {
        String json = "{\"dtm_result\":\"SUCCESS\"}";

        assertTrue(read("\ufeff" + json).isWhole());
        assertFalse(read("\ufeff\ufeff" + json).isWhole());
        assertFalse(read(" \ufeff" + json).isWhole());
        assertFalse(whole(json.getBytes(StandardCharsets.UTF_16)).isWhole());
    }

    @Test
    void whatIsNotUtf8IsBroken() {
        byte[] latin1 = "{\"a\":\"\u00fc\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertTrue(whole(latin1).isBroken());
    }

    /** In one piece and in many. */
    @Test
    void depthStringsNamesAndNumbersAreBounded() {
        bounded(AnswerJson.DEPTH - 1, n -> "{\"a\":" + "[".repeat(n) + "]".repeat(n) + "}");
        bounded(Limits.ANSWER_STRING_CHARS, n -> "{\"a\":\"" + "x".repeat(n) + "\"}");
        bounded(AnswerJson.NAME_BYTES, n -> "{\"" + "x".repeat(n) + "\":0}");
        bounded(AnswerJson.NUMBER_CHARS, n -> "{\"a\":" + "1".repeat(n) + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"result\":1,}", "{\"result\":1, }", "{\"result\":}", "{\"a\":[1,]}",
        "{\"a\":[{},]}", "{\"a\":{\"b\":1,}}", "{} x", "{}{}", "{}}", "{} 1", "{} tr"})
    void whatIsNoObjectIsNoneWhereverTheNetworkSplitsIt(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at <= bytes.length; at++) {
            AnswerJson read = new AnswerJson();
            read.take(Unpooled.wrappedBuffer(bytes, 0, at));
            read.take(Unpooled.wrappedBuffer(bytes, at, bytes.length - at));
            read.end();
            assertTrue(read.isBroken(), "split at " + at);
        }
    }

    @Test
    void isOpenUntilItEndsOrBreaks() {
        assertFalse(read(" ").isOpen());
        assertTrue(read(" {\"a\"").isOpen());
        assertTrue(read("{\"a\":{}").isOpen());
        assertFalse(read("{\"a\":{}}").isOpen());
        assertFalse(read("{a").isOpen());
        assertFalse(read("<a>{").isOpen());
    }

    private static void bounded(int most, IntFunction<String> json) {
        byte[] fits = json.apply(most).getBytes(StandardCharsets.UTF_8);
        byte[] beyond = json.apply(most + 1).getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(most);

        assertTrue(whole(fits).isWhole());
        assertTrue(read(fits, random).isWhole());
        assertTrue(whole(beyond).isBroken());
        assertTrue(read(beyond, random).isBroken());
    }

    private static boolean isObject(String json) {
        try {
            return JACKSON.readTree(json).isObject();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** All that an answer's JSON has to say. */
    private static List<Object> all(AnswerJson json) {
        return List.of(json.isWhole(), json.isOpen(), json.isBroken(), json.dtmResult(),
                json.dtmResultOfResult(), json.hasResult(), json.hasError(), json.errorCode());
    }

    private static AnswerJson read(String json) {
        return whole(json.getBytes(StandardCharsets.UTF_8));
    }

    private static AnswerJson whole(byte[] json) {
        AnswerJson read = new AnswerJson();
        read.take(Unpooled.wrappedBuffer(json));
        read.end();
        return read;
    }

    /** In pieces of one byte up to all of it; short ones are as likely as long ones. */
    private static AnswerJson read(byte[] json, SplittableRandom random) {
        AnswerJson read = new AnswerJson();
        ByteBuf all = Unpooled.wrappedBuffer(json);
        while (all.isReadable()) {
            int most = Math.min(all.readableBytes(), 1 << random.nextInt(20));
            read.take(all.readSlice(1 + random.nextInt(most)));
        }
        read.end();
        return read;
    }
}
