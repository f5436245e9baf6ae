package pactor.settings;

import java.util.regex.Pattern;

/**
 * A text that must not be shown: wherever it is printed, a mask stands in its place. Immutable.
 *
 * <p>Only {@link #reveal()} gives the text itself, so a search for that name finds every place
 * where a secret is used.
 */
public final class Secret {

    /** What is shown of a secret. */
    public static final String MASK = "***";

    /** {@code //user:password@host}; the password may hold any character. */
    private static final Pattern USER_INFO =
        Pattern.compile("(//[^/?#@:\\[]*:)(?:[^?]*|[^/]*)@");

    /** What stands where a port would, and is none: part of a password. */
    private static final Pattern NO_PORT =
        Pattern.compile("(//[^/?#@:\\[]*:)(?!\\d*(?:[/?#,;]|$)|\\*)[^/]*");

    /** {@code ;PASSWORD=...} in H2's urls, {@code ?password=...&...} in most others. */
    private static final Pattern PARAMETER = Pattern.compile(
        "(?i)([;?&(][^=;?&()]*(?:password|passwd|pwd|secret|token|passphrase)[^=;?&()]*=)"
            + "[^;&#)]*");

    private final String text;
    private final String shown;

    private Secret(String text, String shown) {
        this.text = text;
        this.shown = shown;
    }

    /** A secret as a whole; an empty one shows that it is empty. */
    public static Secret of(String text) {
        return new Secret(text, text.isEmpty() ? "" : MASK);
    }

    /** A url, of which only the passwords are secret. */
    public static Secret url(String url) {
        return new Secret(url, maskedUrl(url));
    }

    /** {@code url} with a mask in the place of each password. */
    public static String maskedUrl(String url) {
        String masked = NO_PORT.matcher(USER_INFO.matcher(url).replaceAll("$1***@"))
            .replaceAll("$1***");
        return PARAMETER.matcher(masked).replaceAll("$1***");
    }

    /** The text itself. Never to be logged, put into a message, or compared by eye. */
    public String reveal() {
        return text;
    }

    public boolean isEmpty() {
        return text.isEmpty();
    }

    /** What may be shown. */
    @Override
    public String toString() {
        return shown;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
