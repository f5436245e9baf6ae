package http;

import java.util.List;
import java.util.Map;
import transaction.Bytes;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Options;
import transaction.VerdictMode;
import wire.JsonIn;
import wire.KnownKeys;
import wire.TransactionRequest;

/**
 * The body of prepare, submit, abort, forceStop, prepareWorkflow and resetNextCronTime: one shape,
 * of which each endpoint reads what it needs (protocol section 1.3).
 *
 * <p>Whatever does not fit is a {@link transaction.InvalidRequest}; unknown keys do not matter, and
 * null is as good as absent.
 */
final class WireTransaction {

    private static final KnownKeys KEYS = KnownKeys.of("gid", "trans_type", "steps", "payloads",
        "query_prepared", "protocol", "custom_data", "wait_result", "timeout_to_fail",
        "request_timeout", "retry_interval", "retry_limit", "retry_count", "branch_headers",
        "concurrent", "verdict_mode", "rollback_reason", "req_extra", "attributes",
        "on_exhausted");

    private String gid = "";
    private String transType = "";
    private List<TransactionRequest.NamedUrls> steps = List.of();
    private List<Bytes> payloads = List.of();
    private String queryPrepared = "";
    private String protocol = "";
    private String customData = "";
    private boolean waitResult;
    private int timeoutToFail;
    private int requestTimeout;
    private int retryInterval;
    private int retryLimit;
    private int retryCount;
    private Map<String, String> branchHeaders = Map.of();
    private boolean concurrent;
    private String verdictMode = "";
    private String onExhausted = "";
    private String rollbackReason = "";
    private Map<String, String> attributes = Map.of();
    private Map<String, String> reqExtra = Map.of();

    private WireTransaction() {}

    static TransactionRequest of(byte[] json) {
        return JsonIn.whole(json, in -> {
            WireTransaction read = new WireTransaction();
            in.object("the body", KEYS, key -> read.take(key, in));
            return read.request();
        });
    }

    /** The id without the characters that DTM removes from it: LF, CR and semicolon. */
    static String stripped(String gid) {
        for (int i = 0; i < gid.length(); i++) {
            if (isStripped(gid.charAt(i))) {
                return gid.replace("\n", "").replace("\r", "").replace(";", "");
            }
        }
        return gid;
    }

    private void take(String key, JsonIn in) {
        switch (key) {
            case "gid" -> gid = stripped(in.text(key));
            case "trans_type" -> transType = in.text(key);
            case "steps" -> steps = TransactionRequest.steps(in, key);
            case "payloads" ->
                payloads = in.array(key, JsonIn.ELEMENTS, () -> Bytes.utf8(in.text("a payload")));
            case "query_prepared" -> queryPrepared = in.text(key);
            case "protocol" -> protocol = in.text(key);
            case "custom_data" -> customData = in.text(key);
            case "wait_result" -> waitResult = in.flag(key);
            case "timeout_to_fail" -> timeoutToFail = in.integer(key);
            case "request_timeout" -> requestTimeout = in.integer(key);
            case "retry_interval" -> retryInterval = in.integer(key);
            case "retry_limit" -> retryLimit = in.integer(key);
            case "retry_count" -> retryCount = in.integer(key);
            case "branch_headers" -> branchHeaders = in.texts(key, Limits.BRANCH_HEADERS);
            case "concurrent" -> concurrent = in.flag(key);
            case "verdict_mode" -> verdictMode = in.text(key);
            case "on_exhausted" -> onExhausted = in.text(key);
            case "rollback_reason" -> rollbackReason = in.text(key);
            case "attributes" -> attributes = in.texts(key, Limits.ATTRIBUTES);
            case "req_extra" -> reqExtra = TransactionRequest.extra(in, key);
            default -> throw new IllegalStateException(key);
        }
    }

    private TransactionRequest request() {
        return new TransactionRequest(gid, transType, steps, payloads, queryPrepared, protocol,
            customData, this::options, rollbackReason, attributes, reqExtra);
    }

    private Options options() {
        return new Options(waitResult, timeoutToFail, requestTimeout, retryInterval, retryLimit,
            retryCount, branchHeaders, concurrent, mode(), parks());
    }

    private boolean parks() {
        if (!onExhausted.isEmpty() && !onExhausted.equals("park")) {
            throw new InvalidRequest(
                "on_exhausted must be park, not '" + Limits.cut(onExhausted, 100) + "'");
        }
        return !onExhausted.isEmpty();
    }

    private VerdictMode mode() {
        return VerdictMode.of(verdictMode).orElseThrow(() -> new InvalidRequest(
            "verdict_mode must be dtm or strict, not '" + Limits.cut(verdictMode, 100) + "'"));
    }

    private static boolean isStripped(char c) {
        return c == '\n' || c == '\r' || c == ';';
    }
}
