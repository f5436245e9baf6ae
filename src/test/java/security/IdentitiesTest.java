package security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is known by which token, and which lines are refused. */
class IdentitiesTest {

    private static String sha256(String token) {
        return "sha256:" + HexFormat.of().formatHex(Token.hash(token));
    }

    @Test
    void knowsTheBearerOfAToken() {
        Identities all = Identities.of(List.of("# who may call", "",
            "orders client:orders-* " + sha256("one"),
            "orders client:orders-* " + sha256("two"),
            "  alice   operator   " + sha256("three")));
        assertEquals("orders (client:orders-*)", all.ofToken("one").orElseThrow().toString());
        assertEquals(all.ofToken("one"), all.ofToken("two"));
        assertEquals(Role.OPERATOR, all.ofToken("three").orElseThrow().role());
        assertEquals(Optional.empty(), all.ofToken("four"));
        assertEquals(Optional.empty(), all.ofToken(""));
        assertEquals(3, all.size());
    }

    @Test
    void aClaimMayHaveBlanksAndCountsLikeOtherCredentials() {
        Identities all = Identities.of(List.of("* admin claim:Domain Admins"));
        assertEquals(1, all.size());
        assertFalse(all.hasAdmin(), "an issuer may be away");
        assertEquals(Role.ADMIN, all.ofClaims("a", List.of("Domain Admins")).role());
        assertEquals(Role.ADMIN, all.withAdmin(Token.hash("x"))
            .ofClaims("a", List.of("Domain Admins")).role());
        assertEquals(Role.NOBODY, all.ofClaims("a", List.of("domain admins")).role());
        assertThrows(IllegalArgumentException.class, () -> Identities.of(
            List.of("* admin claim:a", "* viewer claim:a")), "which one would it be?");
    }

    @Test
    void takesAnAdministratorBesides() {
        Identities all = Identities.of(List.of("a viewer " + sha256("one")))
            .withAdmin(Token.hash("admin"));
        assertEquals(Role.ADMIN, all.ofToken("admin").orElseThrow().role());
        assertEquals(Role.VIEWER, all.ofToken("one").orElseThrow().role());
    }

    @Test
    void hashesNoTokenThatIsTooLong() {
        String longest = "x".repeat(Token.CHARS_MAX);
        Identities all = Identities.of(List.of("a viewer " + sha256(longest),
            "b viewer " + sha256(longest + "x")));
        assertTrue(all.ofToken(longest).isPresent());
        assertFalse(all.ofToken(longest + "x").isPresent());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        orders                            | a line is NAME ROLE CREDENTIAL
        orders client                     | a line is NAME ROLE CREDENTIAL
        orders owner sha256:00            | there is no role "owner"
        orders nobody sha256:00           | there is no role "nobody"
        orders operator:a-* sha256:00     | only client and viewer take a scope
        orders client:a*b sha256:00       | a pattern of gids
        orders client sha256:00           | after sha256: stand 64 digits
        orders client sha256:zz           | after sha256: stand 64 digits
        orders client secret              | a credential begins with sha256:
        orders client san:                | a credential begins with sha256:
        orders client claim:              | a credential begins with sha256:
        orders client subject:no name     | improperly specified input name
        """)
    void refusesWhatIsWrongByItsLine(String line, String because) {
        var wrong = assertThrows(IllegalArgumentException.class,
            () -> Identities.of(List.of("# one", line)));
        assertTrue(wrong.getMessage().startsWith("line 2: " + because), wrong.getMessage());
    }

    /** A secret must not come into a message by a mistake of whoever writes the file. */
    @Test
    void repeatsNoCredentialInAMessage() {
        var wrong = assertThrows(IllegalArgumentException.class,
            () -> Identities.of(List.of("orders client pactor_verySecret")));
        assertFalse(wrong.getMessage().contains("verySecret"), wrong.getMessage());
    }

    @Test
    void refusesTheSameCredentialTwice() {
        String line = "a viewer " + sha256("one");
        var wrong = assertThrows(IllegalArgumentException.class,
            () -> Identities.of(List.of(line, "b client " + sha256("one"))));
        assertEquals("line 2: this credential stands there already", wrong.getMessage());
    }

    @Test
    void hasBounds() {
        String name = "n".repeat(Identities.NAME_CHARS_MAX);
        assertEquals(1, Identities.of(List.of(name + " viewer " + sha256("a"))).size());
        assertThrows(IllegalArgumentException.class,
            () -> Identities.of(List.of(name + "n viewer " + sha256("a"))));
        List<String> most = new ArrayList<>();
        for (int i = 0; i < Lines.MOST; i++) {
            most.add("a viewer " + sha256("token " + i));
        }
        assertEquals(Lines.MOST, Identities.of(most).size());
        most.add("a viewer " + sha256("one more"));
        assertThrows(IllegalArgumentException.class, () -> Identities.of(most));
    }

    @Test
    void tokensAreLongAndNeverTheSame() {
        String token = Token.make();
        assertTrue(token.matches(Token.PREFIX + "[A-Za-z0-9_-]{43}"), token);
        assertFalse(token.equals(Token.make()));
    }
}
