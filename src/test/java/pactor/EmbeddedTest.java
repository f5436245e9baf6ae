package pactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import database.Databases;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.cluster.typed.Cluster;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pactor.settings.BadConfiguration;

/** A server inside an application: its life, its restart, and how several find each other. */
class EmbeddedTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path dir;

    @Test
    void whatItWasGivenIsThereAfterTheNextStart() throws Exception {
        Map<String, String> settings = Map.of("pactor.store.data-dir", dir.toString());
        try (Embedded embedded = Embedded.start(settings)) {
            assertTrue(embedded.url().matches("http://127\\.0\\.0\\.1:[0-9]+"), embedded.url());
            assertTrue(embedded.storing().contains(dir.toString()), embedded.storing());
            assertEquals(200, submit(embedded, "kept"));
        }
        try (Embedded embedded = Embedded.start(settings)) {
            assertTrue(query(embedded, "kept").contains("\"gid\":\"kept\""));
        }
    }

    @Test
    void aServerThatEndsByItselfIsStartedAgainAtTheSamePort() throws Exception {
        try (Embedded embedded = Embedded.start(Map.of("pactor.store.data-dir", dir.toString()))) {
            String url = embedded.url();
            assertEquals(200, submit(embedded, "kept"));

            embedded.server().system().terminate();

            Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(
                () -> assertTrue(query(embedded, "kept").contains("\"gid\":\"kept\"")));
            assertEquals(url, embedded.url());
        }
    }

    /** Whoever else is on this machine has no token, unless somebody gave it one. */
    @Test
    void inProductionTheApplicationAloneHasATokenForIt() throws Exception {
        try (Embedded embedded = Embedded.start(Map.of("pactor.store.data-dir", dir.toString(),
                "pactor.profile", "production", "pactor.security.admin-token-file",
                dir.resolve("admin").toString()))) {
            assertEquals(200, newGid(embedded, embedded.token()));
            assertEquals(401, newGid(embedded, ""));
            assertEquals(401, newGid(embedded, "pactor_wrong"));
        }
        try (Embedded embedded = Embedded.start(
                Map.of("pactor.store.data-dir", dir.resolve("other").toString()))) {
            assertEquals(200, newGid(embedded, embedded.token()));
            assertEquals(200, newGid(embedded, ""));
        }
    }

    private static int newGid(Embedded embedded, String token) throws Exception {
        HttpRequest.Builder request =
            HttpRequest.newBuilder(URI.create(embedded.url() + "/api/dtmsvr/newGid"));
        return CLIENT.send((token.isEmpty() ? request
            : request.header("Authorization", "Bearer " + token)).build(),
            HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void whatItIsNotToldIsRefusedWithTheKeyThatWasMeant() {
        BadConfiguration refused = assertThrows(BadConfiguration.class,
            () -> Embedded.start(Map.of("pactor.store.data-dirr", "x")));
        assertEquals("the application: there is no key pactor.store.data-dirr; did you mean"
            + " pactor.store.data-dir?", refused.problems().get(0));
    }

    @Test
    void thoseThatStartOnOneDatabaseFormOneCluster() throws Exception {
        Map<String, String> settings = Map.of(
            "pactor.store.jdbc-url", Databases.fresh(Databases.POSTGRESQL),
            "pactor.cluster.host", "127.0.0.1");
        CompletableFuture<Embedded> one =
            CompletableFuture.supplyAsync(() -> Embedded.start(settings));
        try (Embedded other = Embedded.start(settings); Embedded first = one.join()) {
            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
                assertEquals(2, members(first));
                assertEquals(2, members(other));
            });
            assertEquals(200, submit(first, "from-first"));
            assertTrue(query(other, "from-first").contains("\"gid\":\"from-first\""));

            try (Embedded third = Embedded.start(settings)) {
                assertTrue(query(third, "from-first").contains("\"gid\":\"from-first\""));
                Awaitility.await().atMost(PATIENCE).until(() -> members(first) == 3);
            }
            Awaitility.await().atMost(PATIENCE).until(() -> members(first) == 2);
        }
    }

    private static int members(Embedded embedded) {
        return Cluster.get(embedded.server().system()).state().members().size();
    }

    private static int submit(Embedded to, String gid) throws Exception {
        String saga = """
            {"gid":"%s","trans_type":"saga","steps":[{"action":"%s/api/ping"}],"payloads":["{}"]}
            """.formatted(gid, to.url());
        return CLIENT.send(HttpRequest.newBuilder(URI.create(to.url() + "/api/dtmsvr/submit"))
            .POST(HttpRequest.BodyPublishers.ofString(saga)).build(),
            HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private static String query(Embedded at, String gid) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(
            URI.create(at.url() + "/api/dtmsvr/query?gid=" + gid)).build(),
            HttpResponse.BodyHandlers.ofString()).body();
    }
}
