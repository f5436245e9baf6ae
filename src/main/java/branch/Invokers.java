package branch;

import credential.Credential;
import credential.HeaderValue;
import credential.NoToken;
import credential.ParticipantCredentials;
import egress.EgressGuard;
import health.Guard;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import meter.Meter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import signature.CallSigner;
import transaction.BranchCall;
import transaction.BranchInvoker;
import transaction.BranchResolver;
import transaction.Outcome;
import transaction.Protocol;

/**
 * Calls any participant: chooses by the transaction's protocol and the branch's url, and counts.
 *
 * <p>Owns the connections and a few threads until it is closed. Safe from any thread. Stages
 * complete on the thread that read the answer, which serves other participants too: what depends on
 * them must not block.
 */
public final class Invokers implements BranchInvoker, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Invokers.class);

    private final HttpTransport transport;
    private final Meter meter;
    private final HttpInvoker http;
    private final JsonRpcInvoker jsonRpc;
    private final GrpcInvoker grpc;
    private final TokenRequests tokens;
    private final GrpcTransport channels;
    private final RetryBudget budget;
    private final CallSigner signer;
    private final SigningThreads signing;

    private Invokers(HttpTransport transport, BranchResolver resolver, CallSigner signer,
            Guard parts, Meter meter) {
        this.signing = new SigningThreads(
            SigningThreads.usual(), SigningThreads.QUEUE_MAX, parts);
        this.transport = transport;
        this.channels = new GrpcTransport(transport, resolver);
        this.signer = signer;
        this.grpc = new GrpcInvoker(channels, signer);
        this.meter = meter;
        this.budget = new RetryBudget(transport.settings().retries());
        this.tokens = new TokenRequests(transport);
        this.http = new HttpInvoker(transport, signer);
        this.jsonRpc = new JsonRpcInvoker(transport, signer);
    }

    /** Opens nothing yet: connections are made when they are needed. */
    public static Invokers create(CallSettings settings, Meter meter) {
        return create(settings, () -> true, meter);
    }

    /**
     * The same, held back by a fence.
     *
     * @param isSure asked right before each call leaves, on a thread that must not block; while it
     *     says no, calls end at once with UNKNOWN and nothing is sent
     */
    public static Invokers create(CallSettings settings, BooleanSupplier isSure, Meter meter) {
        return create(settings, EgressGuard.DEVELOPMENT, isSure, meter);
    }

    /** The same, calling whom {@code guard} lets it call. */
    public static Invokers create(CallSettings settings, EgressGuard guard,
            BooleanSupplier isSure, Meter meter) {
        return create(settings, BranchResolver.NONE, guard, isSure, meter);
    }

    /**
     * The same with what participants are shown.
     *
     * @param contexts TLS for those without an identity of their own; asked for each connection
     */
    public static Invokers create(CallSettings settings, EgressGuard guard,
            Supplier<SSLContext> contexts, ParticipantCredentials credentials,
            BooleanSupplier isSure, Meter meter) {
        return create(settings, guard, contexts, credentials, CallSigner.NONE, isSure, meter);
    }

    /** The same with the signatures of {@code signer}. */
    public static Invokers create(CallSettings settings, EgressGuard guard,
            Supplier<SSLContext> contexts, ParticipantCredentials credentials, CallSigner signer,
            BooleanSupplier isSure, Meter meter) {
        return create(settings, guard, contexts, credentials, signer, isSure, Guard.passive(),
            meter);
    }

    /** The same; {@code parts} is told of an Error on a thread that signs. */
    public static Invokers create(CallSettings settings, EgressGuard guard,
            Supplier<SSLContext> contexts, ParticipantCredentials credentials, CallSigner signer,
            BooleanSupplier isSure, Guard parts, Meter meter) {
        return create(new HttpTransport(settings, isSure, CallTls.of(contexts, credentials),
            new Dials(guard, meter::dialRefused)), BranchResolver.NONE, signer, parts, meter);
    }

    /** The same with a {@code resolver} that knows the services of {@code discovery:///} urls. */
    public static Invokers create(CallSettings settings, BranchResolver resolver,
            EgressGuard guard, BooleanSupplier isSure, Meter meter) {
        return create(new HttpTransport(settings, isSure, new Dials(guard, meter::dialRefused)),
            resolver, CallSigner.NONE, Guard.passive(), meter);
    }

    private static Invokers create(HttpTransport transport, BranchResolver resolver,
            CallSigner signer, Guard parts, Meter meter) {
        meter.gauge(
                "pactor_branch_connections",
                "Connections to HTTP participants, those being opened included",
                transport::connections);
        Invokers invokers = new Invokers(transport, resolver, signer, parts, meter);
        meter.gauge(
                "pactor_branch_grpc_targets",
                "Targets of gRPC calls that have a channel",
                invokers.channels::targets);
        meter.gauge(
                "pactor_branch_hosts_put_off",
                "Participants to which calls were put off within the last minute",
                invokers.budget::shortOnes);
        return invokers;
    }

    @Override
    public CompletionStage<Outcome> invoke(BranchCall call) {
        long begin = System.nanoTime();
        HostBudget host = budget.of(call);
        Outcome refused = RetryBudget.refuse(call, host);
        if (refused != null) {
            return CompletableFuture.completedFuture(refused);
        }
        Protocol protocol = call.protocolOfUrl();
        CompletionStage<Outcome> outcome;
        try {
            outcome = make(call, protocol);
        } catch (RuntimeException e) {
            // A bug of ours; the transaction must hear of it all the same, or it waits for ever.
            LOG.error("gid={} {} call failed", call.gid(), call.key(), e);
            outcome = CompletableFuture.completedFuture(
                    Outcome.unknown("url:" + call.url() + " could not be called: " + e));
        }
        // Counted before it is told, so that who has heard of a call finds it among the figures.
        return outcome.thenApply(known -> {
            host.ended(call.isRepeat(), known, transport.wasLateSince(begin));
            if (known.wasTried()) {
                count(call, protocol, known, begin);
            }
            return known;
        });
    }

    /** An alert hook that shares these connections, and ends with them. */
    public AlertHook alertsTo(String url, Duration interval) {
        return new AlertHook(new AlertHook.Way(transport, signer,
            signer.isOn() ? signing : Runnable::run), url, AlertHook.TIMEOUT, interval,
            AlertGroups.Timer.SYSTEM);
    }

    /**
     * Ends all calls, those that were sent with UNKNOWN, the others put off, and closes all
     * connections. Does not block.
     */
    @Override
    public void close() {
        signing.close();
        channels.close();
        transport.close();
    }

    private CompletionStage<Outcome> make(BranchCall call, Protocol protocol) {
        Optional<Credential> credential = Attached.of(
            call, transport.settings().isDocker(), transport.tls().credentials());
        if (credential.isEmpty()) {
            return make(call, protocol, Attached.NOTHING);
        }
        CompletableFuture<HeaderValue> value = credential.get().value(tokens).toCompletableFuture();
        if (!value.isDone()) {
            value = value.orTimeout(call.timeout().toNanos(), TimeUnit.NANOSECONDS);
        }
        return value.thenCompose(known -> {
            Attached attached = Attached.of(credential.get(), known);
            return make(call, protocol, attached).thenApply(attached::hiddenIn);
        }).exceptionally(failed -> notCalled(call, failed));
    }

    /**
     * Without a token nothing was sent, so that was no try, and counts for no retry limit. What is
     * not expected may have anything in its message, so it is not repeated.
     */
    private static Outcome notCalled(BranchCall call, Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause() : thrown;
        String said = "url:" + call.url() + " was not called: ";
        if (cause instanceof NoToken) {
            return Outcome.putOff(said + cause.getMessage());
        }
        if (cause instanceof TimeoutException) {
            return Outcome.putOff(said + "its token has not come in time");
        }
        LOG.error("a call with a credential failed: {}", cause.getClass().getName());
        return Outcome.unknown(said + cause.getClass().getSimpleName());
    }

    private CompletionStage<Outcome> make(BranchCall call, Protocol protocol, Attached attached) {
        return signer.isOn() ? signing.make(call, () -> send(call, protocol, attached))
            : send(call, protocol, attached);
    }

    private CompletionStage<Outcome> send(BranchCall call, Protocol protocol, Attached attached) {
        return switch (protocol) {
            case HTTP -> http.invoke(call, attached);
            case JSON_RPC -> jsonRpc.invoke(call, attached);
            case GRPC -> grpc.invoke(call, attached);
        };
    }

    private void count(BranchCall call, Protocol protocol, Outcome outcome, long begin) {
        Meter.Branch labels =
                new Meter.Branch(
                        call.mode(),
                        call.key().op().wire(),
                        protocol.wire(),
                        outcome.kind().name().toLowerCase(Locale.ROOT));
        meter.branchCall(labels, Duration.ofNanos(System.nanoTime() - begin));
    }
}
