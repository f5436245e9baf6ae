package http;

import java.time.Duration;

/** The cookie that carries a session, and what a change in a session needs beside it. */
final class SessionCookie {

    static final String NAME = "pactor-session";

    /** Where it travels by TLS only: one that no other host of the domain can set (RFC 6265bis). */
    private static final String SECURE_NAME = "__Host-" + NAME;

    /** The header that a change needs. */
    static final String CSRF = "Pactor-Csrf";

    private SessionCookie() {}

    /** The session in a header {@code Cookie}; empty if there is none. */
    static String of(String header) {
        String secure = value(header, SECURE_NAME);
        return secure.isEmpty() ? value(header, NAME) : secure;
    }

    private static String value(String header, String name) {
        for (String each : header.split(";")) {
            String pair = each.strip();
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return "";
    }

    /** The header {@code Set-Cookie} for it. @param secure whether it must travel by TLS only */
    static String set(String session, Duration length, boolean secure) {
        return (secure ? SECURE_NAME : NAME) + "=" + session + "; Path=/; Max-Age="
            + length.toSeconds() + "; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
    }

    /** The header that has a browser forget it. */
    static String forget(boolean secure) {
        return set("", Duration.ZERO, secure);
    }
}
