package cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import client.CoordinatorProcess.Launch;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import database.Databases;
import database.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pods of a Deployment find each other through the API of Kubernetes, with the configuration of
 * docs/cluster.md, on addresses of their own with like ports.
 */
class KubernetesDiscoveryIT {

    private static final Duration JOIN_MAX = Duration.ofSeconds(60);

    private final String database = Databases.fresh(Databases.POSTGRESQL);
    private final int management = Ports.free();

    @TempDir
    private Path dir;

    @Test
    void podsFormOneClusterAndThoseThatComeLaterJoinIt() throws Exception {
        List<CoordinatorProcess> nodes = new ArrayList<>();
        try (KubernetesApi api = new KubernetesApi(dir)) {
            api.add("pactor-a", "Running", "127.0.0.1");
            api.add("pactor-b", "Running", "127.0.0.2");
            api.add("pactor-c", "Pending", null);
            CompletableFuture<CoordinatorProcess> first =
                CompletableFuture.supplyAsync(() -> start(api, "127.0.0.1"));
            nodes.add(start(api, "127.0.0.2"));
            nodes.add(first.join());
            awaitMembers(Set.of("127.0.0.1", "127.0.0.2"));

            api.add("pactor-d", "Running", "127.0.0.3");
            nodes.add(start(api, "127.0.0.3"));
            awaitMembers(Set.of("127.0.0.1", "127.0.0.2", "127.0.0.3"));

            assertFalse(api.asked().isEmpty());
            assertTrue(api.asked().stream().allMatch(
                each -> each.endsWith("?labelSelector=app%3Dpactor")), api.asked().toString());
        } finally {
            nodes.forEach(CoordinatorProcess::close);
        }
    }

    private CoordinatorProcess start(KubernetesApi api, String address) {
        try {
            Path file = dir.resolve(address + ".conf");
            Files.writeString(file, """
                pactor.cluster {
                  discovery = kubernetes-api, host = "%s", port = 0, contact-points = 2
                  management.port = %d
                }
                pekko.management.cluster.bootstrap.contact-point-discovery.stable-margin = 1 s
                """.formatted(address, management) + api.configuration());
            List<String> arguments = new ArrayList<>(Databases.arguments(database));
            arguments.addAll(List.of("--config", file.toString()));
            return CoordinatorProcess.start(Launch.in(dir.resolve("data-" + address))
                .withJvm("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m")
                .withArguments(arguments.toArray(String[]::new))
                .withEnvironment(api.environment()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Until each of them says that all of them are up. */
    private void awaitMembers(Set<String> addresses) {
        for (String address : addresses) {
            await().atMost(JOIN_MAX).untilAsserted(
                () -> assertEquals(addresses, new TreeSet<>(members(address))));
        }
    }

    private List<String> members(String address) throws IOException, InterruptedException {
        JsonNode view = new ObjectMapper().readTree(HttpClient.newHttpClient().send(
            HttpRequest.newBuilder(URI.create(
                "http://" + address + ":" + management + "/cluster/members")).build(),
            HttpResponse.BodyHandlers.ofString()).body());
        List<String> up = new ArrayList<>();
        for (JsonNode member : view.path("members")) {
            if (member.path("status").asText().equals("Up")) {
                up.add(URI.create(member.path("node").asText()).getHost());
            }
        }
        return up;
    }
}
