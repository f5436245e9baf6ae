package branch;

import java.nio.charset.StandardCharsets;
import transaction.Limits;

/**
 * What a participant answered.
 *
 * @param status the HTTP status
 * @param body the beginning of the body, at most {@link Limits#ANSWER_SCAN_BYTES}; not
 *     changed after
 * @param isWhole whether {@code body} is all of it
 * @param retryAfter the header {@code Retry-After}; empty if there was none
 */
record Answer(int status, byte[] body, boolean isWhole, String retryAfter) {

    /** Whether the beginning of the body contains {@code word}, which must be ASCII. */
    boolean mentions(String word) {
        return new String(body, StandardCharsets.ISO_8859_1).contains(word);
    }

    /**
     * The body as a reason wants it: its beginning; what is not UTF-8 becomes a replacement mark.
     */
    String text() {
        int enough = Math.min(body.length, 4 * Limits.REASON_CHARS);
        return new String(body, 0, enough, StandardCharsets.UTF_8);
    }
}
