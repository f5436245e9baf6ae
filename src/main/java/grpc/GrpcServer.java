package grpc;

import audit.Audit;
import io.grpc.BindableService;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import security.Access;
import tls.NettyTls;
import tls.ServerTls;
import transaction.Coordinator;

/** The coordinator's gRPC server. Thread-safe. */
public final class GrpcServer {

    /** A connection that has not said within this time that it speaks HTTP/2 is closed. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    /**
     * Calls that a client may take back on one connection in ten seconds. Calls to be taken back
     * cost it nothing and the server work (CVE-2023-44487), and no client has so many deadlines.
     */
    private static final int RESETS = 2_000;

    private static final int RESETS_SECONDS = 10;

    /**
     * How soon who watches the health hears of a change, and how late a client may be ended that
     * takes too long.
     */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** Who is too slow with its message is told so first. */
    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    /** What is left of connections after the drain is closed within this time. */
    private static final Duration CLOSE = Duration.ofSeconds(2);

    /** Threads that carry bytes; what is done with them is done elsewhere. */
    private static final int IO_THREADS =
        Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));

    /** What is spoken within TLS. */
    private static final List<String> PROTOCOLS = List.of("h2");

    private static final String STARTING = "starting";

    private final EventLoopGroup io = new MultiThreadIoEventLoopGroup(IO_THREADS,
        new DefaultThreadFactory("pactor-grpc", true), NioIoHandler.newFactory());
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
        task -> daemon(task, "pactor-grpc-health"));
    private final Health health = new Health(this::notReadyBecause);
    private final ErrorStatuses troubles = new ErrorStatuses();
    private final AdmittedCalls calls;
    private final OpenConnections connections;
    private final Duration idleCall;
    private final Status late;
    private final Duration unfinished;
    private final Server server;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();

    private volatile InetSocketAddress address;

    /** Null until it is known. */
    private volatile Served served;

    /** What calls are for. */
    private record Served(
            Coordinator coordinator, CallMeter meter, Access access, Audit audit) {}

    private GrpcServer(Executor executor, GrpcServerSettings settings, InetSocketAddress at,
            Optional<ServerTls> tls) {
        calls = new AdmittedCalls(this::ended, settings.buffered(), settings.maxOpenCalls());
        connections = new OpenConnections(settings.maxConnections());
        idleCall = settings.messageTimeout().plus(LAST_WORD);
        late = UnaryCall.late(settings.messageTimeout()).status();
        unfinished = settings.messageTimeout();
        CallerGuard guard = new CallerGuard(this::access);
        NettyServerBuilder builder = bounded(NettyServerBuilder.forAddress(at), settings)
            .channelFactory(() -> new Acceptor(calls, connections, tls.isPresent()))
            .bossEventLoopGroup(io)
            .workerEventLoopGroup(io)
            .executor(calls.counted(executor))
            .addStreamTracerFactory(calls)
            .addService(new DtmService(() -> served.coordinator, executor, new UnaryCall.Watch(
                guard, () -> served.audit, this::notReadyBecause, troubles,
                settings.messageTimeout(), settings.answerTimeout())).definition())
            .addService(Unreadable.refusedBy(health.definition()));
        if (settings.reflection()) {
            builder.addService(forTheKnown(guard, ProtoReflectionServiceV1.newInstance()));
            builder.addService(forTheKnown(guard, olderReflection()));
        }
        tls.ifPresent(spoken -> builder.sslContext(NettyTls.server(spoken, PROTOCOLS)));
        server = builder.build();
    }

    /**
     * What the server is made of.
     *
     * @param access finds who calls
     * @param audit puts on record what operators do
     * @param executor carries out the calls; nothing that it is given blocks
     */
    public record Parts(Coordinator coordinator, CallMeter meter, Access access, Audit audit,
            Executor executor) {

        /** Lets in everybody. */
        public Parts(Coordinator coordinator, CallMeter meter, Executor executor) {
            this(coordinator, meter, Access.OPEN, Audit.NONE, executor);
        }
    }

    /**
     * {@link #bind} and {@link #serve} in one.
     *
     * @throws GrpcBindException if the address cannot be had
     */
    public static GrpcServer start(Parts parts, GrpcServerSettings settings) {
        GrpcServer server = bind(parts.executor(), settings);
        server.serve(parts.coordinator(), parts.meter(), parts.access(), parts.audit());
        return server;
    }

    /**
     * Listens. Until it is told what to {@link #serve}, it answers each call with UNAVAILABLE, and
     * its health is NOT_SERVING. Blocks while the socket is bound.
     *
     * @param executor as in {@link Parts}
     * @throws GrpcBindException if the address cannot be had; then nothing is left of the server
     */
    public static GrpcServer bind(Executor executor, GrpcServerSettings settings) {
        return bind(executor, settings, Optional.empty());
    }

    /** The same over {@code tls}, if that is given. */
    public static GrpcServer bind(
            Executor executor, GrpcServerSettings settings, Optional<ServerTls> tls) {
        InetSocketAddress at = new InetSocketAddress(settings.host(), settings.port());
        if (at.isUnresolved()) {
            throw new GrpcBindException(settings.host(), settings.port(),
                new UnknownHostException(settings.host()));
        }
        GrpcServer server = new GrpcServer(executor, settings, at, tls);
        try {
            server.server.start();
            server.address = (InetSocketAddress) server.server.getListenSockets().get(0);
        } catch (IOException taken) {
            server.looks.shutdown();
            server.closeNow();
            throw new GrpcBindException(settings.host(), settings.port(), taken);
        }
        server.looks.scheduleWithFixedDelay(
            server::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        return server;
    }

    /** Carries out calls from now on. Does not block. */
    public void serve(
            Coordinator coordinator, CallMeter meter, Access access, Audit audit) {
        served = new Served(coordinator, meter, access, audit);
        health.look();
    }

    /** Where it listens; the port is the one that the operating system gave. */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Takes no more connections, tells clients to go elsewhere, finishes what is under way, and
     * closes what is left after {@code within}. Does not block. A second time changes nothing.
     */
    public CompletionStage<Void> drain(Duration within) {
        if (draining.compareAndSet(false, true)) {
            daemon(() -> finish(within), "pactor-grpc-drain").start();
        }
        return drained;
    }

    private void finish(Duration within) {
        try {
            looks.shutdown();
            health.end();
            server.shutdown();
            calls.awaitNone(within);
            server.shutdownNow();
            server.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
            closeNow();
            drained.complete(null);
        } catch (InterruptedException | RuntimeException thrown) {
            drained.completeExceptionally(thrown);
        }
    }

    /** Never throws, or it would be the last time. */
    private void look() {
        try {
            health.look();
            calls.endIdle(idleCall, late);
            connections.closeLate(unfinished);
        } catch (RuntimeException | Error bug) {
            troubles.log("look", bug);
        }
    }

    private Optional<String> notReadyBecause() {
        Served now = served;
        return now == null ? Optional.of(STARTING) : now.coordinator.notReadyBecause();
    }

    private Access access() {
        Served now = served;
        return now == null ? null : now.access;
    }

    private static ServerServiceDefinition forTheKnown(CallerGuard guard, BindableService service) {
        return ServerInterceptors.intercept(
            Unreadable.refusedBy(service.bindService()), guard.interceptor());
    }

    private void ended(String method, String code, Duration took) {
        Served now = served;
        if (now != null) {
            now.meter.ended(method, code, took);
        }
    }

    private static NettyServerBuilder bounded(
            NettyServerBuilder builder, GrpcServerSettings settings) {
        return builder
            .withOption(ChannelOption.SO_BACKLOG, settings.maxConnections())
            .maxInboundMessageSize(settings.messageBytes())
            .maxInboundMetadataSize(settings.metadataBytes())
            .maxConcurrentCallsPerConnection(settings.maxCalls())
            .maxRstFramesPerWindow(RESETS, RESETS_SECONDS)
            .handshakeTimeout(HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTime(settings.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(settings.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(settings.permitKeepAlive().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .maxConnectionAge(settings.maxAge().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionAgeGrace(settings.maxAgeGrace().toMillis(), TimeUnit.MILLISECONDS)
            // What is small on the wire may be huge in memory, so nothing compressed is taken.
            .decompressorRegistry(
                DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
            .compressorRegistry(CompressorRegistry.newEmptyInstance());
    }

    private void closeNow() {
        io.shutdownGracefully(0, CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The name by which tools that are a few years old ask. */
    @SuppressWarnings("deprecation")
    private static BindableService olderReflection() {
        return ProtoReflectionService.newInstance();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
