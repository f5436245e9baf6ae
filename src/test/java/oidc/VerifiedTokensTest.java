package oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.stream.Stream;
import oidc.TestIssuer.SigningKey;
import org.junit.jupiter.api.Test;

/** What is remembered of tokens lets in no other token, and none whose key is gone. */
class VerifiedTokensTest {

    private static final SigningKey ONE = TestIssuer.key("one", "EdDSA");
    private static final SigningKey TWO = TestIssuer.key("one", "EdDSA");

    private static final int MOST = 3;

    private final VerifiedTokens verified = new VerifiedTokens(MOST);

    private static VerifyingKey verifying(SigningKey key) {
        return VerifyingKey.of(key.jwk()).orElseThrow();
    }

    private static String token(SigningKey key, String subject) {
        return TestIssuer.sign(key, new JWTClaimsSet.Builder().subject(subject).build());
    }

    private boolean isSigned(String text, SigningKey... keys) {
        try {
            return verified.isSigned(text, SignedJWT.parse(text),
                Stream.of(keys).map(VerifiedTokensTest::verifying).toList());
        } catch (ParseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void aKeyThatIsGoneHasSignedNothing() {
        String token = token(ONE, "a");
        assertTrue(isSigned(token, ONE));
        assertTrue(isSigned(token, ONE), "and so it is the next time");
        assertFalse(isSigned(token, TWO), "the key of that name is another one now");
        assertFalse(isSigned(token));
        assertTrue(isSigned(token, TWO, ONE));
    }

    @Test
    void onlyTheWholeTokenIsRemembered() {
        String token = token(ONE, "a");
        assertTrue(isSigned(token, ONE));
        String[] other = token(ONE, "b").split("\\.");
        String[] parts = token.split("\\.");
        assertFalse(isSigned(other[0] + "." + other[1] + "." + parts[2], ONE));
        assertFalse(isSigned(parts[0] + "." + parts[1] + "." + other[2], ONE));
        assertEquals(1, verified.size());
    }

    @Test
    void whatNobodyHasSignedIsNotRemembered() {
        assertFalse(isSigned(token(TWO, "a"), ONE));
        assertEquals(0, verified.size());
    }

    @Test
    void noMoreAreRememberedThanTheBound() {
        for (int i = 0; i < MOST; i++) {
            assertTrue(isSigned(token(ONE, "s" + i), ONE));
            assertEquals(i + 1, verified.size());
        }
        assertTrue(isSigned(token(ONE, "one more"), ONE));
        assertEquals(MOST, verified.size());
    }
}
