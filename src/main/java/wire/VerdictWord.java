package wire;

import java.util.regex.Pattern;

/**
 * The word that clients search answers for, some of them in either case, and take for a verdict. So
 * it ends the message of a refusal, and stands in no other error.
 */
public final class VerdictWord {

    private static final String VERDICT = "FAILURE";
    private static final Pattern IN_ANY_CASE =
        Pattern.compile(VERDICT, Pattern.CASE_INSENSITIVE);

    private VerdictWord() {}

    /** {@code text} without the word. */
    public static String hidden(String text) {
        return IN_ANY_CASE.matcher(text).replaceAll("fail***");
    }

    /** {@code reason} with the word at its end, once. */
    public static String atTheEnd(String reason) {
        String text = reason.stripTrailing();
        return text.equals(VERDICT) || text.endsWith(" " + VERDICT) ? text
            : (text + " " + VERDICT).stripLeading();
    }
}
