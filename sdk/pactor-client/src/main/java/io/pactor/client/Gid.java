package io.pactor.client;

import java.util.UUID;

/** The id of a global transaction, as the wire carries it. */
final class Gid {

    /** As many characters as coordinator and barrier tables hold. */
    static final int CHARS_MAX = 128;

    private Gid() {}

    /** Made here and not by the coordinator, so that a repeat is the same transaction. */
    static String random() {
        return UUID.randomUUID().toString();
    }

    /** Refuses what the coordinator would refuse, or would change: it removes semicolons. */
    static String check(String gid) {
        if (gid.isBlank() || gid.length() > CHARS_MAX) {
            throw new IllegalArgumentException(
                "a gid has 1 to " + CHARS_MAX + " characters, not all blank: " + gid);
        }
        if (gid.chars().anyMatch(c -> Character.isISOControl(c) || c == ';')) {
            throw new IllegalArgumentException(
                "a gid has no control characters and no semicolon: " + gid);
        }
        if (Character.isWhitespace(gid.charAt(gid.length() - 1))) {
            throw new IllegalArgumentException(
                "a gid has no blank at its end, which databases do not see: '" + gid + "'");
        }
        return gid;
    }
}
