package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gid and its namespace as one text, which is the gid itself where there is no other one. */
class TransactionIdTest {

    private static final Instant OPENED = Instant.parse("2026-03-01T12:00:00Z");
    private static final CallKey KEY = new CallKey("01", Op.ACTION);

    @Test
    void inTheDefaultNamespaceItIsTheGid() {
        assertEquals("g/1", new TransactionId("default", "g/1").text());
        assertEquals(new TransactionId("default", "g/1"), TransactionId.parse("g/1"));
        assertEquals("orders\tg/1", new TransactionId("orders", "g/1").text());
        assertEquals(new TransactionId("orders", "g/1"), TransactionId.parse("orders\tg/1"));
        assertEquals("g/1", TransactionId.gidOf("orders\tg/1"));
        assertEquals("orders", TransactionId.namespaceOf("orders\tg/1"));
        assertEquals("default", TransactionId.namespaceOf("g/1"));
    }

    @Test
    void namespaceAndGidHaveTheirOwnBounds() {
        String longest = "n".repeat(Limits.NAMESPACE_CHARS) + "\t" + "g".repeat(Limits.GID_CHARS);
        TransactionId.check(longest);
        assertEquals(TransactionId.CHARS, longest.length());
        assertThrows(InvalidRequest.class, () -> TransactionId.check("n" + longest));
        assertThrows(InvalidRequest.class, () -> TransactionId.check(longest + "g"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\tg", "a b\tg", "a/b\tg", "*\tg", "ü\tg", "a\tb\tg", "a\t", "\t",
        "a\tg\n"})
    void whatCanBeNoIdIsRefused(String text) {
        assertThrows(InvalidRequest.class, () -> TransactionId.check(text));
    }

    /** What was a gid before there were namespaces is one still, whatever stands in it. */
    @Test
    void noClientCanWriteTheIdOfAnother() {
        for (String gid : new String[] {"a;b", "a/b", "a.b", "a:b", "a|b"}) {
            Submission.checkGid(gid);
            assertEquals("default", TransactionId.namespaceOf(gid));
        }
        assertThrows(InvalidRequest.class, () -> Submission.checkGid("orders\tg"));
    }

    @Test
    void aSubmissionIsOfOneNamespace() {
        Submission asked = Submission.bare("g", Mode.TCC);
        Submission theirs = asked.in("orders");

        assertEquals("orders\tg", theirs.gid());
        assertEquals("g", theirs.ownGid());
        assertEquals("orders", theirs.checked().context().namespace());
        assertEquals(asked, asked.in("default"));
        Submission torn = new Submission("orders\tg", Mode.TCC, asked.steps(), "", Protocol.HTTP,
            "", Details.PLAIN, Options.NONE);
        assertThrows(InvalidRequest.class, torn::checked);
    }

    /** A participant knows the gid alone, so its token knows the rest. */
    @Test
    void aTokenKnowsItsNamespaceAndIsGoodInNoOther() {
        CallTokens tokens = new CallTokens(new byte[CallTokens.KEY_BYTES]);
        String token = tokens.of("orders\tg", KEY, OPENED);

        assertEquals("orders\tg", CallTokens.idOf(token, "g"));
        assertEquals(Optional.of(OPENED), tokens.openedAt(token, "orders\tg", KEY));
        assertEquals("g", CallTokens.idOf(tokens.of("g", KEY, OPENED), "g"));
        String forged = token.replace(".orders", ".stock");
        assertNotEquals(token, forged);
        assertEquals("stock\tg", CallTokens.idOf(forged, "g"));
        assertEquals(Optional.empty(), tokens.openedAt(forged, "stock\tg", KEY));
        String bare = token.replace(".orders", "");
        assertEquals(Optional.empty(), tokens.openedAt(bare, CallTokens.idOf(bare, "g"), KEY));
    }

    @Test
    void attributesThatFollowKeepTheNamespace() {
        Context context = Context.of(Map.of("a", "1")).in("orders");

        assertEquals("orders", context.overruledBy(Map.of("b", "2")).namespace());
        assertEquals(Map.of("b", "2"), context.overruledBy(Map.of("b", "2")).attributes());
    }
}
