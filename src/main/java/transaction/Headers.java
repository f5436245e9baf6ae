package transaction;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which headers can go along with a call. There is one rule for whoever takes them and whoever
 * sends them: what is refused here is refused when it is submitted, and all else can be sent.
 */
public final class Headers {

    /** What frames the message or steers the connection is the caller's own (RFC 9110, 7.6.1). */
    private static final Set<String> RESERVED = Set.of(
        "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer",
        "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization",
        "http2-settings", "expect");

    private static final String DELIMITERS = "\"(),/:;<=>?@[\\]{}";

    private Headers() {}

    /** @throws InvalidRequest if a client may not ask for these {@code branch_headers} */
    static void check(Map<String, String> headers) {
        InvalidRequest.require(headers.size() <= Limits.BRANCH_HEADERS,
            "branch_headers has more than " + Limits.BRANCH_HEADERS + " entries");
        Set<String> seen = new TreeSet<>();
        headers.forEach((name, value) -> {
            InvalidRequest.atMost("a name in branch_headers", name, Limits.BRANCH_HEADER_CHARS);
            requireHttp(name, value);
            InvalidRequest.atMost("branch header " + name, value, Limits.BRANCH_HEADER_CHARS);
            InvalidRequest.require(!isReserved(name),
                "branch header " + name + " belongs to the connection and cannot be set");
            InvalidRequest.require(seen.add(name.toLowerCase(Locale.ROOT)),
                "branch header " + name + " stands twice in branch_headers");
        });
    }

    private static boolean isReserved(String name) {
        return RESERVED.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * Whether the caller leaves that header out, or sets it itself: what an older release took, and
     * {@code accept-encoding}, since a verdict in a coding that a client allowed could not be read.
     */
    public static boolean isLeftOut(String name) {
        return isReserved(name) || name.equalsIgnoreCase("accept-encoding");
    }

    /**
     * Whatever is outside ASCII goes out as UTF-8.
     *
     * @throws InvalidRequest if no HTTP request can have that header
     */
    public static void requireHttp(String name, String value) {
        InvalidRequest.require(!name.isEmpty() && Chars.all(name, Headers::isToken),
            "branch_headers has a name that is no HTTP token");
        InvalidRequest.require(
            Chars.all(value, c -> c == '\t' || c >= ' ' && c != 0x7f && !isHalf(c)),
            "branch header " + name + " has a character that no HTTP header may carry");
    }

    /** @throws InvalidRequest if no call over gRPC can have that header */
    static void requireGrpc(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        InvalidRequest.require(isMetadataName(lower),
            "branch header " + name + " has a name that no metadata of gRPC can have");
        if (!lower.endsWith("-bin")) {
            requireMetadata("branch header " + name, trimmed(value));
        }
    }

    /**
     * In metadata of gRPC, another value would arrive, and so another transaction or branch.
     *
     * @throws InvalidRequest if no metadata can have that value as it is
     */
    public static void requireMetadata(String what, String value) {
        boolean printable = Chars.all(value, c -> c >= ' ' && c < 127);
        InvalidRequest.require(printable && !value.startsWith(" ") && !value.endsWith(" "),
            what + " has a value that no metadata of gRPC can have (printable ASCII)");
    }

    /** Whether metadata can have that name, which is in lower case. */
    public static boolean isMetadataName(String name) {
        return !name.isEmpty() && Chars.all(name, c -> c >= 'a' && c <= 'z'
            || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.');
    }

    /** Blanks and tabs round a value are none of its own (RFC 9110, 5.5). */
    public static String trimmed(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && isBlank(value.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(value.charAt(to - 1))) {
            to--;
        }
        return value.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isToken(int c) {
        return c > ' ' && c < 0x7f && DELIMITERS.indexOf(c) < 0;
    }

    private static boolean isHalf(int c) {
        return Character.getType(c) == Character.SURROGATE;
    }
}
