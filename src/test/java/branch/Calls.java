package branch;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import transaction.BranchCall;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Op;
import transaction.Outcome;
import transaction.Protocol;
import transaction.VerdictMode;

/** Calls and settings for tests. */
final class Calls {

    static final Duration SOON = Duration.ofMillis(400);

    private Calls() {}

    /** The action of a saga's first step: a POST. */
    static BranchCall action(String url) {
        return action(url, Duration.ofSeconds(3));
    }

    static BranchCall action(String url, Duration timeout) {
        return call(Op.ACTION, url, "{\"amount\":30}", timeout);
    }

    /** A call with that payload; without one it is a GET. */
    static BranchCall call(Op op, String url, String payload, Duration timeout) {
        return new BranchCall(
                "gid-1", "saga", "01", op.wire(), new CallKey("01", op), url, Bytes.utf8(payload),
                Map.of(), Protocol.HTTP, timeout);
    }

    /** The same by another protocol and with another payload. */
    static BranchCall by(Protocol protocol, String url, String payload) {
        BranchCall http = call(Op.ACTION, url, payload, Duration.ofSeconds(3));
        return new BranchCall(
                http.gid(), http.mode(), http.branchId(), http.op(), http.key(), url,
                http.payload(), Map.of(), protocol, http.timeout());
    }

    /** The same again, after it has gone wrong. */
    static BranchCall again(BranchCall call) {
        return new BranchCall(
                call.gid(), call.mode(), call.branchId(), call.op(), call.key(), call.url(),
                call.payload(), call.headers(), call.protocol(), call.timeout(),
                call.verdictMode(), true, call.method(), call.openedAt());
    }

    /** The action with another method and payload. */
    static BranchCall by(String method, String payload) {
        BranchCall http = call(Op.ACTION, "http://b/", payload, Duration.ofSeconds(3));
        return new BranchCall(
                http.gid(), http.mode(), http.branchId(), http.op(), http.key(), http.url(),
                http.payload(), Map.of(), http.protocol(), http.timeout(), http.verdictMode(),
                false, method, http.openedAt());
    }

    static BranchCall with(Map<String, String> headers, String url) {
        BranchCall http = action(url);
        return new BranchCall(
                http.gid(), http.mode(), http.branchId(), http.op(), http.key(), url,
                http.payload(), headers, http.protocol(), http.timeout());
    }

    /** The defaults but for the sizes of pools and queues. */
    static CallSettings settings(int connections, int perHost, int queue) {
        CallSettings standard = CallSettings.defaults();
        return new CallSettings(
                standard.connectTimeout(), standard.idleTimeout(), connections, perHost, queue,
                standard.responseBytesMax(), standard.lookupThreads(), 1, false, VerdictMode.DTM,
                standard.grpc(), standard.retries());
    }

    /** The defaults but for gRPC. */
    static CallSettings settings(GrpcSettings grpc) {
        CallSettings standard = CallSettings.defaults();
        return new CallSettings(
                standard.connectTimeout(), standard.idleTimeout(), standard.maxConnections(),
                standard.maxConnectionsPerHost(), standard.queuePerHost(),
                standard.responseBytesMax(), standard.lookupThreads(), 1, false, VerdictMode.DTM,
                grpc, standard.retries());
    }

    /** The defaults but for the reading of answers. */
    static CallSettings settings(VerdictMode mode) {
        CallSettings standard = CallSettings.defaults();
        return new CallSettings(
                standard.connectTimeout(), standard.idleTimeout(), standard.maxConnections(),
                standard.maxConnectionsPerHost(), standard.queuePerHost(),
                standard.responseBytesMax(), standard.lookupThreads(), 1, false, mode,
                standard.grpc(), standard.retries());
    }

    static HttpTransport transport(CallSettings settings, AddressLookup.Names names) {
        try {
            return new HttpTransport(
                    settings, () -> true,
                    io.netty.handler.ssl.SslContextBuilder.forClient().build(), names);
        } catch (javax.net.ssl.SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    static HttpTransport transport(CallSettings settings) {
        return transport(settings, InetAddress::getAllByName);
    }

    /** The outcome; it must be there in a minute and must not be an exception. */
    static Outcome outcome(CompletionStage<Outcome> stage) {
        try {
            return stage.toCompletableFuture().get(1, TimeUnit.MINUTES);
        } catch (Exception e) {
            throw new AssertionError("a call ended in no outcome", e);
        }
    }
}
