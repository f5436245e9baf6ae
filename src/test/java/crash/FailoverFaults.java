package crash;

import database.Databases;
import database.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL with a synchronous standby, both named in the coordinator's url: the primary dies, or
 * is made read-only, and the standby is promoted; what died comes back as the standby of the other,
 * and it all happens again the other way round. Row B-10 of the failure model.
 */
class FailoverFaults {

    private static final int DEATHS = 2;

    /** The row allows 15 s from the promotion to the first write. */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(15);

    private final RunRecord record = new RunRecord("failover", RunRecord.anySeed())
        .plan("fail-over", DEATHS).plan("switch-over", 1).planTransactions(150).planAllRules();
    private PostgresServer primary;
    private PostgresServer standby;
    private DatabaseScene scene;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        Databases.assumeStandbys();
        primary = new PostgresServer();
        primary.start();
        primary.create(DatabaseScene.DATABASE);
        follow();
        scene = new DatabaseScene(home, record, "jdbc:postgresql://127.0.0.1:" + primary.port()
            + ",127.0.0.1:" + standby.port() + "/" + DatabaseScene.DATABASE);
    }

    @AfterEach
    void close() {
        scene.close();
        primary.close();
        standby.close();
    }

    @Test
    void nothingAcknowledgedIsLostWithThePrimary() throws Exception {
        scene.begin();
        for (int i = 0; i < DEATHS; i++) {
            DatabaseScene.pause(500);
            boolean waited = primary.hasSynchronousStandby();
            primary.kill();
            standby.promote();
            scene.awaitBack("fail-over", BACK_WITHIN);
            record.happened("fail-over", waited ? 1 : 0);
            changeParts();
        }
        switchOver();
        scene.judge(primary);
    }

    /** As an operator does it: no more writes, the standby takes over, the other is stopped. */
    private void switchOver() {
        boolean waited = primary.hasSynchronousStandby();
        primary.execute(primary.url("postgres"),
            "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
        DatabaseScene.pause(1_000);
        standby.promote();
        // The old one still runs, and must not be taken for one that can write.
        scene.awaitBack("switch-over", BACK_WITHIN);
        record.happened("switch-over", waited ? 1 : 0);
        primary.stop();
        changeParts();
    }

    private void changeParts() {
        PostgresServer dead = primary;
        primary = standby;
        standby = dead;
        standby.follow(primary);
        standby.start();
        primary.awaitStandbyInEachCommit();
        scene.load().awaitSome(20, Duration.ofSeconds(10));
    }

    private void follow() {
        standby = PostgresServer.following(primary);
        standby.start();
        primary.awaitStandbyInEachCommit();
    }
}
