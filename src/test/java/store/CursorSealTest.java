package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
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

    /** Also in default: the last row that was read may be one that its reader does not see. */
    @Test
    void aGidIsSealedInEachNamespace() {
        for (String namespace : new String[] {"default", "orders"}) {
            String text = seal.textOfGid(namespace, "payroll-7");

            assertEquals(text, new CursorSeal(new byte[32]).textOfGid(namespace, "payroll-7"));
            assertEquals("payroll-7", seal.parseGid(namespace, text));
            assertEquals("", seal.parseGid(namespace, ""));
            assertFalse(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8)
                .contains("payroll"));
            for (String none : new String[] {"gid:payroll-7", "payroll-7", "AAAA", "ü",
                    text.substring(1), seal.text("orders", CURSOR)}) {
                assertThrows(InvalidRequest.class, () -> seal.parseGid(namespace, none), none);
            }
            assertThrows(InvalidRequest.class, () -> seal.parseGid("stock", text));
        }
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
