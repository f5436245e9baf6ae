package wire;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import transaction.InvalidRequest;
import transaction.Limits;

/**
 * The keys of an object that are read. They match in any case. One that differs from a known key
 * by underscores or hyphens too is a mistake, and refused with the key that was meant: passed over
 * as unknown, what it says would be lost in silence. All other keys are the client's own.
 */
public final class KnownKeys {

    private final Map<String, String> folded = new HashMap<>();
    private final int longest;

    private KnownKeys(String... keys) {
        int most = 0;
        for (String key : keys) {
            folded.put(fold(key), key);
            most = Math.max(most, 2 * key.length());
        }
        longest = most;
    }

    /** @param keys in lower case */
    public static KnownKeys of(String... keys) {
        return new KnownKeys(keys);
    }

    /**
     * The known key that {@code written} stands for; null if it is none.
     *
     * @param what the object's name in messages
     * @throws InvalidRequest if it is almost one
     */
    String match(String what, String written) {
        if (written.length() > longest) {
            return null;
        }
        String key = folded.get(fold(written));
        if (key != null && !key.equalsIgnoreCase(written)) {
            throw new InvalidRequest("unknown key " + Limits.cut(written, 100) + " in " + what
                + "; did you mean " + key + "?");
        }
        return key;
    }

    /**
     * The known entries of {@code all}, under their keys.
     *
     * @throws InvalidRequest if one is almost known, or stands there twice
     */
    public Map<String, String> pick(String what, Map<String, String> all) {
        Map<String, String> known = new LinkedHashMap<>();
        all.forEach((written, value) -> {
            String key = match(what, written);
            if (key != null && known.put(key, value) != null) {
                throw twice(what, key);
            }
        });
        return known;
    }

    /** Whether two names are the same but for case, underscores and hyphens. */
    public static boolean areClose(String one, String other) {
        return fold(one).equals(fold(other));
    }

    static InvalidRequest twice(String what, String key) {
        return new InvalidRequest(
            "the key " + Limits.cut(key, 100) + " stands twice in " + what);
    }

    private static String fold(String key) {
        return key.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }
}
