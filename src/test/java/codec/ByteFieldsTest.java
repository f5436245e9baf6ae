package codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.Bytes;

/** Numbers, texts and times as bytes, at their ends, and what is no fields. */
class ByteFieldsTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 63, 64, -64, -65, 1L << 31, Long.MAX_VALUE, Long.MIN_VALUE})
    void aNumberOfAnySize(long number) {
        assertEquals(number, read(new ByteFields().number(9, "", number)).number(9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ü\u2028\ud83d\ude00", "half \ud83d", "\udc00 half",
        "\ufffd", "\ufffd\ud83d\ufffd", "\u0000"})
    void anyText(String text) {
        assertEquals(text, read(new ByteFields().text(1, "", text)).text(1));
        assertEquals(List.of(text, ""),
            read(new ByteFields().texts(1, "", List.of(text, ""))).texts(1));
    }

    @Test
    void usualTextIsUtf8() {
        assertArrayEquals("ü\ud83d\ude00".getBytes(StandardCharsets.UTF_8),
            Texts.encoded("ü\ud83d\ude00"));
    }

    @Test
    void anyMoment() {
        Instant whole = Instant.parse("2026-03-01T12:00:00.5Z");
        for (Instant at : List.of(whole, whole.plusNanos(1), whole.minusNanos(600_000_000),
                Instant.EPOCH, Instant.MIN, Instant.MAX)) {
            FieldReader from = read(new ByteFields().at(whole).instant(1, "", at)
                .moment(2, "", at)).at(whole);
            assertEquals(at, from.instant(1));
            assertEquals(at, from.moment(2));
        }
        assertEquals(null, read(new ByteFields().instant(1, "", null)).instant(1));
        assertEquals(2, ((ByteFields) new ByteFields().at(whole).instant(1, "", whole)).size());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 1_500_000_000, Long.MAX_VALUE})
    void anyDuration(long nanos) {
        Duration time = Duration.ofNanos(nanos);
        assertEquals(time, read(new ByteFields().duration(1, "", time)).duration(1));
    }

    @Test
    void whatIsLongLiesInPiecesOfTheSizeThatIsAskedFor() {
        byte[] large = new byte[1_000_003];
        new Random(1).nextBytes(large);
        ByteFields to = new ByteFields();
        to.text(1, "", "before").record(2, "", "", (inner, nothing) -> inner
            .bytes(1, "", Bytes.of(large)).text(2, "", "within")).text(3, "", "after");

        for (int size : new int[] {1, 1_000, 64 << 10, 2_000_000}) {
            List<byte[]> pieces = to.toPieces(size);
            assertTrue(pieces.stream().limit(pieces.size() - 1)
                .allMatch(each -> each.length == size));
            FieldReader from = new FieldReader(Content.of(pieces));
            assertEquals("before", from.text(1));
            assertEquals("after", from.text(3));
            assertEquals(Bytes.of(large), from.record(2, inner -> inner.bytes(1)));
            assertEquals("within", from.record(2, inner -> inner.text(2)));
        }
        assertEquals("after", new FieldReader(to.toBytes()).text(3));
        assertEquals(List.of(), new ByteFields().toPieces(8));
    }

    @Test
    void ofWhatIsThereTwiceTheLastCounts() {
        assertEquals("b", read(new ByteFields().text(1, "", "a").text(1, "", "b")).text(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "03", // A length that is not there.
        "0305", // More than there is.
        "02", // A number that is not there.
        "0280", // A number that does not end.
        "0280808080808080808080801", // One that is too long.
        "03ffffffffffffffffff01", // A length below zero.
        "ffffffffff7f00"}) // A number of a field that is too large.
    void whatIsNoFieldsIsRefused(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.length() % 2 == 0 ? hex : hex + "0");
        assertThrows(RuntimeException.class, () -> new FieldReader(bytes));
    }

    @Test
    void aFieldOfAnotherFormIsRefused() {
        assertThrows(IllegalArgumentException.class,
            () -> read(new ByteFields().text(1, "", "7")).number(1));
        assertThrows(IllegalArgumentException.class,
            () -> read(new ByteFields().number(1, "", 7)).text(1));
    }

    @Test
    void piecesOfAnotherLengthAreRefused() {
        assertThrows(IllegalArgumentException.class,
            () -> Content.of(List.of(new byte[3], new byte[2], new byte[3])));
        assertThrows(IllegalArgumentException.class,
            () -> Content.of(List.of(new byte[3], new byte[4])));
    }

    private static FieldReader read(FieldWriter to) {
        return new FieldReader(((ByteFields) to).toBytes());
    }
}
