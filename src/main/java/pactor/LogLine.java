package pactor;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;

/**
 * The message of an event and the trace of its error, in one line, with every control character
 * escaped: what a client puts into a gid or a url can neither begin a line nor colour a terminal.
 */
public final class LogLine extends ClassicConverter {

    /** A message longer than this is cut; a trace of a deep stack stays within it. */
    private static final int CHARS_MAX = 16_384;

    @Override
    public String convert(ILoggingEvent event) {
        IThrowableProxy error = event.getThrowableProxy();
        String message = String.valueOf(event.getFormattedMessage());
        return escaped(error == null ? message
            : message + " | " + ThrowableProxyUtil.asString(error).strip());
    }

    /** {@code text} in one line. */
    static String escaped(String text) {
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
