package transaction;

import java.util.Collections;
import java.util.LinkedHashMap;
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
 * @param parksWhenExhausted whether an operation that goes wrong more often than the retry limit
 *     parks the transaction
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
        VerdictMode verdictMode,
        boolean parksWhenExhausted) {

    public static final Options NONE = new Options(false, 0, 0, 0, 0, 0, Map.of(), false);

    /** Without a verdict mode. */
    public Options(boolean waitResult, int timeoutToFailSeconds, int requestTimeoutSeconds,
            int retryIntervalSeconds, int retryLimit, int retryCount,
            Map<String, String> branchHeaders, boolean concurrent) {
        this(waitResult, timeoutToFailSeconds, requestTimeoutSeconds, retryIntervalSeconds,
            retryLimit, retryCount, branchHeaders, concurrent, VerdictMode.UNSAID);
    }

    /** Never parked. */
    public Options(boolean waitResult, int timeoutToFailSeconds, int requestTimeoutSeconds,
            int retryIntervalSeconds, int retryLimit, int retryCount,
            Map<String, String> branchHeaders, boolean concurrent, VerdictMode verdictMode) {
        this(waitResult, timeoutToFailSeconds, requestTimeoutSeconds, retryIntervalSeconds,
            retryLimit, retryCount, branchHeaders, concurrent, verdictMode, false);
    }

    public Options {
        // Not a map of the JDK's own making: one degrades for names that are made to collide.
        branchHeaders = Collections.unmodifiableMap(new LinkedHashMap<>(branchHeaders));
    }

    /** @throws InvalidRequest if a client may not ask for this: see {@link Command#check} */
    void check() {
        Headers.check(branchHeaders);
        inBounds("timeout_to_fail", timeoutToFailSeconds);
        inBounds("request_timeout", requestTimeoutSeconds);
        inBounds("retry_interval", retryIntervalSeconds);
        inBounds("retry_limit", retryLimit);
        inBounds("retry_count", retryCount);
    }

    /** The same without {@link #branchHeaders}. */
    public Options withoutHeaders() {
        return new Options(waitResult, timeoutToFailSeconds, requestTimeoutSeconds,
            retryIntervalSeconds, retryLimit, retryCount, Map.of(), concurrent, verdictMode,
            parksWhenExhausted);
    }

    /**
     * The same for a transaction that is run again: nobody waits for it.
     *
     * @param isLimited whether there is still a retry limit, without which nothing parks
     */
    Options again(boolean isLimited) {
        return new Options(false, timeoutToFailSeconds, requestTimeoutSeconds,
            retryIntervalSeconds, retryLimit, retryCount, branchHeaders, concurrent, verdictMode,
            parksWhenExhausted && isLimited);
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
            later.verdictMode.or(verdictMode),
            parksWhenExhausted || later.parksWhenExhausted);
    }

    private static int said(int later, int earlier) {
        return later == 0 ? earlier : later;
    }

    static void inBounds(String name, int value) {
        InvalidRequest.require(value >= 0 && value <= Limits.SECONDS_MAX,
            name + " must be between 0 and " + Limits.SECONDS_MAX + ": " + value);
    }
}
