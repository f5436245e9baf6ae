package transaction;

import java.util.Map;

/**
 * How the initiator wants its transaction handled. Zero, false and empty mean "not said".
 *
 * @param waitResult answer submit or abort only when the pass it sets off is over
 * @param timeoutToFailSeconds age at which the transaction is given up; 0 is the mode's default
 * @param requestTimeoutSeconds time of one branch call; 0 is the server's setting
 * @param retryIntervalSeconds first wait between two tries; 0 is the server's setting
 * @param retryLimit saga: tries that may go wrong before it turns back; 0 is no limit
 * @param retryCount saga: tries that are counted as gone wrong already
 * @param branchHeaders sent along with each branch call
 * @param concurrent two-phase message: deliver to all at once
 * @param verdictMode how the answers of its branches are read
 */
public record Options(
        boolean waitResult,
        int timeoutToFailSeconds,
        int requestTimeoutSeconds,
        int retryIntervalSeconds,
        int retryLimit,
        int retryCount,
        Map<String, String> branchHeaders,
        boolean concurrent,
        VerdictMode verdictMode) {

    public static final Options NONE = new Options(false, 0, 0, 0, 0, 0, Map.of(), false);

    /** Without a verdict mode. */
    public Options(boolean waitResult, int timeoutToFailSeconds, int requestTimeoutSeconds,
            int retryIntervalSeconds, int retryLimit, int retryCount,
            Map<String, String> branchHeaders, boolean concurrent) {
        this(waitResult, timeoutToFailSeconds, requestTimeoutSeconds, retryIntervalSeconds,
            retryLimit, retryCount, branchHeaders, concurrent, VerdictMode.UNSAID);
    }

    /** @throws InvalidRequest if a number or a header is out of bounds */
    public Options {
        // Before the copy: a map of the JDK's own takes hours for names that are made to collide.
        InvalidRequest.require(branchHeaders.size() <= Limits.BRANCH_HEADERS,
            "branch_headers has more than " + Limits.BRANCH_HEADERS + " entries");
        branchHeaders = Map.copyOf(branchHeaders);
        inBounds("timeout_to_fail", timeoutToFailSeconds);
        inBounds("request_timeout", requestTimeoutSeconds);
        inBounds("retry_interval", retryIntervalSeconds);
        inBounds("retry_limit", retryLimit);
        inBounds("retry_count", retryCount);
        branchHeaders.forEach(Options::checkHeader);
    }

    /** These, overruled by whatever {@code later} says. */
    public Options overruledBy(Options later) {
        return new Options(
            waitResult || later.waitResult,
            said(later.timeoutToFailSeconds, timeoutToFailSeconds),
            said(later.requestTimeoutSeconds, requestTimeoutSeconds),
            said(later.retryIntervalSeconds, retryIntervalSeconds),
            said(later.retryLimit, retryLimit),
            said(later.retryCount, retryCount),
            later.branchHeaders.isEmpty() ? branchHeaders : later.branchHeaders,
            concurrent || later.concurrent,
            later.verdictMode.or(verdictMode));
    }

    private static int said(int later, int earlier) {
        return later == 0 ? earlier : later;
    }

    private static void inBounds(String name, int value) {
        InvalidRequest.require(value >= 0 && value <= Limits.SECONDS_MAX,
            name + " must be between 0 and " + Limits.SECONDS_MAX + ": " + value);
    }

    private static void checkHeader(String name, String value) {
        InvalidRequest.require(!name.isEmpty() && Chars.all(name, Options::isToken),
            "branch_headers has a name that is no HTTP token");
        InvalidRequest.atMost("a name in branch_headers", name, Limits.BRANCH_HEADER_CHARS);
        InvalidRequest.atMost("branch header " + name, value, Limits.BRANCH_HEADER_CHARS);
        InvalidRequest.require(
            Chars.all(value, c -> c == '\t' || c >= ' ' && c != 0x7f && c <= 0xff),
            "branch header " + name + " has a character that no HTTP header may carry");
        InvalidRequest.require(!isReserved(name),
            "branch header " + name + " belongs to the connection and cannot be set");
    }

    private static boolean isToken(int c) {
        return c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }

    /** What frames the message or steers the connection is the caller's own (RFC 9110, 7.6.1). */
    private static boolean isReserved(String name) {
        return switch (name.toLowerCase(java.util.Locale.ROOT)) {
            case "host", "content-length", "transfer-encoding", "connection", "upgrade", "te",
                "trailer", "keep-alive", "proxy-connection", "expect" -> true;
            default -> false;
        };
    }
}
