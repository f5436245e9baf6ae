package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pactor.testing.CoordinatorProcess;
import io.pactor.testing.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stock service, a participant by {@code @Participant}, stands whatever prove does to it. */
class ProvenTest {

    @Test
    void prove_finds_nothing(@TempDir Path dir) throws Exception {
        assumeTrue(PostgresServer.isHere(), "no PostgreSQL here");
        Map<String, String> database = Map.of("DATABASE_URL", PostgresServer.shared().fresh(),
            "DATABASE_USER", PostgresServer.USER, "DATABASE_PASSWORD", PostgresServer.USER);
        try (ServiceProcess stock = ServiceProcess.launch("stock", dir, database)) {
            stock.awaitStart();
            Process prove = new ProcessBuilder(CoordinatorProcess.java(), "-jar",
                CoordinatorProcess.jar().toString(), "prove",
                "--action", stock.url() + "/stock/reserve",
                "--undo", stock.url() + "/stock/release",
                "--payload", "{\"article\":\"book\",\"copies\":2}",
                "--refused-payload", "{\"article\":\"book\",\"copies\":200000}",
                "--state", stock.url() + "/stock/book",
                "--request-timeout", "30s", "--within", "180s")
                .redirectErrorStream(true).start();
            String said = new String(prove.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertEquals(0, prove.waitFor(), said);
        }
    }
}
