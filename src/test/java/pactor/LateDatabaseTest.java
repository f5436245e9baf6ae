package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import database.DatabaseServer;
import database.Databases;
import database.Ports;
import grpc.DtmClient;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pactor.settings.Effective;
import pactor.settings.Inputs;
import pactor.settings.LiveSettings;

/** A server that starts before its database says so, and begins when the database is there. */
class LateDatabaseTest {

    private static final String TCC = "{\"gid\":\"early\",\"trans_type\":\"tcc\"}";

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = Ports.free();
    private final int grpcPort = Ports.free();

    @TempDir
    private Path dir;

    @Test
    void itAnswersBeforeItsDatabaseIsThere() throws Exception {
        try (DatabaseServer database = Databases.own(Databases.POSTGRESQL)) {
            database.create("late");
            Effective effective = effective(database.url("late"));
            database.stop();
            CompletableFuture<Server> starting = CompletableFuture.supplyAsync(() -> Server.launch(
                effective.config(), LiveSettings.fixed(effective.settings())));
            await().atMost(Duration.ofSeconds(20)).ignoreExceptions()
                .until(() -> get("/api/ping").statusCode() == 200);

            HttpResponse<String> health = get("/api/health");
            assertEquals(503, health.statusCode());
            assertEquals("{\"result\":\"starting\"}", health.body());
            HttpResponse<String> early = prepare();
            assertEquals(503, early.statusCode());
            assertEquals("{\"message\":\"not ready: starting; nothing was done, try again\"}",
                early.body());
            assertEquals(Optional.of("1"), early.headers().firstValue("Retry-After"));
            assertFalse(starting.isDone());
            assertEquals("UNAVAILABLE: not ready: starting; nothing was done, try again",
                overGrpc());

            database.start();
            Server server = starting.join();
            try {
                assertEquals(200, get("/api/health").statusCode());
                assertEquals(200, prepare().statusCode());
                assertEquals("OK: ", overGrpc());
            } finally {
                server.stop();
                LocalCluster.await(server.system().getWhenTerminated());
            }
        }
    }

    private Effective effective(String url) throws Exception {
        Path file = Files.writeString(dir.resolve("late.conf"), """
            pactor {
              http.port = %d, grpc.port = %d
              store { jdbc-url = "%s", user = pactor, password = pactor, start-within = 1 m }
            }
            pekko.coordinated-shutdown { exit-jvm = off, run-by-jvm-shutdown-hook = off }
            """.formatted(port, grpcPort, url));
        return Effective.of(new Inputs(List.of(), Map.of(), Map.of(), Optional.of(file)));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(),
            HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> prepare() throws Exception {
        return http.send(HttpRequest.newBuilder(uri("/api/dtmsvr/prepare"))
            .POST(HttpRequest.BodyPublishers.ofString(TCC)).build(),
            HttpResponse.BodyHandlers.ofString());
    }

    private String overGrpc() {
        try (DtmClient grpc = new DtmClient(grpcPort)) {
            DtmClient.Answer<?> answer = grpc.newGid();
            return answer.code() + ": " + answer.text();
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
