package security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import transaction.Mode;

/** Which transactions a scope covers, and what cannot be one. */
class ScopeTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        *                  | anything     | true
        orders-*           | orders-1     | true
        orders-*           | orders-      | true
        orders-*           | orders       | false
        orders-*           | Orders-1     | false
        orders-*           | x-orders-1   | false
        orders-*,stock-*   | stock-7      | true
        orders-1           | orders-1     | true
        orders-1           | orders-11    | false
        """)
    void coversGids(String scope, String gid, boolean covered) {
        assertEquals(covered, Scope.of(scope).covers(gid));
    }

    @Test
    void coversModes() {
        Scope scope = Scope.of("orders-*:saga,tcc");
        assertTrue(scope.covers(Mode.SAGA));
        assertFalse(scope.covers(Mode.XA));
        assertTrue(Scope.of("orders-*").covers(Mode.XA));
        assertEquals("orders-*:saga,tcc", scope.text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ''           | a pattern of gids
        a*b          | a pattern of gids
        **           | a pattern of gids
        a,,b         | a pattern of gids
        a:saga:tcc   | a scope is
        a:sage       | there is no mode "sage"
        a:           | there is no mode ""
        """)
    void refusesWhatIsNone(String text, String because) {
        var wrong = assertThrows(IllegalArgumentException.class, () -> Scope.of(text));
        assertTrue(wrong.getMessage().startsWith(because), wrong.getMessage());
    }

    @Test
    void hasBounds() {
        String most = "a*" + ",a*".repeat(Scope.PATTERNS_MAX - 1);
        assertEquals(Scope.PATTERNS_MAX, Scope.of(most).gids().size());
        assertThrows(IllegalArgumentException.class, () -> Scope.of(most + ",a*"));
        String longest = "x".repeat(Scope.PATTERN_CHARS_MAX);
        assertTrue(Scope.of(longest).covers(longest));
        assertThrows(IllegalArgumentException.class, () -> Scope.of(longest + "x"));
    }

    @Test
    void isAllOnlyIfNothingIsLeftOut() {
        assertTrue(Scope.ALL.isAll());
        assertTrue(Scope.of("orders-*,*").isAll());
        assertFalse(Scope.of("orders-*").isAll());
        assertFalse(Scope.of("*:saga").isAll());
    }
}
