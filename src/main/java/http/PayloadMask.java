package http;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import security.Caller;
import security.Permission;

/**
 * Hides what was sent to participants, and what they answered, from readers who may not see it.
 * Immutable.
 */
final class PayloadMask {

    /** Hides nothing. */
    static final PayloadMask NONE = new PayloadMask(false);

    /** In place of what is hidden. */
    private static final String MASK = "***";

    private static final PayloadMask ALL = new PayloadMask(true);

    /** What a call was answered stands behind this: see {@link branch} and its outcomes. */
    private static final Pattern ANSWER = Pattern.compile(
        "(url:\\S+ (?:return (?:failed|ongoing|error|code [^:]*)|did not return JSON-RPC): ).+",
        Pattern.DOTALL);

    /** A user and a password in a url. */
    private static final Pattern USER_INFO = Pattern.compile("//[^/?#@\\s]*@");

    private final boolean hides;

    private PayloadMask(boolean hides) {
        this.hides = hides;
    }

    static PayloadMask of(Caller reader) {
        return reader.may(Permission.READ_PAYLOADS) ? NONE : ALL;
    }

    boolean hides() {
        return hides;
    }

    /** All of it. */
    String text(String text) {
        return hides && !text.isEmpty() ? MASK : text;
    }

    /** Of each its value. */
    Map<String, String> values(Map<String, String> texts) {
        if (!hides) {
            return texts;
        }
        Map<String, String> names = new TreeMap<>(texts);
        names.replaceAll((name, value) -> MASK);
        return names;
    }

    /** Of why something is as it is, what a participant answered. */
    String reason(String reason) {
        return hides ? url(ANSWER.matcher(reason).replaceFirst("$1" + MASK)) : reason;
    }

    /** Of a url, the user and the password. */
    String url(String url) {
        return hides ? USER_INFO.matcher(url).replaceAll("//" + MASK + "@") : url;
    }
}
