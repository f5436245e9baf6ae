package security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import security.AddressRule.Listener;

/** Who is let in: by a token, by a rule, or not. */
class AccessTest {

    private final AtomicReference<Identities> identities = new AtomicReference<>(
        Identities.of(List.of("orders client:orders-* sha256:"
            + HexFormat.of().formatHex(Token.hash("right")))));
    private final List<AddressRule> rules = new ArrayList<>();
    private final Access access = new Access(true, identities::get, () -> rules);

    private Access.Found found(String address, String authorization) {
        return found(access, address, authorization);
    }

    private static Access.Found found(Access access, String address, String authorization) {
        try {
            return access.find(Listener.HTTP, Peer.plain(InetAddress.getByName(address)),
                authorization);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private static String caller(Access.Found found) {
        return found instanceof Access.Known known ? known.caller().toString()
            : ((Access.Unknown) found).reason();
    }

    @Test
    void theBearerOfATokenIsKnown() {
        assertEquals("orders (client:orders-*)", caller(found("10.0.0.1", "Bearer right")));
        assertEquals("orders (client:orders-*)", caller(found("10.0.0.1", "bearer  right ")));
    }

    @Test
    void othersAreNot() {
        assertEquals(Access.WRONG, caller(found("10.0.0.1", "Bearer wrong")));
        assertEquals(Access.WRONG, caller(found("10.0.0.1", "Bearer ")));
        assertEquals(Access.WRONG, caller(found("10.0.0.1", "Basic cmlnaHQ=")));
        assertEquals(Access.WRONG, caller(found("10.0.0.1", "right")));
        assertEquals(Access.MISSING, caller(found("10.0.0.1", "")));
    }

    @Test
    void theFirstRuleThatFitsDecides() {
        rules.add(AddressRule.of("any 10.0.0.66 any reject"));
        rules.add(AddressRule.of("any 10.0.0.0/8 any client:old-*"));
        rules.add(AddressRule.of("any any any viewer"));
        assertEquals("10.0.0.0/8 (client:old-*)", caller(found("10.0.0.1", "")));
        assertEquals("any (viewer)", caller(found("192.0.2.1", "")));
        assertEquals("the rules reject this address", caller(found("10.0.0.66", "")));
    }

    /** Whoever says who they are is that, or nobody. */
    @Test
    void noRuleLetsInAWrongToken() {
        rules.add(AddressRule.of("any any any admin"));
        assertEquals(Access.WRONG, caller(found("10.0.0.1", "Bearer wrong")));
    }

    @Test
    void aTokenThatIsTakenAwayIsWrongAtOnce() {
        identities.set(Identities.NONE);
        assertEquals(Access.WRONG, caller(found("10.0.0.1", "Bearer right")));
    }

    @Test
    void whereNobodyHasToBeKnownEverybodyIsAnAdministrator() {
        assertEquals(new Access.Known(Caller.LOCAL, Access.How.NONE),
            found(Access.OPEN, "127.0.0.1", ""));
        assertEquals(new Access.Known(Caller.LOCAL, Access.How.NONE),
            found(Access.OPEN, "127.0.0.1", "Bearer of something else"));
        Access open = new Access(false, identities::get, List::of);
        assertEquals("orders (client:orders-*)", caller(found(open, "127.0.0.1", "Bearer right")));
    }

    @Test
    void tooManyWrongTokensAreToldApart() {
        for (int i = 0; i < FailedAttempts.MOST; i++) {
            assertFalse(((Access.Unknown) found("10.0.0.1", "Bearer " + i)).tooOften());
        }
        assertTrue(((Access.Unknown) found("10.0.0.1", "Bearer x")).tooOften());
        assertFalse(((Access.Unknown) found("10.0.0.2", "Bearer x")).tooOften());
    }

    /** A stranger behind the same address must not shut out those who have a token. */
    @Test
    void aRightTokenIsNeverKeptOut() {
        for (int i = 0; i < 5 * FailedAttempts.MOST; i++) {
            found("10.0.0.1", "Bearer " + i);
        }
        assertEquals("orders (client:orders-*)", caller(found("10.0.0.1", "Bearer right")));
    }

    @Test
    void anIssuerIsAskedAboutTokensThatAreNotKnown() {
        identities.set(Identities.of(List.of("* viewer claim:on call",
            "* client:orders-* claim:orders-team", "* admin claim:admins",
            "orders client sha256:" + HexFormat.of().formatHex(Token.hash("right")))));
        Access asking = new Access(true, identities::get, () -> rules, token -> switch (token) {
            case "right" -> throw new IllegalStateException("it is known");
            case "alice" -> new TokenIssuer.Bearer("alice", List.of("admins", "orders-team"));
            case "bob" -> new TokenIssuer.Bearer("bob", List.of("lunch", "on call"));
            case "carol" -> new TokenIssuer.Bearer("carol", List.of());
            case "later" -> new TokenIssuer.Unsure("the keys have not been read yet");
            default -> new TokenIssuer.Wrong("expired");
        }, (listener, peer) -> { });
        rules.add(AddressRule.of("any any any admin"));
        assertEquals("orders (client)", caller(found(asking, "10.0.0.1", "Bearer right")));
        assertEquals("alice (client:orders-*)", caller(found(asking, "10.0.0.1", "bearer alice")),
            "the first line that fits decides");
        assertEquals("bob (viewer)", caller(found(asking, "10.0.0.1", "Bearer bob")));
        assertEquals("carol (nobody)", caller(found(asking, "10.0.0.1", "Bearer carol")));
        assertEquals(new Access.Unsure("the keys have not been read yet"),
            found(asking, "10.0.0.1", "Bearer later"));
        assertEquals(Access.WRONG, caller(found(asking, "10.0.0.1", "Bearer old")),
            "why is for the log");
        assertEquals(Access.WRONG, caller(found(asking, "10.0.0.1", "Basic alice")));
        assertEquals(Access.WRONG,
            caller(found(asking, "10.0.0.1", "Bearer " + "x".repeat(Token.CHARS_MAX + 1))));
    }

    @Test
    void whoIsKnownToTheIssuerAloneMayDoNothing() {
        Caller carol = Identities.NONE.ofClaims("carol", List.of("team"));
        assertTrue(carol.isNamed());
        for (Permission each : Permission.values()) {
            assertEquals(each == Permission.NONE, carol.may(each), each.text());
        }
    }
}
