package bench;

import credential.NoToken;
import credential.ToolCredentials;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * What is to be run, checked.
 *
 * @param coordinator the base of the coordinator's API, such as
 *     {@code http://127.0.0.1:8080/api/dtmsvr}; no slash at the end
 * @param ca who may vouch for an {@code https} coordinator, as PEM; empty for those of the JVM
 * @param credentials what the coordinator is shown
 * @param grpcAddress {@code host:port} of its gRPC API, which the load then goes through; empty if
 *     it goes through HTTP
 * @param workload which transactions
 * @param waitResult whether the submit is answered at the end state or at once
 * @param concurrency how many at once, each with one transaction at a time until its submit is
 *     answered; over HTTP a connection each
 * @param backlog with {@code waitResult} off, how many transactions may be unfinished at once;
 *     connections then pause. Equal to {@code concurrency} otherwise
 * @param rate transactions begun in a second, whatever becomes of them; 0 if each lane begins one
 *     when its last was answered
 * @param participantHost the address where the coordinator reaches this tool
 * @param times how long each part of the run takes
 */
record BenchPlan(
        URI coordinator,
        Optional<Path> ca,
        ToolCredentials credentials,
        String grpcAddress,
        Workload workload,
        boolean waitResult,
        int concurrency,
        int backlog,
        int rate,
        String participantHost,
        Times times) {

    /** Above this the tool's one thread is what is measured. */
    static final int CONCURRENCY_MAX = 4_096;

    static final int BACKLOG_MAX = GidSequence.SLOTS_MAX;

    /** The default backlog: enough that acks are not held back by the calls to participants. */
    static final int BACKLOG_PER_CONNECTION = 16;

    static final int RATE_MAX = 1_000_000;

    /** A run is over in a day, and a part of one too. */
    static final Duration PART_MAX = Duration.ofHours(8);

    /**
     * @param warmup before the window; nothing in it is counted but errors
     * @param window what is measured
     * @param drain how long to wait, after the window, for what is still unfinished
     * @param request how long one request may take before it is an error
     */
    record Times(Duration warmup, Duration window, Duration drain, Duration request) {}

    /** The root of the coordinator's site, where {@code /api/health} is. */
    String root() {
        String base = coordinator.toString();
        String api = "/api/dtmsvr";
        if (base.endsWith(api)) {
            return base.substring(0, base.length() - api.length());
        }
        return coordinator.getScheme() + "://" + coordinator.getRawAuthority();
    }

    /**
     * What the coordinator speaks below HTTP, if anything. Blocks for the reading of a file.
     *
     * @throws IllegalStateException if {@link #ca} cannot be used
     */
    Optional<SslContext> tls() {
        if (!"https".equals(coordinator.getScheme())) {
            return Optional.empty();
        }
        Optional<SSLContext> own = credentials.tls(coordinator.toString());
        if (own.isPresent()) {
            return Optional.of(new JdkSslContext(own.get(), true, ClientAuth.NONE));
        }
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
        ca.ifPresent(file -> builder.trustManager(file.toFile()));
        try {
            return Optional.of(builder.build());
        } catch (SSLException unusable) {
            throw new IllegalStateException(ca + " cannot be used: " + unusable.getMessage());
        }
    }

    /**
     * The headers of each request to the coordinator that say who asks. Blocks if a token has to be
     * fetched.
     *
     * @throws IllegalStateException if it cannot be had
     */
    Map<String, String> shown() {
        try {
            return credentials.headers(coordinator.toString());
        } catch (NoToken none) {
            throw new IllegalStateException(none.getMessage());
        }
    }

    /** Whether the transactions are made, and their branches called, over gRPC. */
    boolean isGrpc() {
        return !grpcAddress.isEmpty();
    }

    /** The name of what the transactions are made over. */
    String protocol() {
        return isGrpc() ? "grpc" : "http";
    }

    /** Whether the end is seen by asking for the status of every transaction. */
    boolean isEndPolled() {
        return !waitResult && !workload.hasBranchCalls();
    }
}
