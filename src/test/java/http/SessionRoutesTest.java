package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import security.Access;
import security.BrowserGuard;
import security.Identities;
import security.Sessions;
import security.Token;

/** J-13: a browser's session, over the wire. */
class SessionRoutesTest {

    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
    private static final String FORCE = "{\"gid\":\"g\"}";

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final AtomicReference<Identities> known = new AtomicReference<>(Identities.of(
        List.of(line("alice", "operator"), line("grace", "metrics"), line("boss", "admin"))));
    private final Sessions sessions =
        new Sessions(new byte[Sessions.KEY_BYTES], now::get, known::get);
    private final Wire wire = Wire.start(new RequestGuard(
        new Access(true, known::get, List::of), new BrowserGuard(List.of(), List.of()),
        Optional.of(sessions)), null);

    private static String line(String name, String role) {
        return name + " " + role + " sha256:" + HexFormat.of().formatHex(Token.hash(name));
    }

    @AfterEach
    void close() {
        wire.close();
    }

    private String raw(String method, String path, String... headers) {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n"
            + "Host: 127.0.0.1\r\nConnection: close\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return wire.raw(request.append("Content-Length: 0\r\n\r\n").toString());
    }

    /** The cookie of a new session, as a browser sends it back. */
    private String logIn(String name) {
        return cookie(raw("POST", SessionRoutes.PATH, "Authorization", "Bearer " + name));
    }

    private static String cookie(String answer) {
        int from = answer.indexOf("Set-Cookie: ") + "Set-Cookie: ".length();
        return answer.substring(from, answer.indexOf(';', from));
    }

    private JsonNode session(String cookie) {
        return StartedJar.json(
            wire.send("GET", SessionRoutes.PATH, "", "Cookie", cookie).body());
    }

    private int force(String... headers) {
        return wire.send("POST", Wire.API + "forceStop", FORCE, headers).status();
    }

    @Test
    void aTokenBeginsOneThatNoScriptCanRead() {
        String answer = raw("POST", SessionRoutes.PATH, "Authorization", "Bearer alice");
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertTrue(answer.contains("; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict\r\n"),
            answer);
        assertTrue(answer.contains("Cache-Control: no-store"), answer);
        assertFalse(answer.contains("Secure"), answer);
        JsonNode shown = session(cookie(answer));
        assertEquals("alice", shown.get("name").asText());
        assertEquals("operator", shown.get("role").asText());
        assertEquals("2026-12-01T20:00:00Z", shown.get("ends_at").asText());
    }

    @Test
    void behindAProxyWithTlsItTravelsByTlsOnly() {
        String answer = raw("POST", SessionRoutes.PATH, "Authorization", "Bearer alice",
            "Origin", "https://127.0.0.1");
        assertTrue(answer.contains("; SameSite=Strict; Secure\r\n"), answer);
        assertTrue(cookie(answer).startsWith("__Host-pactor-session="), answer);
        assertEquals("alice", session(cookie(answer)).get("name").asText());
        // What another host of the domain has set does not take its place.
        assertEquals("alice", session("pactor-session=" + logIn("grace").split("=", 2)[1] + "; "
            + cookie(answer)).get("name").asText());
    }

    /** A page whose name was made to lead here can make up a cookie, but no session. */
    @Test
    void aMadeUpCookieDoesNotReplaceTheCheckOfTheHost() {
        try (Wire open = Wire.start(new RequestGuard(
                new Access(false, known::get, List::of), new BrowserGuard(List.of(), List.of()),
                Optional.of(sessions)), null)) {
            for (String cookie : List.of("", "Cookie: pactor-session=x\r\n",
                    "Cookie: __Host-pactor-session=x\r\n")) {
                String answer = open.raw("POST " + Wire.API + "forceStop HTTP/1.1\r\n"
                    + "Host: evil.example\r\nOrigin: http://evil.example\r\n"
                    + "Sec-Fetch-Site: same-origin\r\n" + cookie
                    + "Connection: close\r\nContent-Length: 11\r\n\r\n" + FORCE);
                assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
            }
        }
    }

    @Test
    void withoutATokenThereIsNone() {
        assertEquals(401, wire.send("POST", SessionRoutes.PATH, "").status());
        assertEquals(401, wire.send("POST", SessionRoutes.PATH, "", "Authorization",
            "Bearer wrong").status());
        String cookie = logIn("alice");
        // A session does not begin another one.
        assertEquals(422, wire.send("POST", SessionRoutes.PATH, "", "Cookie", cookie,
            SessionCookie.CSRF, session(cookie).get("csrf").asText()).status());
    }

    @Test
    void itMayWhatItsRoleMay() {
        String[] grace = {"Cookie", logIn("grace")};
        assertEquals(200, wire.send("GET", "/api/metrics", "", grace).status());
        assertEquals(403, wire.send("GET", Wire.API + "all", "", grace).status());
        assertEquals(200, wire.send("GET", Wire.API + "all", "", "Cookie", "a=b; "
            + logIn("alice") + "; c=d").status());
    }

    @Test
    void aChangeNeedsTheHeaderToo() {
        String cookie = logIn("alice");
        String csrf = session(cookie).get("csrf").asText();
        assertEquals(403, force("Cookie", cookie));
        assertEquals(403, force("Cookie", cookie, SessionCookie.CSRF, "wrong"));
        now.set(NOON.plusSeconds(1));
        assertEquals(403, force("Cookie", cookie, SessionCookie.CSRF,
            session(logIn("alice")).get("csrf").asText()));
        assertEquals(List.of(), wire.coordinator.calls());
        assertEquals(404, force("Cookie", cookie, SessionCookie.CSRF, csrf));
        // DTM has changes by GET, which an image of another page could ask for.
        assertEquals(403, wire.send("GET", Wire.API + "resetCronTime", "",
            "Cookie", cookie).status());
        assertEquals(200, wire.send("GET", Wire.API + "resetCronTime", "",
            "Cookie", cookie, SessionCookie.CSRF, csrf).status());
    }

    @Test
    void noPageOfAnotherSiteUsesIt() {
        String cookie = logIn("alice");
        String csrf = session(cookie).get("csrf").asText();
        for (String site : List.of("cross-site", "same-site")) {
            assertEquals(403, force("Cookie", cookie, SessionCookie.CSRF, csrf,
                "Sec-Fetch-Site", site));
            assertEquals(403, wire.send("GET", Wire.API + "all", "", "Cookie", cookie,
                "Sec-Fetch-Site", site).status());
        }
        assertEquals(403, force("Cookie", cookie, SessionCookie.CSRF, csrf,
            "Origin", "https://evil.example"));
    }

    @Test
    void itEndsAfterEightHoursAndWithItsToken() {
        String[] alice = {"Cookie", logIn("alice")};
        now.set(NOON.plus(Sessions.LENGTH).minusMillis(1));
        assertEquals(200, wire.send("GET", Wire.API + "all", "", alice).status());
        now.set(NOON.plus(Sessions.LENGTH));
        WireClient.Answer ended = wire.send("GET", Wire.API + "all", "", alice);
        assertEquals(401, ended.status());
        assertTrue(ended.body().contains("log in again"), ended.body());
        now.set(NOON);
        known.set(Identities.of(List.of(line("boss", "admin"))));
        assertEquals(401, wire.send("GET", Wire.API + "all", "", alice).status());
    }

    /** An open console asks on and on: that is no attempt to guess a token. */
    @Test
    void askingInAnEndedSessionIsNoFailedLogin() {
        String[] alice = {"Cookie", logIn("alice")};
        now.set(NOON.plus(Sessions.LENGTH));
        for (int i = 0; i < 50; i++) {
            assertEquals(401, wire.send("GET", Wire.API + "all", "", alice).status());
        }
        assertEquals(401, wire.send("GET", Wire.API + "all", "").status());
    }

    @Test
    void loggingOutHasTheBrowserForgetIt() {
        String cookie = logIn("alice");
        assertEquals(403, wire.send("DELETE", SessionRoutes.PATH, "", "Cookie", cookie).status());
        String answer = raw("DELETE", SessionRoutes.PATH, "Cookie", cookie,
            SessionCookie.CSRF, session(cookie).get("csrf").asText());
        assertTrue(answer.contains("Set-Cookie: pactor-session=; Path=/; Max-Age=0; HttpOnly;"
            + " SameSite=Strict\r\n"), answer);
    }

    /** A token that is sent along counts, and the cookie beside it does not. */
    @Test
    void aTokenComesBeforeIt() {
        assertEquals(401, wire.send("GET", Wire.API + "all", "", "Cookie", logIn("alice"),
            "Authorization", "Bearer wrong").status());
        assertEquals(404, force("Cookie", logIn("grace"), "Authorization", "Bearer alice"));
    }
}
