package encryption;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two vectors of c2sp.org/XAES-256-GCM: of keys with and without a carry in their subkey. */
class XaesTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
        1, '',                     ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271
        3, 'c2sp.org/XAES-256-GCM', 986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d
        """)
    void itIsTheAlgorithmThatIsPublished(byte each, String associated, String expected) {
        byte[] secret = new byte[Key.BYTES];
        Arrays.fill(secret, each);
        Key key = Key.of("k", secret);
        byte[] nonce = "ABCDEFGHIJKLMNOPQRSTUVWX".getBytes(StandardCharsets.US_ASCII);
        byte[] text = "XAES-256-GCM".getBytes(StandardCharsets.US_ASCII);
        byte[][] more = {associated.getBytes(StandardCharsets.US_ASCII)};

        byte[] sealed = new byte[text.length + Xaes.TAG_BYTES];
        Xaes.encrypt(key, nonce, text, more, sealed, 0);

        assertEquals(expected, HexFormat.of().formatHex(sealed));
        assertArrayEquals(text, Xaes.decrypt(key, nonce, sealed, 0, more));
    }
}
