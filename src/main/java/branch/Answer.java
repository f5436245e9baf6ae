package branch;

import java.nio.charset.StandardCharsets;

/**
 * What a participant answered.
 *
 * @param status the HTTP status
 * @param flaw why the answer cannot be relied on, whatever it says: it was not received to its end,
 *     or is in a form that is not understood; empty if nothing is wrong with it
 * @param saysOngoing whether the word ONGOING is anywhere in the body
 * @param saysFailure whether the word FAILURE is
 * @param json the body as a JSON object, if it is one
 * @param beginning of the body, for people; not changed after
 * @param retryAfter the header {@code Retry-After}; empty if there was none
 * @param callback the header {@code Pactor-Callback}; empty if there was none
 */
record Answer(int status, String flaw, boolean saysOngoing, boolean saysFailure, AnswerJson json,
        byte[] beginning, String retryAfter, String callback) {

    boolean isFlawed() {
        return !flaw.isEmpty();
    }

    /**
     * The body as a reason wants it: its beginning; what is not UTF-8 becomes a replacement mark.
     */
    String text() {
        return new String(beginning, StandardCharsets.UTF_8);
    }
}
