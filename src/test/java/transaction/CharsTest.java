package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CharsTest {

    private static final String FACE = new String(Character.toChars(0x1F600));

    @Test
    void pairsOfSurrogatesAreOneCodePointAndLoneOnesAreSeen() {
        List<Integer> seen = new ArrayList<>();

        assertTrue(Chars.all("a" + FACE + "\ud83d", seen::add));

        assertEquals(List.of((int) 'a', 0x1F600, 0xd83d), seen);
    }

    @Test
    void oneDecides() {
        assertTrue(Chars.all("123", Character::isDigit));
        assertFalse(Chars.all("12x", Character::isDigit));
        assertTrue(Chars.none("abc", Character::isDigit));
        assertFalse(Chars.none("ab1", Character::isDigit));
    }

    @Test
    void anIntegerIsInAsciiDigits() {
        for (String each : List.of("0", "-7", "007", "99999999999999999999")) {
            assertTrue(Chars.isInteger(each), each);
        }
        for (String each : List.of("", "-", "+5", "--1", "1 ", "1.0", "\u0661", "1\uff11", "a")) {
            assertFalse(Chars.isInteger(each), each);
        }
    }

    @Test
    void anEmptyTextHasNothingWrong() {
        assertTrue(Chars.all("", c -> false));
        assertTrue(Chars.none("", c -> true));
    }
}
