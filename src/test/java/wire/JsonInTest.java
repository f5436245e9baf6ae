package wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.Bytes;
import transaction.InvalidRequest;

/** What is read of JSON, how much of it, and what is said of the rest. */
class JsonInTest {

    private static final KnownKeys KEYS = KnownKeys.of("gid", "wait_result", "op");

    /** What follows the last entry that fits is broken, and nobody gets to see that. */
    @Test
    void whatIsBeyondABoundIsNotRead() {
        assertEquals("it has more than 3 entries", problem(
            "{\"a\":\"\",\"b\":\"\",\"c\":\"\",\"d\":\"\" broken", in -> in.texts("it", 3)));
        assertEquals("it has more than 2 entries", problem("[1,2,3 broken",
            in -> in.array("it", 2, () -> in.integer("each"))));
        assertTrue(problem("{\"a\":\"\",\"b\":\"\",\"c\":\"\" broken", in -> in.texts("it", 3))
            .startsWith("malformed JSON"));
    }

    @Test
    void whatIsAtABoundIsRead() {
        assertEquals(List.of("a", "b"), List.copyOf(JsonIn.whole(
            bytes("{\"a\":\"\",\"b\":\"\"}"), in -> in.texts("it", 2)).keySet()));
        assertEquals(List.of(1, 2), JsonIn.whole(bytes("[1,2]"),
            in -> in.array("it", 2, () -> in.integer("each"))));
    }

    @ParameterizedTest
    @CsvSource({"gid, gid", "GID, gid", "Gid, gid", "wait_result, wait_result",
        "Wait_Result, wait_result", "x, ''", "gids, ''", "waitresult_of_mine_and_yours, ''"})
    void keysMatchInAnyCaseAndOthersAreSkipped(String written, String read) {
        assertEquals(read.isEmpty() ? List.of() : List.of(read),
            keysRead("{\"" + written + "\":[{\"gid\":1}]}"));
    }

    @ParameterizedTest
    @CsvSource({"waitResult, wait_result", "waitresult, wait_result", "WAITRESULT, wait_result",
        "wait-result, wait_result", "Wait-Result, wait_result", "g_id, gid", "_op, op"})
    void aKeyThatIsAlmostKnownIsRefusedWithTheOneThatWasMeant(String written, String meant) {
        assertEquals("unknown key " + written + " in it; did you mean " + meant + "?",
            problem("{\"" + written + "\":1}", JsonInTest::read));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"gid\":1,\"gid\":1}", "{\"gid\":1,\"GID\":2}",
        "{\"Gid\":null,\"x\":1,\"gid\":1}"})
    void aKnownKeyStandsThereOnce(String json) {
        assertEquals("the key gid stands twice in it", problem(json, JsonInTest::read));
    }

    @Test
    void aKeyOfTheClientsOwnStandsThereOnceToo() {
        assertEquals("the key a stands twice in it",
            problem("{\"a\":\"\",\"a\":\"\"}", in -> in.texts("it", 3)));
        assertEquals(2, JsonIn.whole(
            bytes("{\"a\":\"\",\"A\":\"\"}"), in -> in.texts("it", 3)).size());
    }

    /** The client of DTM for Java writes one of its own keys twice. */
    @Test
    void whatIsUnknownMayStandThereTwice() {
        assertEquals(List.of("gid"), keysRead("{\"subType\":1,\"gid\":1,\"subType\":1}"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        integer | "5"         | n must be an integer, not a string
        integer | 5.0         | n must be an integer, not a number with a fraction or an exponent
        integer | 1e3         | n must be an integer, not a number with a fraction or an exponent
        integer | true        | n must be an integer, not a boolean
        integer | [5]         | n must be an integer, not an array
        integer | 2147483648  | n is out of range
        integer | -2147483649 | n is out of range
        flag    | "true"      | n must be true or false, not a string
        flag    | 1           | n must be true or false, not a number
        flag    | {}          | n must be true or false, not an object
        text    | 1           | n must be a string, not a number
        text    | true        | n must be a string, not a boolean
        text    | ["a"]       | n must be a string, not an array
        texts   | [1]         | n must be an object, not an array
        texts   | "a"         | n must be an object, not a string
        texts   | {"a":1}     | n.a must be a string, not a number
        """)
    void aValueOfAnotherTypeIsRefused(String type, String json, String told) {
        assertEquals(told, problem(json, in -> {
            switch (type) {
                case "integer" -> in.integer("n");
                case "flag" -> in.flag("n");
                case "text" -> in.text("n");
                default -> in.texts("n", 1);
            }
        }));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        "e30="        | {}
        ""            |
        null          |
        []            |
        [123,125]     | {}
        [ 123 , 125 ] | {}
        """)
    void bytesAreBase64OrAnArrayOfNumbers(String json, String read) {
        assertEquals(Bytes.utf8(read == null ? "" : read),
            JsonIn.whole(bytes(json), in -> in.bytes("data")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        "*"     | data is not base64
        {}      | data must be a string, not an object
        5       | data must be a string, not a number
        [256]   | a byte in data is out of range
        [-1]    | a byte in data is out of range
        ["a"]   | a byte in data must be an integer, not a string
        [[1]]   | a byte in data must be an integer, not an array
        """)
    void whatIsNoBytesIsRefused(String json, String told) {
        assertEquals(told, problem(json, in -> in.bytes("data")));
    }

    /** The parser's messages tell programmers how to configure it. */
    @ParameterizedTest
    @ValueSource(strings = {"{gid:1}", "{'gid':1}", "{\"x\":NaN}", "{\"x\":-Infinity}",
        "{\"x\":+1}", "{\"x\":01}", "{\"x\":.5}", "{\"x\":1.}", "{\"x\":-}", "{\"x\":\"\n\"}",
        "{\"x\":\"\\q\"}", "{\"x\":1,}", "/* */{}", "{}//", "# {}", "{\"x\":tru}", "{\"x\" 1}",
        "{\"x\":1", "{\"x\":[1}", "{\"x\":\"", "{\"x\":\"\\u12\"}", "\0", "\ufeff{}",
        "{\"x\":99999999999999999999999999999999999999999999999999999999999999999999}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["})
    void whatIsMalformedIsToldInTheClientsWords(String json) {
        String told = problem("{\"y\":" + json, JsonInTest::read);
        String bare = problem(json.startsWith("[") ? "{\"x\":" + json : json, JsonInTest::read);

        for (String each : List.of(told, bare)) {
            assertTrue(each.startsWith("malformed JSON"), each);
            for (String advice : List.of("Feature", "enabl", "`", "Constraints", "Source:", "get",
                    "parser", "marker at")) {
                assertFalse(each.contains(advice), each);
            }
            assertEquals(each.chars().filter(c -> c == '(').count(),
                each.chars().filter(c -> c == ')').count(), each);
        }
    }

    /** Names of one body must not stay in a table that the bodies of others are read with. */
    @Test
    void namesOfOneBodyDoNotMatterToTheNext() {
        for (int round = 0; round < 12; round++) {
            StringBuilder poison = new StringBuilder("{\"gid\":0");
            for (String name : colliding(round, 200)) {
                poison.append(",\"").append(name).append("\":0");
            }
            String body = poison.append('}').toString();
            assertEquals(List.of("gid"), keysRead(body));
            RpcParams.require(Bytes.utf8(body));
        }
        for (int i = 0; i < 1_000; i++) {
            String body = "{\"new" + i + "\":0,\"quite_another_name_" + i + "\":0,\"op\":0}";
            assertEquals(List.of("op"), keysRead(body));
            RpcParams.require(Bytes.utf8(body));
        }
    }

    @Test
    void whatIsNoUtf8IsRefusedAndAReplacementCharacterIsNone() {
        byte[] broken = bytes("{\"gid\":\"?\"}");
        broken[8] = (byte) 0xff;
        assertEquals("malformed JSON: it is not UTF-8", assertThrows(InvalidRequest.class,
            () -> JsonIn.whole(broken, JsonIn::raw)).getMessage());
        assertThrows(InvalidRequest.class, () -> RpcParams.require(Bytes.of(broken)));
        assertEquals("\ufffd", JsonIn.whole(bytes("\"\ufffd\""), in -> in.text("it")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-2.50", "true", "null", "\"\"", "\"\u00e9\ud83d\ude00\\n\"",
        "{ \"\u00e9\" : [1, 2] }", "[]"})
    void rawIsTheValueAsItStands(String value) {
        String before = "\u00e9\ud83d\ude00".repeat(20_000);
        assertEquals(List.of("\"" + before + "\"", value, "7"), JsonIn.whole(
            bytes("[\"" + before + "\", " + value + " ,7]"), in -> in.array("it", 3,
                () -> new String(in.raw(), StandardCharsets.UTF_8))));
    }

    /**
     * Names of eight characters that Jackson's table hashes alike, whatever its seed: the hash of
     * the first four and 33 times the last four have the sum {@code sum}.
     */
    private static List<String> colliding(int sum, int count) {
        int inverse = BigInteger.valueOf(33).modInverse(BigInteger.ONE.shiftLeft(32)).intValue();
        List<String> names = new ArrayList<>();
        for (int first = 0x41414141; names.size() < count; first += 0x00010307) {
            int hash = first + (first >>> 15);
            hash ^= hash >>> 9;
            String name = new String(ByteBuffer.allocate(8).putInt(first)
                .putInt((sum - hash) * inverse).array(), StandardCharsets.ISO_8859_1);
            if (name.chars().allMatch(c -> c > '"' && c < 127 && c != '\\')) {
                names.add(name);
            }
        }
        return names;
    }

    private static void read(JsonIn in) {
        in.object("it", KEYS, key -> in.raw());
    }

    private static List<String> keysRead(String json) {
        return JsonIn.whole(bytes(json), in -> {
            List<String> keys = new ArrayList<>();
            in.object("it", KEYS, key -> {
                keys.add(key);
                in.raw();
            });
            return keys;
        });
    }

    private static String problem(String json, Consumer<JsonIn> read) {
        return assertThrows(InvalidRequest.class, () -> JsonIn.whole(bytes(json), in -> {
            read.accept(in);
            return in;
        })).getMessage();
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
