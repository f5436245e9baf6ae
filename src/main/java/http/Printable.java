package http;

import transaction.Limits;

/** What may go into a log: one line of it, whatever strangers have put into the text. */
final class Printable {

    private static final int CHARS = 500;
    private static final int FRAMES = 20;

    private Printable() {}

    /** {@code text} with control characters escaped and not too long. */
    static String of(String text) {
        StringBuilder line = new StringBuilder();
        Limits.cut(text, CHARS).chars().forEach(c -> {
            if (c < ' ' || c >= 0x7f && c < 0xa0 || c == '\u2028' || c == '\u2029') {
                line.append(String.format("\\u%04x", c));
            } else {
                line.append((char) c);
            }
        });
        return line.toString();
    }

    /** What was thrown and where; a logger would print the message as it is. */
    static String of(Throwable thrown) {
        StringBuilder lines = new StringBuilder(of(String.valueOf(thrown)));
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
            lines.append("\n    at ").append(frames[i]);
        }
        return thrown.getCause() == null || thrown.getCause() == thrown ? lines.toString()
            : lines + "\n  because of " + of(String.valueOf(thrown.getCause()));
    }
}
