package signature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the standards give as examples comes out byte for byte. */
class VectorsTest {

    /** RFC 9421, B.2.6. */
    @Test
    void theExampleOfTheStandardIsSignedAsItIsThere() {
        Map<String, String> components = new LinkedHashMap<>();
        components.put("date", "Tue, 20 Apr 2021 02:07:55 GMT");
        components.put("@method", "POST");
        components.put("@path", "/foo");
        components.put("@authority", "example.com");
        components.put("content-type", "application/json");
        components.put("content-length", "18");
        Message message = new Message(components);
        String parameters = message.names() + ";created=1618884473;keyid=\"test-key-ed25519\"";

        assertEquals("""
            "date": Tue, 20 Apr 2021 02:07:55 GMT
            "@method": POST
            "@path": /foo
            "@authority": example.com
            "content-type": application/json
            "content-length": 18
            "@signature-params": ("date" "@method" "@path" "@authority" "content-type" \
            "content-length");created=1618884473;keyid="test-key-ed25519\"""",
            message.text(parameters));
        assertEquals(":wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lI"
            + "p5WPpBKRCw==:", StructuredText.bytes(SigningKeys.of(Rfc.ED25519).newest()
                .sign(message.text(parameters).getBytes(StandardCharsets.US_ASCII))));
    }

    /** RFC 9530, B.1, and RFC 9421, 1.2. */
    @ParameterizedTest
    @CsvSource({
        "'{\"hello\": \"world\"}',    :X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
        "'{\"hello\": \"world\"}\n', :RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"})
    void aDigestIsThatOfTheStandard(String content, String digest) {
        assertEquals(digest, StructuredText.bytes(
            SigningKey.sha256(content.getBytes(StandardCharsets.US_ASCII))));
    }

    /** RFC 8037, A.2 and A.3. */
    @Test
    void aKeysNameIsItsThumbprint() {
        SigningKey key = SigningKeys.of(Rfc.RFC_8037).newest();

        assertEquals("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", key.id());
        assertTrue(key.jwk().contains("\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\""));
    }

    /** RFC 9421, B.1.4: its public part. */
    @Test
    void thePublicPartIsFoundFromThePrivateOne() {
        assertTrue(SigningKeys.of(Rfc.ED25519).newest().jwk()
            .contains("\"x\":\"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs\""));
    }
}
