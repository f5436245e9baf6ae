package actors;

import transaction.Context;
import transaction.InvalidRequest;

/**
 * How much one namespace may have. Zero: as much as it likes.
 *
 * @param namespace its name, or {@link #OTHERS}
 * @param open unfinished transactions
 * @param starts new transactions in a second, on each node
 * @param bytes that its unfinished transactions take in the journal
 */
public record Quota(String namespace, long open, int starts, long bytes) {

    /** Each that has no quota by its name. */
    public static final String OTHERS = "*";

    private static final String FORM =
        "a quota is a namespace, or *, and open=N, starts=N and bytes=N, as far as it has bounds";

    /**
     * Reads {@code orders open=1000 starts=50 bytes=1000000}.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static Quota of(String text) {
        String[] words = text.strip().split("\\s+");
        requireName(words[0]);
        long open = 0;
        int starts = 0;
        long bytes = 0;
        for (int i = 1; i < words.length; i++) {
            String[] said = words[i].split("=", 2);
            long most = said.length == 2 ? number(said[1]) : 0;
            if (most < 1) {
                throw new IllegalArgumentException(FORM + ", not \"" + words[i] + "\"");
            }
            switch (said[0]) {
                case "open" -> open = most;
                case "starts" -> starts = Math.toIntExact(Math.min(most, Integer.MAX_VALUE));
                case "bytes" -> bytes = most;
                default -> throw new IllegalArgumentException(
                    FORM + ", not \"" + words[i] + "\"");
            }
        }
        return new Quota(words[0], open, starts, bytes);
    }

    /** Whether {@code text} is one. */
    public static boolean isOne(String text) {
        try {
            of(text);
            return true;
        } catch (IllegalArgumentException wrong) {
            return false;
        }
    }

    private static void requireName(String name) {
        try {
            if (!name.equals(OTHERS)) {
                Context.checkNamespace(name);
            }
        } catch (InvalidRequest wrong) {
            throw new IllegalArgumentException(wrong.getMessage());
        }
    }

    private static long number(String digits) {
        try {
            return digits.startsWith("+") ? 0 : Long.parseLong(digits);
        } catch (NumberFormatException none) {
            return 0;
        }
    }
}
