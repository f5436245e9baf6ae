package transaction;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * One call to a participant, complete: an invoker needs nothing else.
 *
 * @param gid the global transaction
 * @param mode its mode, as clients write it ({@code trans_type})
 * @param branchId the branch; opaque
 * @param op the operation as it goes on the wire; for the callback of a workflow this is the
 *     workflow's name
 * @param key which operation of the transaction this is, for the host's book-keeping
 * @param url where to; never empty (an empty url is a success that needs no call)
 * @param payload the body, unchanged; empty means a call without a body
 * @param headers what the initiator asked to be sent along ({@code branch_headers})
 * @param protocol how the transaction's branches are called; the url may overrule it
 * @param timeout time the call may take, from being sent to the last byte read, and before that
 *     at most as long to get a connection; positive
 * @param verdictMode how the answer is read
 * @param isRepeat whether it is on record that the same call has gone wrong before, so that this
 *     one may be put off
 * @param method of HTTP; empty for the usual one
 * @param openedAt when the transaction was opened
 */
public record BranchCall(
        String gid,
        String mode,
        String branchId,
        String op,
        CallKey key,
        String url,
        Bytes payload,
        Map<String, String> headers,
        Protocol protocol,
        Duration timeout,
        VerdictMode verdictMode,
        boolean isRepeat,
        String method,
        Instant openedAt) {

    /** A first call. */
    public BranchCall(String gid, String mode, String branchId, String op, CallKey key, String url,
            Bytes payload, Map<String, String> headers, Protocol protocol, Duration timeout) {
        this(gid, mode, branchId, op, key, url, payload, headers, protocol, timeout,
            VerdictMode.UNSAID, false, "", Instant.EPOCH);
    }

    public BranchCall {
        headers = Map.copyOf(headers);
    }

    /** The same as somebody wants it who must not be put off: an operator. */
    BranchCall unbudgeted() {
        return new BranchCall(gid, mode, branchId, op, key, url, payload, headers, protocol,
            timeout, verdictMode, false, method, openedAt);
    }

    /** The same with other headers. */
    public BranchCall with(Map<String, String> others) {
        return new BranchCall(gid, mode, branchId, op, key, url, payload, others, protocol,
            timeout, verdictMode, isRepeat, method, openedAt);
    }

    /** The gid as the client wrote it: {@link #gid} without the namespace. */
    public String ownGid() {
        return TransactionId.gidOf(gid);
    }

    /** Whose transaction it is. */
    public String namespace() {
        return TransactionId.namespaceOf(gid);
    }

    /** How it is made: a url that begins with http is HTTP, whatever was asked for. */
    public Protocol protocolOfUrl() {
        if (protocol != Protocol.HTTP && !HttpUrl.isHttp(url)) {
            return Protocol.GRPC;
        }
        return Urls.isJsonRpc(url, protocol) ? Protocol.JSON_RPC : Protocol.HTTP;
    }
}
