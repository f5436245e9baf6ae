package credential;

/**
 * The value of a header that nobody may see: wherever it is printed, a mask stands in its place.
 * Immutable.
 */
public final class HeaderValue {

    private static final String MASK = "***";

    /** Of the secret's beginning at the end of a text that was cut: less tells nothing. */
    private static final int TAIL_CHARS = 4;

    private final String text;
    private final String secret;

    private HeaderValue(String text, String secret) {
        this.text = text;
        this.secret = secret;
    }

    /** @param scheme what stands before the secret, such as {@code Bearer}; may be empty */
    static HeaderValue of(String scheme, String secret) {
        return new HeaderValue(scheme.isEmpty() ? secret : scheme + " " + secret, secret);
    }

    /** The text itself: only for the wire. */
    public String reveal() {
        return text;
    }

    /**
     * {@code said}, which may be cut at its end, without the secret: a participant that repeats in
     * its answer what it was sent must not bring it into the journal.
     */
    public String hiddenIn(String said) {
        int blank = secret.indexOf(' ');
        String told = hidden(said, secret);
        // A header's value often begins with the name of a scheme; what counts is behind it.
        return blank < 0 ? told : hidden(told, secret.substring(blank + 1));
    }

    private static String hidden(String said, String secret) {
        String told = said.replace(secret, MASK);
        int most = Math.min(secret.length() - 1, told.length());
        for (int length = most; length >= TAIL_CHARS; length--) {
            if (told.endsWith(secret.substring(0, length))) {
                return told.substring(0, told.length() - length) + MASK;
            }
        }
        return told;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeaderValue that && that.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return MASK;
    }
}
