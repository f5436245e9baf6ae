package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import pactor.settings.Effective;
import pactor.settings.Inputs;
import pactor.settings.LiveSettings;

/** Two nodes that know no address of each other, only where to ask. */
class BootstrapTest {

    private static final List<String> HOSTS = List.of("127.0.0.1", "127.0.0.2");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path dir;

    @Test
    void nodesFindEachOtherInAListAndTellTheirOrchestratorWhenTheyAreReady() throws Exception {
        int port = freePort();
        String list = """
            pactor.cluster.discovery = config
            pekko.discovery.config.services.pactor.endpoints = [
              { host = "127.0.0.1", port = %1$d }, { host = "127.0.0.2", port = %1$d }]
            """.formatted(port);
        twoNodes(port, list, one -> {
            for (String host : HOSTS) {
                assertEquals(200, get(host, port, "/ready"));
                assertEquals(200, get(host, port, "/alive"));
                assertEquals(200, get(host, port, "/cluster/members"));
                assertEquals(405, put(host, port, "/cluster/members/"
                    + LocalCluster.address(one).toString().replace("pekko://", "")));
            }
        });
        assertThrows(IOException.class, () -> get("127.0.0.1", port, "/ready"));
    }

    @Test
    void nodesFindEachOtherByTheAddressesOfAName() throws Exception {
        int port = freePort();
        try (DnsServer dns = new DnsServer(
                Map.of("pactor.test", new DnsServer.Service(HOSTS, 0)))) {
            twoNodes(port, dns("pactor.test", dns), one -> { });
            assertTrue(dns.asked().containsKey("A pactor.test"), dns.asked().toString());
        }
    }

    @Test
    void nodesFindEachOtherByTheServicesOfAName() throws Exception {
        int port = freePort();
        String name = "_management._tcp.pactor.test";
        try (DnsServer dns = new DnsServer(Map.of(name, new DnsServer.Service(HOSTS, port)))) {
            twoNodes(port, dns(name, dns), one -> { });
            assertTrue(dns.asked().containsKey("SRV " + name), dns.asked().toString());
        }
    }

    private static String dns(String name, DnsServer server) {
        return """
            pactor.cluster { discovery = dns, service-name = "%s" }
            pekko.io.dns.async-dns { nameservers = ["127.0.0.1:%d"], search-domains = [] }
            """.formatted(name, server.port());
    }

    private interface Look {
        void at(Server one) throws Exception;
    }

    private void twoNodes(int port, String discovery, Look look) throws Exception {
        String database = Databases.fresh(Databases.POSTGRESQL);
        CompletableFuture<Server> starting = CompletableFuture.supplyAsync(
            () -> start(HOSTS.get(0), port, database, discovery));
        Server two = start(HOSTS.get(1), port, database, discovery);
        Server one = starting.join();
        try {
            await().atMost(Duration.ofSeconds(20)).until(
                () -> Cluster.get(one.system()).state().members().size() == 2);
            look.at(one);
        } finally {
            one.stop();
            LocalCluster.await(one.system().getWhenTerminated());
            two.stop();
            LocalCluster.await(two.system().getWhenTerminated());
        }
    }

    private Server start(String host, int port, String database, String discovery) {
        Path file = dir.resolve(host + ".conf");
        try {
            Files.writeString(file, """
                pactor {
                  http.port = 0, grpc.port = 0
                  store { jdbc-url = "%1$s", user = pactor, password = pactor }
                  cluster { host = "%2$s", port = 0, management.port = %3$d }
                }
                pekko {
                  management.cluster.bootstrap.contact-point-discovery.stable-margin = 1 s
                  coordinated-shutdown.exit-jvm = off
                  coordinated-shutdown.run-by-jvm-shutdown-hook = off
                }
                %4$s
                """.formatted(database, host, port, discovery));
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
