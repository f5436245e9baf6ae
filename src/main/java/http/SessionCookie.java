package http;

import java.time.Duration;

/** The cookie that carries a session, and what a change in a session needs beside it. */
final class SessionCookie {

    static final String NAME = "pactor-session";

    /** The header that a change needs. */
    static final String CSRF = "Pactor-Csrf";

    private SessionCookie() {}

    /** The session in a header {@code Cookie}; empty if there is none. */
    static String of(String header) {
        for (String each : header.split(";")) {
            String pair = each.strip();
            if (pair.startsWith(NAME + "=")) {
                return pair.substring(NAME.length() + 1);
            }
        }
        return "";
    }

    /** The header {@code Set-Cookie} for it. @param secure whether it must travel by TLS only */
    static String set(String session, Duration length, boolean secure) {
        return NAME + "=" + session + "; Path=/; Max-Age=" + length.toSeconds()
            + "; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
    }

    /** The header that has a browser forget it. */
    static String forget(boolean secure) {
        return set("", Duration.ZERO, secure);
    }
}
