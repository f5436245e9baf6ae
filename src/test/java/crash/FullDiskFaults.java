package crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import database.Databases;
import database.PostgresServer;
import database.SmallDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disks of PostgreSQL's machine are full: that of the tables, on which it refuses each write;
 * that of its log, on which it dies and cannot come back. Room is made again, and whoever
 * supervises PostgreSQL starts it. Nobody touches the coordinator. Row B-05 of the failure model.
 */
class FullDiskFaults {

    private static final int MEBIBYTES = 32;
    private static final long FULL_MILLIS = 3_000;

    /** Until something is refused: what is left in half-full pages is used up first. */
    private static final Duration FULL_WITHIN = Duration.ofSeconds(20);

    private final RunRecord record = new RunRecord("full-disk", RunRecord.anySeed())
        .plan("tables full", 1).plan("log full", 1).plan("answered 503", 2)
        .planTransactions(150).planAllRules().butNot("C3");
    private SmallDisk tables;
    private SmallDisk log;
    private PostgresServer server;
    private DatabaseScene scene;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        Databases.server(Databases.POSTGRESQL); // Skipped where there is none.
        boolean possible = SmallDisk.canBeMade();
        if (!possible && System.getenv("CI") != null) {
            throw new AssertionError("full disks need root, to mount small ones");
        }
        assumeTrue(possible, "NO FULL DISK WAS TESTED: it needs root, to mount a small one");
        tables = new SmallDisk(MEBIBYTES);
        log = new SmallDisk(MEBIBYTES);
        Path logs = log.directory("log");
        Path space = tables.directory("space");
        server = PostgresServer.withLog(logs, List.of("wal_recycle=off", "min_wal_size=2MB",
            "max_wal_size=8MB"));
        server.give(space);
        server.start();
        server.execute(server.url("postgres"), "CREATE TABLESPACE small LOCATION '" + space + "'",
            "CREATE DATABASE " + DatabaseScene.DATABASE + " TABLESPACE small");
        scene = new DatabaseScene(home, record, server.url(DatabaseScene.DATABASE));
    }

    @AfterEach
    void close() {
        if (scene != null) {
            scene.close();
        }
        if (server != null) {
            server.close();
            tables.close();
            log.close();
        }
    }

    @Test
    void whatDoesNotFitIsToldToBeAskedAgainAndGoesInWhenThereIsRoom() throws Exception {
        scene.begin();
        fill("tables full", tables);
        scene.load().awaitSome(50, Duration.ofSeconds(10));
        fill("log full", log);
        scene.judge(server);
    }

    private void fill(String kind, SmallDisk disk) {
        boolean refused = DatabaseScene.await(FULL_WITHIN, () -> {
            disk.fill();
            return scene.submitMeanwhile(kind);
        });
        DatabaseScene.pause(FULL_MILLIS);
        disk.free();
        DatabaseScene.await(Duration.ofSeconds(20), () -> {
            if (!server.isAlive()) {
                record.happened("start of PostgreSQL", 1);
                server.start();
            }
            return server.answers();
        });
        scene.awaitBack(kind);
        record.happened(kind, refused ? 1 : 0);
    }
}
