package http;

import java.util.Locale;

/**
 * Reads the head of a request as strictly as RFC 9112 permits: where it ends, and how the body is
 * framed. What one server reads in another way than the next is refused here, so that nobody can
 * hide a request in another one. What the head means is read after it.
 */
final class RequestHead {

    /** The body is chunked: its length is not known beforehand. */
    static final long CHUNKED = -1;

    /** The longest name of a header. The longest that is registered has 46. */
    static final int NAME_CHARS = 64;

    /** More digits than the length of any body has. */
    private static final int LENGTH_DIGITS = 18;

    private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

    private final HttpSettings settings;
    private int scanned;
    private int lineStart;
    private int lines;
    private int targetFrom;
    private int targetTo;
    private boolean hasUnescapedTarget;
    private boolean hasEscapes;
    private boolean isOld;
    private boolean hasLength;
    private boolean isChunked;
    private long length;
    private boolean isComplete;

    RequestHead(HttpSettings settings) {
        this.settings = settings;
    }

    /**
     * Reads on where it stopped the last time.
     *
     * @param in begins with the first byte of the head
     * @return why this is no head that is taken; null if nothing is wrong so far
     */
    HttpAnswer read(ReceivedBytes in) {
        int end = Math.min(in.size(), settings.headBytes());
        byte before = scanned > lineStart ? in.at(scanned - 1) : 0;
        while (scanned < end && !isComplete) {
            byte b = in.at(scanned);
            if (b == '\n') {
                HttpAnswer wrong = before == '\r' ? line(in)
                    : broken("a line ends without a carriage return");
                if (wrong != null) {
                    return wrong;
                }
                lineStart = scanned + 1;
            } else if (before == '\r') {
                return broken("a carriage return does not end a line");
            } else if (b >= 0 && b < ' ' && b != '\r' && b != '\t' || b == 0x7f) {
                return broken("a control character");
            }
            before = b;
            scanned++;
        }
        return isComplete || scanned < settings.headBytes() ? null : tooLarge(
            "the head of the request is larger than " + settings.headBytes() + " bytes");
    }

    /** Whether not a byte of it has been read. */
    boolean isUnread() {
        return scanned == 0;
    }

    /** Whether it has been read to its end. */
    boolean isComplete() {
        return isComplete;
    }

    /** Its bytes, the empty line at its end included. */
    int size() {
        return scanned;
    }

    /** How long the body is, or {@link #CHUNKED}. */
    long bodyLength() {
        return isChunked ? CHUNKED : length;
    }

    /** Whether the target has bytes that are not ASCII. */
    boolean hasUnescapedTarget() {
        return hasUnescapedTarget;
    }

    /** Whether the target has percent signs. */
    boolean hasEscapes() {
        return hasEscapes;
    }

    /** Where the request's target begins. */
    int targetFrom() {
        return targetFrom;
    }

    /** Where it ends. */
    int targetTo() {
        return targetTo;
    }

    private HttpAnswer line(ReceivedBytes in) {
        int end = scanned - 1;
        if (lines++ == 0) {
            return requestLine(in, end);
        }
        if (end == lineStart) {
            isComplete = true;
            return isChunked && (hasLength || isOld)
                ? broken("the length of the body is told in two ways") : null;
        }
        return lines > settings.headerCount() + 1
            ? tooLarge("more than " + settings.headerCount() + " headers") : header(in, end);
    }

    private HttpAnswer requestLine(ReceivedBytes in, int end) {
        int first = indexOf(in, ' ', 0, end);
        int last = end - 1;
        while (last > first && in.at(last) != ' ') {
            last--;
        }
        if (first <= 0 || last <= first + 1) {
            return broken("the first line is not that of a request");
        }
        targetFrom = first + 1;
        targetTo = last;
        isOld = in.text(last + 1, end - last - 1).equals("HTTP/1.0");
        if (targetTo - targetFrom > settings.headerBytes()) {
            return HttpAnswer.clientError(414,
                "the url is longer than " + settings.headerBytes() + " bytes");
        }
        for (int i = 0; i < end; i++) {
            byte b = in.at(i);
            boolean isInTarget = i >= targetFrom && i < targetTo;
            if (b == '\t' || b < 0 && !isInTarget) {
                return broken("the first line is not that of a request");
            }
            hasUnescapedTarget |= b < 0;
            hasEscapes |= b == '%';
        }
        return null;
    }

    private HttpAnswer header(ReceivedBytes in, int end) {
        int colon = lineStart;
        while (colon < end && isToken(in.at(colon))) {
            colon++;
        }
        if (colon == lineStart || colon == end || in.at(colon) != ':') {
            return broken("a line is not a header");
        }
        if (colon - lineStart > NAME_CHARS) {
            return tooLarge("the name of a header is longer than " + NAME_CHARS + " characters");
        }
        int from = colon + 1;
        int to = end;
        while (from < to && isBlank(in.at(from))) {
            from++;
        }
        while (to > from && isBlank(in.at(to - 1))) {
            to--;
        }
        if (to - from > settings.headerBytes()) {
            return tooLarge("a header is longer than " + settings.headerBytes() + " bytes");
        }
        return switch (colon - lineStart) {
            case 14 -> is(in, "content-length") ? length(in.text(from, to - from)) : null;
            case 17 -> is(in, "transfer-encoding") ? coding(in.text(from, to - from)) : null;
            default -> null;
        };
    }

    private HttpAnswer length(String value) {
        boolean isNumber = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (hasLength || !isNumber) {
            return broken("Content-Length must be one number");
        }
        hasLength = true;
        if (value.length() > LENGTH_DIGITS) {
            return HttpAnswer.clientError(413,
                "the body is larger than " + settings.bodyBytes() + " bytes");
        }
        length = Long.parseLong(value);
        return null;
    }

    private HttpAnswer coding(String value) {
        if (isChunked || !value.equalsIgnoreCase("chunked")) {
            return broken("Transfer-Encoding must be chunked and nothing else");
        }
        isChunked = true;
        return null;
    }

    private boolean is(ReceivedBytes in, String name) {
        return in.text(lineStart, name.length()).toLowerCase(Locale.ROOT).equals(name);
    }

    private static int indexOf(ReceivedBytes in, char sign, int from, int to) {
        int i = from;
        while (i < to && in.at(i) != sign) {
            i++;
        }
        return i < to ? i : -1;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isToken(byte b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
            || b > 0 && TOKEN_SIGNS.indexOf(b) >= 0;
    }

    private static HttpAnswer broken(String why) {
        return HttpAnswer.clientError(400, "this is not an HTTP request: " + why);
    }

    private static HttpAnswer tooLarge(String why) {
        return HttpAnswer.clientError(431, why);
    }
}
