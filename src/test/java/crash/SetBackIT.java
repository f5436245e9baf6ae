package crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import database.Databases;
import database.PostgresServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import store.Unfinished;

/**
 * PostgreSQL's primary dies and a standby is promoted that lacked the last commits, while the
 * coordinator has transactions in memory that the standby does not know, or not as far. That is
 * noticed and told, and no history gets a hole. Row B-11 of the failure model.
 */
class SetBackIT {

    private static final String DATABASE = "back";
    private static final Duration LONG = Duration.ofSeconds(20);

    private PostgresServer primary;
    private PostgresServer standby;
    private Child child;
    private Wire wire;

    @BeforeEach
    void open(@TempDir Path home) {
        Databases.assumeStandbys();
        primary = new PostgresServer();
        primary.start();
        primary.create(DATABASE);
        standby = PostgresServer.following(primary);
        standby.start();
        // One that has left memory knows nothing of what was lost.
        child = new Child(home, Child.Setup.withJvm("-Xmx256m", "-Dpactor.coordinator.idle=1h")
            .withArguments(Databases.arguments(
            "jdbc:postgresql://127.0.0.1:" + primary.port() + ",127.0.0.1:" + standby.port() + "/"
                + DATABASE).toArray(String[]::new)));
        wire = new Wire(child.serving()::uri);
    }

    @AfterEach
    void close() {
        if (child != null) {
            child.close();
            standby.close();
            primary.close();
        }
    }

    @Test
    void aDatabaseThatWentBackIsNoticedAndNothingIsWrittenOnTopOfTheHole() throws Exception {
        acked("prepare", tcc("shorter"));
        acked("prepare", tcc("whole"));
        acked("registerBranch", branch("whole", "01"));
        Awaitility.await().atMost(LONG).until(() -> standbyHas("shorter", 1)
            && standbyHas("whole", 2));
        standby.unfollow();
        acked("registerBranch", branch("shorter", "01"));
        acked("prepare", tcc("gone"));

        primary.kill();
        standby.promote();
        Awaitility.await().atMost(LONG).ignoreExceptions()
            .until(() -> wire.post("prepare", tcc("later").toString()).statusCode() == 200);

        acked("registerBranch", branch("whole", "02"));
        assertUnclear("registerBranch", branch("shorter", "02"));
        assertUnclear("registerBranch", branch("gone", "01"));
        Wire.Answer repeated = wire.tell("registerBranch", branch("shorter", "02"));
        assertTrue(repeated.isAck(), repeated.toString());
        assertEquals("", wire.status("gone"));
        assertEquals(2, setBack());
        String log = child.printed();
        assertTrue(log.contains("gid=shorter the database has lost what it had confirmed"), log);
        assertTrue(log.contains("gid=gone the database has lost what it had confirmed"), log);
        assertFalse(log.contains("gid=whole the database"), log);
        assertEquals("0", standby.ask(standby.url(DATABASE),
            "SELECT COUNT(*) FROM pactor_transaction t WHERE ordinal <>"
                + " (SELECT COUNT(*) FROM pactor_journal WHERE transaction_id = t.id)"));
        Unfinished.assertAllDue(() -> DriverManager.getConnection(
            standby.url(DATABASE), standby.user(), standby.user()));
    }

    private static ObjectNode tcc(String gid) {
        return Wire.about(gid, "tcc").put("timeout_to_fail", 600);
    }

    private static ObjectNode branch(String gid, String branch) {
        String url = "http://127.0.0.1:1/";
        return Wire.about(gid, "tcc").put("branch_id", branch).put("data", "{}")
            .put("confirm", url + "confirm").put("cancel", url + "cancel");
    }

    private void acked(String verb, ObjectNode body) throws IOException {
        HttpResponse<String> answer = wire.post(verb, body.toString());
        assertEquals(200, answer.statusCode(), body + ": " + answer.body());
    }

    private void assertUnclear(String verb, ObjectNode body) throws IOException {
        HttpResponse<String> answer = wire.post(verb, body.toString());
        assertEquals(503, answer.statusCode(), body + ": " + answer.body());
    }

    private boolean standbyHas(String gid, int ordinal) {
        return standby.ask(standby.url(DATABASE), "SELECT ordinal FROM pactor_transaction"
            + " WHERE gid = '" + gid + "'").equals(String.valueOf(ordinal));
    }

    private int setBack() throws IOException {
        return wire.get("/api/metrics").body().lines()
            .filter(line -> line.startsWith("pactor_journal_set_back_total "))
            .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' '))))
            .sum();
    }
}
