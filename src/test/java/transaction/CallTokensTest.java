package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token is good for one operation of one transaction, and nobody else can make it. */
class CallTokensTest {

    private static final Instant OPENED = Instant.parse("2026-03-01T12:00:00.123456Z");
    private static final CallKey KEY = new CallKey("01", Op.ACTION);

    private final CallTokens tokens = new CallTokens(new byte[CallTokens.KEY_BYTES]);

    @Test
    void itTellsWhenItsTransactionWasOpened() {
        String token = tokens.of("g", KEY, OPENED);

        assertEquals(Optional.of(OPENED), tokens.openedAt(token, "g", KEY));
        assertEquals(token, tokens.of("g", KEY, OPENED), "each attempt has the same");
        assertEquals(32, token.length());
    }

    @Test
    void itIsGoodForNothingElse() {
        String token = tokens.of("g", KEY, OPENED);

        assertEquals(Optional.empty(), tokens.openedAt(token, "h", KEY));
        for (CallKey other : List.of(new CallKey("02", Op.ACTION),
                new CallKey("01", Op.COMPENSATE))) {
            assertEquals(Optional.empty(), tokens.openedAt(token, "g", other));
        }
        byte[] key = new byte[CallTokens.KEY_BYTES];
        key[31] = 1;
        assertEquals(Optional.empty(), new CallTokens(key).openedAt(token, "g", KEY));
        assertNotEquals(token, tokens.of("g", KEY, OPENED.plusNanos(1_000)));
    }

    @Test
    void noBitOfItCanBeChanged() {
        byte[] token = Base64.getUrlDecoder().decode(tokens.of("g", KEY, OPENED));
        for (int bit = 0; bit < 8 * token.length; bit++) {
            token[bit / 8] ^= (byte) (1 << bit % 8);
            String forged = Base64.getUrlEncoder().withoutPadding().encodeToString(token);
            assertEquals(Optional.empty(), tokens.openedAt(forged, "g", KEY), "bit " + bit);
            token[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    /** The same letters, cut in another way. */
    @Test
    void textsDoNotRunTogether() {
        String token = tokens.of("bc", new CallKey("a", Op.ACTION), OPENED);

        assertEquals(Optional.empty(),
            tokens.openedAt(token, "c", new CallKey("ab", Op.ACTION)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "not base64!", "AAAA", "ü"})
    void whatIsNoTokenIsNone(String text) {
        assertEquals(Optional.empty(), tokens.openedAt(text, "g", KEY));
    }

    @Test
    void aKeyHasItsLength() {
        assertThrows(IllegalArgumentException.class,
            () -> new CallTokens(new byte[CallTokens.KEY_BYTES - 1]));
        assertThrows(IllegalArgumentException.class,
            () -> new CallTokens(new byte[CallTokens.KEY_BYTES + 1]));
    }
}
