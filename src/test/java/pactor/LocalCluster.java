package pactor;

import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import pactor.settings.LiveSettings;
import pactor.settings.Settings;

/** Nodes of one cluster in this JVM over one database in memory, and a participant. */
final class LocalCluster implements AutoCloseable {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final List<Server> nodes = new ArrayList<>();
    private final String url = "jdbc:h2:mem:cluster-" + UUID.randomUUID();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer participant;

    /** The status with which the participant answers. */
    final AtomicInteger answer = new AtomicInteger(200);
    final AtomicInteger calls = new AtomicInteger();
    final AtomicLong bytes = new AtomicLong();

    LocalCluster() {
        try {
            participant = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        participant.setExecutor(threads);
        participant.createContext("/", exchange -> {
            try (exchange) {
                bytes.addAndGet(exchange.getRequestBody().readAllBytes().length);
                calls.incrementAndGet();
                exchange.sendResponseHeaders(answer.get(), -1);
            }
        });
        participant.start();
    }

    String participant() {
        return "http://127.0.0.1:" + participant.getAddress().getPort() + "/do";
    }

    /** Another node; it joins the first, if there is one. */
    Server add(String... settings) {
        Config config = config(nodes.isEmpty() ? "" : address(nodes.get(0)).toString(), url,
            settings);
        Server server = Server.launch(config, LiveSettings.fixed(Settings.of(config)));
        nodes.add(server);
        return server;
    }

    String database() {
        return url;
    }

    /** @param seed a node to join; empty to form a cluster */
    static Config config(String seed, String database, String... settings) {
        return ConfigFactory.parseString(String.join("\n", settings))
            .withFallback(ConfigFactory.parseString("""
                pekko {
                  remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                  cluster.seed-nodes = [%s]
                  cluster.gossip-interval = 200 ms
                  cluster.leader-actions-interval = 200 ms
                  cluster.split-brain-resolver.stable-after = 1 s
                  coordinated-shutdown.exit-jvm = off
                  coordinated-shutdown.run-by-jvm-shutdown-hook = off
                }
                pactor {
                  http.port = 0, grpc.port = 0
                  store.jdbc-url = "%s"
                  transaction.retry-interval = 1 s
                  cluster.lease = 5 s
                }
                """.formatted(seed.isEmpty() ? "" : '"' + seed + '"', database)))
            .withFallback(ConfigFactory.parseResources("application.conf"))
            .withFallback(ConfigFactory.defaultReferenceUnresolved()).resolve();
    }

    static Address address(Server server) {
        return Cluster.get(server.system()).selfMember().address();
    }

    /** Has {@code other} take {@code victim} for dead, as the split-brain resolver would. */
    void down(Server victim, Server other) {
        Cluster.get(other.system()).manager().tell(new Down(address(victim)));
    }

    HttpResponse<String> get(Server node, String path) {
        return send(HttpRequest.newBuilder(uri(node, path)).GET());
    }

    HttpResponse<String> post(Server node, String path, String body) {
        return send(HttpRequest.newBuilder(uri(node, path))
            .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        for (Server node : nodes) {
            node.stop();
            await(node.system().getWhenTerminated());
        }
        participant.stop(0);
        threads.shutdownNow();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static URI uri(Server node, String path) {
        return URI.create("http://127.0.0.1:" + node.address().getPort() + path);
    }
}
