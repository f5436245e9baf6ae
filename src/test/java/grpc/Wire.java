package grpc;

import audit.Audit;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import http.MemoryCoordinator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import security.Access;
import transaction.Outcome;

/** A started server with a {@link MemoryCoordinator} behind it, spoken to over its socket. */
final class Wire implements AutoCloseable {

    static {
        // It is made to speak on purpose.
        ((Logger) LoggerFactory.getLogger("grpc.ErrorStatuses")).setLevel(Level.OFF);
    }

    /** They log what strangers send; kept, or their levels would be forgotten. */
    private static final List<java.util.logging.Logger> LOUD = Stream.of("NettyServerStream",
        "NettyServerHandler", "NettyServerTransport").map(name ->
            java.util.logging.Logger.getLogger("io.grpc.netty." + name)).toList();

    static {
        LOUD.forEach(logger -> logger.setLevel(java.util.logging.Level.OFF));
    }

    static final GrpcServerSettings SETTINGS = new GrpcServerSettings("127.0.0.1", 0, true,
        4 << 20, 64 << 20, 16 << 10, 100, 100, 1_000, Duration.ofSeconds(20),
        Duration.ofSeconds(60), Duration.ofSeconds(20), Duration.ofSeconds(10), Duration.ofHours(1),
        Duration.ofSeconds(60), Duration.ofSeconds(35));

    final MemoryCoordinator coordinator = new MemoryCoordinator();
    final List<String> metered = new CopyOnWriteArrayList<>();
    final GrpcServer server;
    final DtmClient client;

    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    private Wire(GrpcServerSettings settings, Access access, Audit audit) {
        server = GrpcServer.start(new GrpcServer.Parts(coordinator,
            (method, code, took) -> metered.add(method + " " + code), access, audit, threads),
            settings);
        client = new DtmClient(port());
    }

    static Wire start() {
        return start(SETTINGS);
    }

    static Wire start(GrpcServerSettings settings) {
        return new Wire(settings, Access.OPEN, Audit.NONE);
    }

    static Wire start(Access access) {
        return start(access, Audit.NONE);
    }

    static Wire start(Access access, Audit audit) {
        return new Wire(SETTINGS, access, audit);
    }

    Wire participant(String url, Outcome outcome) {
        coordinator.participant(url, outcome);
        return this;
    }

    int port() {
        return server.address().getPort();
    }

    @Override
    public void close() {
        client.close();
        try {
            server.drain(Duration.ofMillis(10)).toCompletableFuture().join();
        } catch (CompletionException late) {
            throw new AssertionError(late);
        } finally {
            threads.shutdownNow();
        }
    }
}
