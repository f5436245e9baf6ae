package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.InvalidRequest;

/** A team's cursor leads on, on each node, and tells no number of a row. */
class CursorSealTest {

    private static final Cursor CURSOR = new Cursor(1_772_366_400_123_456L, 4_711);

    private final CursorSeal seal = new CursorSeal(new byte[32]);

    @Test
    void itComesBackAsItWasOnEachNode() {
        String text = seal.text("orders", CURSOR);

        assertEquals(CURSOR, new CursorSeal(new byte[32]).parse("orders", text));
        assertEquals(new Cursor(Long.MAX_VALUE, Long.MAX_VALUE), seal.parse("orders", ""));
    }

    @Test
    void nothingOfItCanBeRead() {
        String text = seal.text("orders", CURSOR);
        String next = seal.text("orders", new Cursor(CURSOR.openedAt(), CURSOR.id() + 1));

        assertEquals(22, text.length());
        assertFalse(text.substring(0, 4).equals(next.substring(0, 4)), text + " " + next);
        assertThrows(InvalidRequest.class, () -> seal.parse("orders", CURSOR.text()));
    }

    @Test
    void thatOfDefaultIsAsBefore() {
        assertEquals(CURSOR.text(), seal.text("default", CURSOR));
        assertEquals(CURSOR, seal.parse("default", CURSOR.text()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAA", "ü"})
    void whatIsNoneIsRefused(String text) {
        assertThrows(InvalidRequest.class, () -> seal.parse("orders", text));
    }
}
