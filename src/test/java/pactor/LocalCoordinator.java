package pactor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import pactor.settings.LiveSettings;
import pactor.settings.Settings;
import transaction.Coordinator;
import transaction.TestControls;

/**
 * A coordinator in the test mode inside the JVM of the test: it stores in memory, and is reached
 * over HTTP and gRPC on free ports, or directly. Starting it takes a second or two.
 */
public final class LocalCoordinator implements AutoCloseable {

    private static final long STOP_SECONDS = 30;

    private final Server server;

    private LocalCoordinator(Server server) {
        this.server = server;
    }

    /** Blocks until it serves. */
    public static LocalCoordinator start() {
        Config config = ConfigFactory.parseString(String.join("\n",
            "pekko {",
            "  actor.provider = cluster",
            "  remote.artery.canonical { hostname = \"127.0.0.1\", port = 0 }",
            "  cluster { jmx.enabled = off, log-info = off, periodic-tasks-initial-delay = 50ms }",
            "  cluster.sharding.passivation.strategy = none",
            "  log-dead-letters = off, stdout-loglevel = ERROR",
            "  loggers = [\"org.apache.pekko.event.slf4j.Slf4jLogger\"]",
            "  coordinated-shutdown.run-by-jvm-shutdown-hook = off",
            "}",
            "pactor {",
            "  test-mode = on, http.port = 0, grpc.port = 0",
            "  store.jdbc-url = \"jdbc:h2:mem:pactor-" + UUID.randomUUID() + "\"",
            "}")).withFallback(ConfigFactory.defaultReference()).resolve();
        return new LocalCoordinator(
            Server.launch(config, LiveSettings.fixed(Settings.of(config))));
    }

    public Coordinator coordinator() {
        return server.pactor().coordinator();
    }

    public TestControls controls() {
        return server.pactor().tests().orElseThrow();
    }

    public InetSocketAddress http() {
        return server.address();
    }

    public InetSocketAddress grpc() {
        return server.grpcAddress().orElseThrow();
    }

    @Override
    public void close() {
        CompletableFuture<?> stopped = server.stop().toCompletableFuture();
        stopped.orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
    }
}
