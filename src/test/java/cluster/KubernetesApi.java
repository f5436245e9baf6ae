package cluster;

import branch.Certificates;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * What a pod sees of Kubernetes: an API server with TLS that lists the pods of one namespace to
 * those who have the token of its account, and the files and variables that name it.
 */
final class KubernetesApi implements AutoCloseable {

    private static final String NAMESPACE = "money";
    private static final String TOKEN = "a-token-of-the-account";

    private final HttpsServer server;
    private final Path files;
    private final List<String> pods = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

    /** @param files where to put what Kubernetes mounts into each pod */
    KubernetesApi(Path files) throws Exception {
        this.files = files;
        Certificates authority = new Certificates();
        Files.writeString(files.resolve("ca.crt"), "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(authority.authority().getEncoded())
            + "\n-----END CERTIFICATE-----\n");
        Files.writeString(files.resolve("token"), TOKEN);
        Files.writeString(files.resolve("namespace"), NAMESPACE);
        server = HttpsServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(
            authority.server("localhost", Instant.now().plus(1, ChronoUnit.DAYS))));
        server.createContext("/", this::answer);
        server.start();
    }

    /** One more pod. A pod that is not running yet has no address: null. */
    void add(String name, String phase, String address) {
        pods.add("""
            {"metadata": {"name": "%1$s", "labels": {"app": "pactor"}},
             "spec": {"containers": [{"name": "pactor", "ports": [
               {"name": "http", "containerPort": 8080}]}]},
             "status": {"phase": "%2$s"%3$s}}
            """.formatted(name, phase, address == null ? "" : ", \"podIP\": \"" + address + "\""));
    }

    /** What was asked for with the right token, such as {@code /api/v1/…?labelSelector=…}. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** As in each pod. */
    Map<String, String> environment() {
        return Map.of("KUBERNETES_SERVICE_HOST", "127.0.0.1",
            "KUBERNETES_SERVICE_PORT", String.valueOf(server.getAddress().getPort()));
    }

    /** Where the mounted files are, which is not where they are in a pod. */
    String configuration() {
        return """
            pekko.discovery.kubernetes-api {
              api-ca-path = "%1$s/ca.crt"
              api-token-path = "%1$s/token"
              pod-namespace-path = "%1$s/namespace"
            }
            """.formatted(files.toAbsolutePath());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean isPods = exchange.getRequestURI().getPath()
                .equals("/api/v1/namespaces/" + NAMESPACE + "/pods");
            if (!("Bearer " + TOKEN).equals(
                    exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(403, -1);
            } else if (!isPods) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                asked.add(exchange.getRequestURI().toString());
                byte[] list = pods.stream().collect(Collectors.joining(
                    ",", "{\"kind\": \"PodList\", \"items\": [", "]}"))
                    .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, list.length);
                exchange.getResponseBody().write(list);
            }
        }
    }
}
