package transaction;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How one operation is called, where its initiator wants that otherwise than for the rest of the
 * transaction. Zero and empty mean "not said".
 *
 * @param method of HTTP; without it, POST if there is a payload, else GET
 * @param headers sent along with this call, besides {@code branch_headers} and before them
 * @param requestTimeoutSeconds time of the call; 0 is the transaction's
 * @param retryLimit tries of it that may go wrong; 0 is the transaction's
 * @param retryIntervalSeconds first wait between two tries; 0 is the transaction's
 */
public record CallOptions(String method, Map<String, String> headers, int requestTimeoutSeconds,
        int retryLimit, int retryIntervalSeconds) {

    /** Without a retry interval of its own. */
    public CallOptions(String method, Map<String, String> headers, int requestTimeoutSeconds,
            int retryLimit) {
        this(method, headers, requestTimeoutSeconds, retryLimit, 0);
    }

    public static final CallOptions NONE = new CallOptions("", Map.of(), 0, 0);

    /** Those that need no agreement of their own, as CONNECT would. */
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

    public CallOptions {
        // Not a map of the JDK's own making: one degrades for names that are made to collide.
        headers = headers.isEmpty() ? Map.of()
            : Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    public boolean isNone() {
        return method.isEmpty() && headers.isEmpty() && requestTimeoutSeconds == 0
            && retryLimit == 0 && retryIntervalSeconds == 0;
    }

    /**
     * @param what these are called in messages
     * @throws InvalidRequest if a client may not ask for this: see {@link Command#check}
     */
    void check(String what) {
        InvalidRequest.require(method.isEmpty() || METHODS.contains(method), what
            + ".method must be GET, POST, PUT, PATCH or DELETE, not " + Limits.cut(method, 100));
        try {
            Headers.check(headers);
        } catch (InvalidRequest wrong) {
            throw new InvalidRequest(what + ".headers: " + wrong.getMessage());
        }
        Options.inBounds(what + ".request_timeout", requestTimeoutSeconds);
        Options.inBounds(what + ".retry_limit", retryLimit);
        Options.inBounds(what + ".retry_interval", retryIntervalSeconds);
    }

    /**
     * @param what these are called in messages
     * @throws InvalidRequest if a call to {@code url} with that payload cannot be made so
     */
    void requireCarried(String what, String url, Bytes payload, Protocol protocol) {
        boolean byGrpc = Urls.isGrpc(url, protocol);
        InvalidRequest.require(method.isEmpty() || !byGrpc,
            what + ".method is said of a call over gRPC, which has none");
        InvalidRequest.require(method.isEmpty() || !Urls.isJsonRpc(url, protocol),
            what + ".method is said of a call by JSON-RPC, which is a POST");
        InvalidRequest.require(!method.equals("GET") || payload.isEmpty(), what
            + ".method is GET, and there is a payload, which a GET does not carry");
        if (byGrpc) {
            headers.forEach(Headers::requireGrpc);
        }
    }

    CallOptions withoutRetryLimit() {
        return new CallOptions(method, headers, requestTimeoutSeconds, 0, retryIntervalSeconds);
    }

    /** All headers of the call. Of one name, in whatever case, these overrule {@code others}. */
    Map<String, String> over(Map<String, String> others) {
        if (headers.isEmpty()) {
            return others;
        }
        Map<String, String> all = new LinkedHashMap<>();
        Map<String, String> own = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        own.putAll(headers);
        others.forEach((name, value) -> {
            if (!own.containsKey(name)) {
                all.put(name, value);
            }
        });
        all.putAll(headers);
        return all;
    }
}
