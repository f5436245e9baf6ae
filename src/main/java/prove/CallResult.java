package prove;

import java.nio.charset.StandardCharsets;
import transaction.Bytes;
import transaction.Outcome;

/**
 * What became of one call.
 *
 * @param kind as the coordinator takes it
 * @param status of HTTP; 0 if there was no answer
 * @param trouble why there was none; empty if there was one
 * @param isLate whether none came in time
 */
record CallResult(Outcome.Kind kind, int status, Bytes body, String trouble, boolean isLate) {

    /** Of a body as much as tells what it is. */
    private static final int BODY_CHARS = 120;

    static CallResult none(String trouble, boolean isLate) {
        return new CallResult(Outcome.Kind.UNKNOWN, 0, Bytes.EMPTY, trouble, isLate);
    }

    boolean is(Outcome.Kind other) {
        return kind == other;
    }

    /** For people. */
    String text() {
        return status == 0 ? trouble : status + " (" + kind + ") " + shown(body);
    }

    /** A body on one line. */
    static String shown(Bytes body) {
        String text = new String(body.toArray(), StandardCharsets.UTF_8)
            .replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return text.isEmpty() ? "(no body)"
            : text.length() <= BODY_CHARS ? text : text.substring(0, BODY_CHARS) + "…";
    }
}
