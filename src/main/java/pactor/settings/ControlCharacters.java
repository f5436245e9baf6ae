package pactor.settings;

/** Text from outside, made fit for one line of a log or a terminal. */
public final class ControlCharacters {

    /** A text longer than this is cut; a trace of a deep stack stays within it. */
    private static final int CHARS_MAX = 16_384;

    private ControlCharacters() {}

    /**
     * {@code text} in one line, with every control character escaped, and cut after 16,384
     * characters.
     */
    public static String escaped(String text) {
        int end = Math.min(text.length(), CHARS_MAX);
        var line = new StringBuilder(end + 16);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    // The format characters include those that turn the direction of writing.
                    if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                            || c == '\u2028' || c == '\u2029') {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        return text.length() > end ? line.append("...").toString() : line.toString();
    }
}
