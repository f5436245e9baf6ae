package encryption;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {

    private static final byte[] HERE = bytes("here");

    private final Key one = key("k1", 1);
    private final Keys keys = Keys.of(one);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 65_536})
    void whatWasSealedComesBack(int length) {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) 'x');
        byte[] sealed = Envelope.seal(one, content, HERE);

        assertArrayEquals(content, Envelope.open(keys, sealed, HERE));
        assertTrue(sealed.length <= length + Envelope.EXTRA_BYTES);
        assertEquals("k1", Envelope.keyName(sealed));
    }

    @Test
    void eachBitCounts() {
        byte[] sealed = Envelope.seal(one, bytes("amount 30"), HERE);
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] other = sealed.clone();
            other[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(Undecipherable.class, () -> Envelope.open(keys, other, HERE),
                "bit " + bit);
        }
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertThrows(Undecipherable.class, () -> Envelope.open(keys, cut, HERE));
        }
        byte[] longer = Arrays.copyOf(sealed, sealed.length + 1);
        assertThrows(Undecipherable.class, () -> Envelope.open(keys, longer, HERE));
    }

    @Test
    void itOpensInItsPlaceAlone() {
        byte[] sealed = Envelope.seal(one, bytes("amount 30"), HERE);

        String said = assertThrows(Undecipherable.class,
            () -> Envelope.open(keys, sealed, bytes("there"))).getMessage();

        assertEquals("not what was written in this place with key k1", said);
    }

    @Test
    void aMissingKeyIsNamedAndAnotherOfItsNameIsNoHelp() {
        byte[] sealed = Envelope.seal(one, bytes("amount 30"), HERE);

        assertEquals("encrypted with key k1, which is not among the keys"
            + " (pactor.store.encryption.keys-file)", assertThrows(Undecipherable.class,
                () -> Envelope.open(Keys.of(key("k2", 1)), sealed, HERE)).getMessage());
        assertEquals("not what was written in this place with key k1",
            assertThrows(Undecipherable.class,
                () -> Envelope.open(Keys.of(key("k1", 2)), sealed, HERE)).getMessage());
    }

    /** Two of the same would tell that their contents are. */
    @Test
    void noTwoAreAlike() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            byte[] sealed = Envelope.seal(one, bytes("same"), HERE);
            assertTrue(seen.add(Base64.getEncoder().encodeToString(sealed)));
        }
    }

    @Test
    void keysAreReadFromLines() {
        Keys read = Keys.parse(List.of("# of March", "", line("k2", 2), " " + line("k1", 1)));

        assertEquals(List.of("k2", "k1"), read.names());
        assertEquals("k2", read.current().orElseThrow().name());
        assertTrue(read.find("k1").orElseThrow().isSame(one));
        assertEquals("key k1", one.toString());
        assertFalse(one.isSame(key("k1", 2)));
        assertFalse(one.isSame(key("k2", 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"k1", "k1 AAAA", "k1 %%%%", "K1 ", "k1=", "a/b ", "k1  x y"})
    void aWrongLineIsToldByItsNumberAndNothingOfIt(String begin) {
        String line = begin.endsWith(" ") ? line(begin.strip(), 1) : begin;

        assertEquals("line 2 is not a name and, in base64, 32 bytes", assertThrows(
            IllegalArgumentException.class, () -> Keys.parse(List.of("", line))).getMessage());
    }

    @Test
    void thereIsOneKeyAtLeastAndEachNameStandsForOne() {
        assertThrows(IllegalArgumentException.class, () -> Keys.parse(List.of("# none")));
        assertThrows(IllegalArgumentException.class, () -> Keys.of(one, key("k1", 2)));
        Key[] most = new Key[Keys.COUNT_MAX];
        Arrays.setAll(most, i -> key("k" + i, i));
        assertEquals(Keys.COUNT_MAX, Keys.of(most).names().size());
        Key[] more = Arrays.copyOf(most, most.length + 1);
        more[most.length] = key("more", 1);
        assertThrows(IllegalArgumentException.class, () -> Keys.of(more));
        Key.of("n".repeat(Key.NAME_CHARS), new byte[Key.BYTES]);
        for (String name : List.of("", "n".repeat(Key.NAME_CHARS + 1))) {
            assertThrows(IllegalArgumentException.class,
                () -> Key.of(name, new byte[Key.BYTES]));
        }
        for (int length : new int[] {Key.BYTES - 1, Key.BYTES + 1}) {
            assertThrows(IllegalArgumentException.class, () -> Key.of("k", new byte[length]));
        }
    }

    @Test
    void keysThatWereThereStayToRead() {
        Keys now = Keys.of(key("k2", 2)).after(keys);

        assertEquals(List.of("k2", "k1"), now.names());
        assertEquals("key k1 is not the key that had this name before; a new key needs a new name",
            assertThrows(IllegalArgumentException.class,
                () -> Keys.of(key("k1", 2)).after(keys)).getMessage());
    }

    private static String line(String name, int each) {
        byte[] secret = new byte[Key.BYTES];
        Arrays.fill(secret, (byte) each);
        return name + " " + Base64.getEncoder().encodeToString(secret);
    }

    private static Key key(String name, int each) {
        return Key.of(name, Base64.getDecoder().decode(line(name, each).split(" ")[1]));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
