package http;

import transaction.Limits;

/** What may go into a log: one line of it, whatever strangers have put into the text. */
final class Printable {

    private static final int CHARS = 500;
    private static final int FRAMES = 8;

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

    /** What was thrown and where, in one line; a logger would print the message as it is. */
    static String of(Throwable thrown) {
        StringBuilder line = new StringBuilder(of(String.valueOf(thrown)));
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
            line.append(i == 0 ? " at " : " < ").append(frames[i]);
        }
        return thrown.getCause() == null || thrown.getCause() == thrown ? line.toString()
            : line + "; because of " + of(String.valueOf(thrown.getCause()));
    }
}
