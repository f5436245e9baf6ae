package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import database.Databases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that know no address of each other, only where to ask. */
class BootstrapTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path dir;

    @Test
    void nodesFindEachOtherAndTellTheirOrchestratorWhenTheyAreReady() throws Exception {
        String database = Databases.fresh(Databases.POSTGRESQL);
        int port = freePort();
        CompletableFuture<Server> starting = CompletableFuture.supplyAsync(
            () -> start("127.0.0.1", port, database));
        Server two = start("127.0.0.2", port, database);
        Server one = starting.join();
        try {
            await().atMost(Duration.ofSeconds(20)).until(
                () -> Cluster.get(one.system()).state().members().size() == 2);
            for (String host : List.of("127.0.0.1", "127.0.0.2")) {
                assertEquals(200, get(host, port, "/ready"));
                assertEquals(200, get(host, port, "/alive"));
                assertEquals(200, get(host, port, "/cluster/members"));
                assertEquals(405, put(host, port, "/cluster/members/"
                    + LocalCluster.address(one).toString().replace("pekko://", "")));
            }
        } finally {
            one.stop();
            LocalCluster.await(one.system().getWhenTerminated());
            two.stop();
            LocalCluster.await(two.system().getWhenTerminated());
        }
        assertThrows(IOException.class, () -> get("127.0.0.1", port, "/ready"));
    }

    private Server start(String host, int port, String database) {
        Path file = dir.resolve(host + ".conf");
        try {
            Files.writeString(file, """
                pactor {
                  http.port = 0, grpc.port = 0
                  store { jdbc-url = "%1$s", user = pactor, password = pactor }
                  cluster {
                    discovery = config, host = "%2$s", port = 0, management.port = %3$d
                  }
                }
                pekko {
                  discovery.config.services.pactor.endpoints = [
                    { host = "127.0.0.1", port = %3$d }, { host = "127.0.0.2", port = %3$d }]
                  management.cluster.bootstrap.contact-point-discovery.stable-margin = 1 s
                  coordinated-shutdown.exit-jvm = off
                  coordinated-shutdown.run-by-jvm-shutdown-hook = off
                }
                """.formatted(database, host, port));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Effective effective = Effective.of(
            new Inputs(List.of(), Map.of(), Map.of(), Optional.of(file)));
        return Server.launch(effective.config(), LiveSettings.fixed(effective.settings()));
    }

    private static int get(String host, int port, String path)
            throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri(host, port, path)).build(),
            HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static int put(String host, int port, String path)
            throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(uri(host, port, path))
            .PUT(HttpRequest.BodyPublishers.ofString("operation=Down")).build(),
            HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static URI uri(String host, int port, String path) {
        return URI.create("http://" + host + ":" + port + path);
    }

    /** One that is free at both addresses, most likely. */
    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
            return free.getLocalPort();
        }
    }
}
