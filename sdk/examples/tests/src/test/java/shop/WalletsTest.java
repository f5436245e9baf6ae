package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pactor.testing.CoordinatorProcess;
import io.pactor.testing.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The service without a framework, as a process over PostgreSQL, with a coordinator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.MethodName.class)
class WalletsTest {

    private final HttpClient http =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private CoordinatorProcess coordinator;
    private ServiceProcess wallets;

    @BeforeAll
    void start(@TempDir Path dir) {
        assumeTrue(PostgresServer.isHere(), "no PostgreSQL here");
        coordinator = CoordinatorProcess.start(dir.resolve("pactor"));
        Map<String, String> environment = new TreeMap<>(Map.of(
            "PACTOR_URL", coordinator.baseUrl(), "DATABASE_URL", PostgresServer.shared().fresh(),
            "DATABASE_USER", PostgresServer.USER, "DATABASE_PASSWORD", PostgresServer.USER));
        wallets = ServiceProcess.launch("wallets", dir, environment);
        wallets.awaitStart();
    }

    @AfterAll
    void stop() {
        if (wallets != null) {
            wallets.close();
        }
        if (coordinator != null) {
            coordinator.close();
        }
    }

    @Test
    void a_transfer_that_is_asked_for_twice_moves_the_money_once() throws Exception {
        assertEquals(200, settled("1", "from=ann&to=bob&cents=1000"));
        assertEquals(200, settled("1", "from=ann&to=bob&cents=1000"));
        assertEquals("9000 11000", money());

        assertEquals(200, settled("2", "from=bob&to=ann&cents=1000"));
        assertEquals("10000 10000", money());
    }

    @Test
    void a_transfer_that_cannot_be_paid_changes_nothing() throws Exception {
        assertEquals(409, settled("3", "from=ann&to=bob&cents=10001"));
        assertEquals("10000 10000", money());
    }

    @Test
    void a_transfer_to_nobody_is_undone() throws Exception {
        assertEquals(409, settled("4", "from=ann&to=nobody&cents=10"));
        assertEquals("10000 10000", money());
    }

    @Test
    void a_transfer_of_which_something_is_missing_is_not_begun() throws Exception {
        assertEquals(400, put("/transfers/5?from=ann&to=bob&cents=x"));
        assertEquals(400, put("/transfers/5?from=ann&to=bob&cents=-3"));
        assertEquals(400, put("/transfers/5?from=ann&cents=3"));
        assertEquals(400, put("/transfers/5?from=ann&to=bob/put%3Fx&cents=3"));
        assertEquals("10000 10000", money());
    }

    @Test
    void prove_finds_nothing() throws Exception {
        Process prove = new ProcessBuilder(CoordinatorProcess.java(), "-jar",
            CoordinatorProcess.jar().toString(), "prove",
            "--action", wallets.url() + "/wallets/ann/take",
            "--undo", wallets.url() + "/wallets/ann/give-back",
            "--payload", "2", "--refused-payload", "200000",
            "--state", wallets.url() + "/wallets/ann",
            "--request-timeout", "30s", "--within", "180s").redirectErrorStream(true).start();
        String said = new String(prove.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, prove.waitFor(), said);
        assertEquals("10000 10000", money());
    }

    /** Asks with the same id until it is told. */
    private int settled(String id, String query) throws Exception {
        for (int i = 0; i < 20; i++) {
            int status = put("/transfers/" + id + "?" + query);
            if (status != 202 && status != 503) {
                return status;
            }
        }
        throw new AssertionError("transfer " + id + " has not settled");
    }

    private int put(String path) throws Exception {
        return http.send(request(path).PUT(HttpRequest.BodyPublishers.noBody()).build(),
            HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private String money() throws Exception {
        return read("ann") + " " + read("bob");
    }

    private String read(String owner) throws IOException, InterruptedException {
        return http.send(request("/wallets/" + owner).build(),
            HttpResponse.BodyHandlers.ofString()).body().strip();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(wallets.url() + path))
            .timeout(Duration.ofSeconds(30));
    }
}
