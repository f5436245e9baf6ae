package signature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a call is signed with. */
class CallSignerTest {

    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00.9Z");

    private final SigningKey key = SigningKey.make();
    private final CallSigner signer = new CallSigner(() -> key, Clock.fixed(NOW, ZoneOffset.UTC));
    private final Proof proof =
        new Proof(new String(new SigningKeys(List.of(key)).published(), StandardCharsets.UTF_8));

    private static CallSigner.Call call(boolean isSecure, String authority) {
        return CallSigner.Call.of("POST", isSecure, authority, "/p", "gid=g", Map.of());
    }

    @Test
    void aSignatureSaysWhatItCoversAndForHowLong() {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = signer.sign(call(false, "h:1"), body);
        Proof.Signed signed = proof.of("POST", "/p?gid=g",
            name -> name.equals("host") ? "h:1" : headers.get(name), body);
        assertEquals(List.of("@method", "@authority", "@path", "@query", "content-digest"),
            signed.components());
        assertEquals(Set.of("created", "expires", "keyid", "nonce", "tag"),
            signed.parameters().keySet());
        assertEquals("1796126400", signed.parameters().get("created"));
        assertEquals("1796126700", signed.parameters().get("expires"));
        assertEquals("\"pactor-call\"", signed.parameters().get("tag"));
        assertEquals(key.id(), signed.keyId());
    }

    /** What is signed is what the host header says, without the port that goes without saying. */
    @ParameterizedTest
    @CsvSource({"false,h,h", "false,H:80,h", "false,h:443,h:443", "true,h:443,h", "true,h:80,h:80",
        "false,[::1]:80,[::1]", "false,[::1],[::1]", "false,h:8080,h:8080"})
    void theAuthorityIsInItsOneForm(boolean isSecure, String host, String signed) {
        assertEquals(signed, call(isSecure, host).authority());
    }

    @Test
    void eachAttemptHasASignatureOfItsOwn() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            seen.add(signer.sign(call(false, "h")).get("signature"));
        }
        seen.add(new CallSigner(() -> key, Clock.fixed(NOW, ZoneOffset.UTC))
            .sign(call(false, "h")).get("signature"));
        assertEquals(301, seen.size());
    }

    @Test
    void withoutAKeyNothingIsSigned() {
        assertFalse(CallSigner.NONE.isOn());
        assertTrue(signer.isOn());
        assertEquals(Map.of(), CallSigner.NONE.sign(call(false, "h")));
    }

    /** A line more would be a component more. */
    @ParameterizedTest
    @CsvSource({"'a\nb'", "'a\rb'"})
    void nobodyWritesALineIntoWhatIsSigned(String value) {
        assertThrows(IllegalArgumentException.class,
            () -> new Message(Map.of("dtm-gid", value)).text("()"));
        assertThrows(IllegalArgumentException.class, () -> StructuredText.string(value));
        assertThrows(IllegalArgumentException.class, () -> StructuredText.string("é"));
        assertEquals("\"a\\\"b\\\\\"", StructuredText.string("a\"b\\"));
    }
}
