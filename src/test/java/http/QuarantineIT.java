package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transaction whose history cannot be read, from the day it is found to the way out. */
class QuarantineIT {

    @Test
    void theWaysOutOfQuarantine(@TempDir Path dir) {
        try (StartedJar jar = StartedJar.in(dir)) {
            for (String gid : List.of("mended", "ended", "well")) {
                jar.participant.script(gid, "busy");
                assertEquals(200, jar.client.post("submit",
                    Requests.step(gid, "saga", jar.url(gid), jar.url(gid))).status());
                jar.awaitRest(gid);
            }
            jar.process.killHard();
            damage(dir, "mended", 1);
            damage(dir, "ended", 1);
            jar.process.restart();

            // What is due is read, whoever asks.
            await(() -> quarantined(jar).equals(List.of("ended", "mended")));
            assertTrue(jar.transaction("mended").get("quarantine").asText()
                .contains("is not what was written"));
            assertEquals("submitted", jar.status("well"));
            assertEquals(200, jar.client.get("all").status());
            await(() -> jar.metrics().contains(
                "pactor_transactions_quarantined{kind=\"saga\"} 2.0"));
            assertTrue(jar.metrics().contains(
                "pactor_transactions_unfinished{kind=\"saga\",status=\"submitted\"} 1.0"));

            assertEquals(200, jar.client.post("forceStop", gid("ended")).status());
            assertEquals(409, jar.client.post("forceStop", gid("ended")).status());
            assertEquals("failed", jar.status("ended"));
            assertTrue(jar.transaction("ended").get("rollback_reason").asText().startsWith(
                "stopped by force; its history could not be read: entry 1 is not what was"));
            assertEquals(List.of("mended"), quarantined(jar));
            assertEquals(200, jar.client.post("resetNextCronTime", gid("mended")).status());
            assertEquals(List.of("mended"), quarantined(jar));

            jar.process.killHard();
            damage(dir, "mended", -1);
            jar.process.restart();
            jar.participant.script("mended", "yes");
            assertEquals(200, jar.client.post("resetNextCronTime", gid("mended")).status());
            jar.awaitStatus("mended", "succeed");
            assertEquals(List.of(), quarantined(jar));
        }
    }

    /** Changes what the last entry of that transaction should add up to. */
    private static void damage(Path dir, String gid, int by) {
        try (Connection connection = DriverManager.getConnection(
                "jdbc:h2:file:" + dir.resolve("pactor").toAbsolutePath(), "pactor", "");
                Statement statement = connection.createStatement()) {
            assertEquals(1, statement.executeUpdate("UPDATE pactor_journal SET checksum = checksum"
                + " + " + by + " WHERE ordinal = 1 AND transaction_id = (SELECT id"
                + " FROM pactor_transaction WHERE gid = '" + gid + "')"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> quarantined(StartedJar jar) {
        JsonNode found = StartedJar.json(jar.client.get("all?status=quarantined").body());
        List<String> gids = new ArrayList<>();
        found.get("transactions").forEach(each -> gids.add(each.get("gid").asText()));
        gids.sort(null);
        return gids;
    }

    private static String gid(String gid) {
        return "{\"gid\":\"" + gid + "\"}";
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(50))
            .until(condition);
    }
}
