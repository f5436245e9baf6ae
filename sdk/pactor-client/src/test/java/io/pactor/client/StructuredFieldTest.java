package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pactor.client.StructuredField.Item;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Structured fields are read by RFC 9651, and refused where two readers could differ. */
class StructuredFieldTest {

    /** RFC 9421, B.2.6, with the key of B.1.4. */
    @Test
    void theExampleOfTheStandardIsVerified() {
        Ed25519 key = Ed25519.set("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
            + "\"kid\":\"test-key-ed25519\","
            + "\"x\":\"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs\"}]}")
            .values().iterator().next();
        Item input = StructuredField.dictionary("sig-b26=(\"date\" \"@method\" \"@path\" "
            + "\"@authority\" \"content-type\" \"content-length\");created=1618884473;"
            + "keyid=\"test-key-ed25519\"").get("sig-b26");
        Item signature = StructuredField.dictionary("sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2H"
            + "N6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:").get("sig-b26");
        String text = """
            "date": Tue, 20 Apr 2021 02:07:55 GMT
            "@method": POST
            "@path": /foo
            "@authority": example.com
            "content-type": application/json
            "content-length": 18
            "@signature-params":\s""" + input.written();

        byte[] bytes = Base64.getDecoder().decode(signature.value());
        assertTrue(key.verifies(text.getBytes(StandardCharsets.US_ASCII), bytes));
        assertFalse(key.verifies((text + " ").getBytes(StandardCharsets.US_ASCII), bytes));
        bytes[5] ^= 1;
        assertFalse(key.verifies(text.getBytes(StandardCharsets.US_ASCII), bytes));
    }

    /** RFC 8037, A.2 and A.3. */
    @Test
    void aKeyIsNamedByItsThumbprintAndNotByWhatItSays() {
        Map<String, Ed25519> keys = Ed25519.set("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
            + "\"kid\":\"x\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"},"
            + "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"},"
            + "{\"kty\":\"OKP\",\"crv\":\"X25519\"}]}");
        assertEquals(List.of("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
            List.copyOf(keys.keySet()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "{\"keys\":1}", "x",
        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}]}",
        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"!\"}]}"})
    void whatIsNoSetOfKeysIsRefused(String json) {
        assertThrows(IllegalArgumentException.class, () -> Ed25519.set(json));
    }

    @Test
    void aSetHasABound() {
        String key = Signing.withNewKey().jwk;
        String most = key + ("," + key).repeat(Ed25519.KEYS_MAX - 1);
        assertEquals(1, Ed25519.set("{\"keys\":[" + most + "]}").size());
        assertThrows(IllegalArgumentException.class,
            () -> Ed25519.set("{\"keys\":[" + most + "," + key + "]}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        a=("x"   "y" );b;c=?1;d=?0;e=tok   | ("x" "y");b;c;d=?0;e=tok
        a=()                               | ()
        a=007                              | 7
        a=-0                               | 0
        a="q\\"\\\\"                       | "q\\"\\\\"
        a=:AAE=:                           | :AAE=:
        a=*tok/en:x                        | *tok/en:x
        a;x=1;  y                          | ?1;x=1;y
        a=("x";p=1 "y";q);z="1"            | ("x";p=1 "y";q);z="1"
        """)
    void whatIsReadIsWrittenInOneForm(String given, String written) {
        assertEquals(written, StructuredField.dictionary(given).get("a").written());
    }

    @Test
    void namesStandInTheirOrder() {
        assertEquals(List.of("b", "a", "*c"),
            List.copyOf(StructuredField.dictionary(" b=1 ,\ta=2,*c=3 ").keySet()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a=", "a=1,", ",a=1", "a=1,,b=2", "a=1 b=2", "a=1,a=2",
        "a;x;x", "A=1", "a=(\"x\"\"y\")", "a=(\"x\"", "a=(\"x\",\"y\")", "a=((\"x\"))", "a=\"x",
        "a=\"\\x\"", "a=\"é\"", "a=\"\t\"", "a=:AA", "a=:A:", "a=:A A=:",
        "a=:AAE:", "a=:AAF=:", "a=1.5", "a=?2", "a=?",
        "a=1234567890123456", "a=-", "a=@1", "a=%\"x\"", "a=1;", "a=1;X", "a=1;x=(1)", "a=1\0"})
    void whatIsNoDictionaryIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> StructuredField.dictionary(text));
    }

    @Test
    void theLongestIsReadAndALongerOneIsNot() {
        String longest = "a=\"" + "x".repeat(StructuredField.CHARS_MAX - 4) + "\"";
        assertEquals(longest.substring(2),
            StructuredField.dictionary(longest).get("a").written());
        assertThrows(IllegalArgumentException.class,
            () -> StructuredField.dictionary(longest + " "));
    }

    /** What is read from noise is read the same from its one form. */
    @Test
    void noiseIsReadOrRefused() {
        Random random = new Random(9651);
        String alphabet = "ab*A01-.?:;,=()\"\\ \t@%/é\0";
        int read = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder("a=");
            for (int length = random.nextInt(12); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                Item item = StructuredField.dictionary(text.toString()).get("a");
                Item again = StructuredField.dictionary("a=" + item.written()).get("a");
                assertEquals(item, again, text.toString());
                read++;
            } catch (IllegalArgumentException refused) {
                continue;
            }
        }
        assertTrue(read > 500, "of all that, " + read + " were dictionaries");
    }

    @Test
    void digestsAreThoseOfTheStandard() {
        assertArrayEquals(
            Base64.getDecoder().decode("X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="),
            Ed25519.sha256("{\"hello\": \"world\"}".getBytes(StandardCharsets.US_ASCII)));
    }
}
