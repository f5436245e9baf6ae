package security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SessionsTest {

    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
    private static final byte[] KEY = key(1);

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final AtomicReference<Identities> known =
        new AtomicReference<>(Identities.of(List.of(line("alice", "operator", "token-of-alice"))));
    private final Sessions sessions = new Sessions(KEY, now::get, known::get);

    private static byte[] key(int filling) {
        byte[] key = new byte[Sessions.KEY_BYTES];
        Arrays.fill(key, (byte) filling);
        return key;
    }

    private static String line(String name, String role, String token) {
        return name + " " + role + " sha256:" + HexFormat.of().formatHex(Token.hash(token));
    }

    @Test
    void itIsForWhoeverHasShownTheToken() {
        Sessions.Session found = sessions.find(begin()).orElseThrow();
        assertEquals("alice (operator)", found.by().caller().toString());
        assertEquals(Access.How.SESSION, found.by().how());
        assertEquals(NOON.plus(Sessions.LENGTH), found.endsAt());
        assertEquals(Optional.empty(), sessions.begin("token-of-nobody"));
    }

    @Test
    void itEndsAfterItsLengthAndNotBefore() {
        String session = begin();
        now.set(NOON.plus(Sessions.LENGTH).minusMillis(1));
        assertTrue(sessions.find(session).isPresent());
        now.set(NOON.plus(Sessions.LENGTH));
        assertFalse(sessions.find(session).isPresent());
    }

    @Test
    void itEndsWithItsTokenAndFollowsTheRole() {
        String session = begin();
        known.set(Identities.of(List.of(line("alice", "viewer", "token-of-alice"))));
        assertEquals(Role.VIEWER, sessions.find(session).orElseThrow().by().caller().role());
        known.set(Identities.of(List.of(line("alice", "operator", "another-token-of-alice"))));
        assertEquals(Optional.empty(), sessions.find(session));
    }

    @Test
    void everyNodeWithTheKeyKnowsItAndNoOther() {
        String session = begin();
        assertTrue(new Sessions(KEY.clone(), now::get, known::get).find(session).isPresent());
        assertFalse(new Sessions(key(2), now::get, known::get).find(session).isPresent());
        assertThrows(IllegalArgumentException.class,
            () -> new Sessions(new byte[31], now::get, known::get));
    }

    @Test
    void noCharacterOfItCanBeChanged() {
        String session = begin();
        for (int i = 0; i < session.length(); i++) {
            char other = session.charAt(i) == 'A' ? 'B' : 'A';
            String changed = session.substring(0, i) + other + session.substring(i + 1);
            // The last character has two bits that stand for nothing.
            assertFalse(sessions.find(changed).isPresent() && i < session.length() - 1,
                "character " + i);
        }
        for (String none : List.of("", "A", session + "A", session.substring(1), "§".repeat(98),
                "A".repeat(session.length()), "x".repeat(1_000_000))) {
            assertFalse(sessions.find(none).isPresent());
        }
    }

    @Test
    void whatAChangeNeedsIsOfThisSessionAlone() {
        String session = begin();
        now.set(NOON.plus(Duration.ofSeconds(1)));
        String other = begin();
        assertNotEquals(session, other);
        assertTrue(sessions.isCsrf(session, sessions.csrf(session)));
        assertFalse(sessions.isCsrf(session, sessions.csrf(other)));
        assertFalse(sessions.isCsrf(session, ""));
        assertFalse(sessions.isCsrf(session, session));
        assertNotEquals(sessions.csrf(session),
            new Sessions(key(2), now::get, known::get).csrf(session));
    }

    private String begin() {
        return sessions.begin("token-of-alice").orElseThrow();
    }
}
