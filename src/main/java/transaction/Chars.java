package transaction;

import java.util.function.IntPredicate;

/** Questions to the characters of a text, asked of each request: streams cost far more here. */
public final class Chars {

    private Chars() {}

    /** Whether each code point of {@code text} is {@code fine}; so it is if there is none. */
    public static boolean all(String text, IntPredicate fine) {
        int next;
        for (int at = 0; at < text.length(); at += Character.charCount(next)) {
            next = text.codePointAt(at);
            if (!fine.test(next)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is an integer in digits of ASCII; Java's own parsers take other scripts, too. */
    public static boolean isInteger(String text) {
        String digits = text.startsWith("-") ? text.substring(1) : text;
        return !digits.isEmpty() && all(digits, c -> c >= '0' && c <= '9');
    }

    /** Whether no code point of {@code text} is {@code wrong}. */
    public static boolean none(String text, IntPredicate wrong) {
        return all(text, wrong.negate());
    }
}
