package crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import database.DatabaseServer;
import database.Databases;
import database.MariadbServer;
import database.PostgresServer;
import database.SmallDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The disks of the database's machine are full. PostgreSQL refuses each write while that of its
 * tables is; when that of its log is, it dies and cannot come back. MariaDB, whose log has its
 * room from the beginning, refuses, or dies as well. Room is made again, and whoever supervises the
 * database starts it. Nobody touches the coordinator. Row B-05 of the failure model.
 */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {Databases.POSTGRESQL, Databases.MARIADB})
class FullDiskFaults {

    private static final int MEBIBYTES = 32;

    /** What MariaDB has on its disk before there is anything in its tables, and as much again. */
    private static final int MARIADB_MEBIBYTES = 256;

    private static final long FULL_MILLIS = 3_000;

    /** Until something is refused: what is left in half-full pages is used up first. */
    private static final Duration FULL_WITHIN = Duration.ofSeconds(20);

    @Parameter
    String kind;

    private final Map<String, SmallDisk> disks = new LinkedHashMap<>();
    private RunRecord record;
    private DatabaseServer server;
    private DatabaseScene scene;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        Databases.server(kind); // Skipped where there is none.
        boolean possible = SmallDisk.canBeMade();
        if (!possible && System.getenv("CI") != null) {
            throw new AssertionError("full disks need root, to mount small ones");
        }
        assumeTrue(possible, "NO FULL DISK WAS TESTED: it needs root, to mount a small one");
        record = new RunRecord("full-disk-" + kind, RunRecord.anySeed())
            .planTransactions(100).planAllRules().butNot("C3");
        if (kind.equals(Databases.POSTGRESQL)) {
            startPostgres();
        } else {
            server = new MariadbServer(disk("data full", MARIADB_MEBIBYTES));
            server.start();
            server.create(DatabaseScene.DATABASE);
        }
        record.plan("answered 503", disks.size());
        disks.keySet().forEach(disk -> record.plan(disk, 1));
        scene = new DatabaseScene(home, record, server.url(DatabaseScene.DATABASE));
    }

    private void startPostgres() {
        Path space = disk("tables full", MEBIBYTES);
        PostgresServer postgres = PostgresServer.withLog(disk("log full", MEBIBYTES),
            List.of("wal_recycle=off", "min_wal_size=2MB", "max_wal_size=8MB"));
        postgres.give(space);
        postgres.start();
        postgres.execute(postgres.url("postgres"),
            "CREATE TABLESPACE small LOCATION '" + space + "'",
            "CREATE DATABASE " + DatabaseScene.DATABASE + " TABLESPACE small");
        server = postgres;
    }

    /** An empty directory on a disk that will be filled under that name. */
    private Path disk(String name, int mebibytes) {
        SmallDisk disk = new SmallDisk(mebibytes);
        disks.put(name, disk);
        return disk.directory("all");
    }

    @AfterEach
    void close() {
        if (scene != null) {
            scene.close();
        }
        if (server != null) {
            server.close();
        }
        disks.values().forEach(SmallDisk::close);
    }

    @Test
    void whatDoesNotFitIsToldToBeAskedAgainAndGoesInWhenThereIsRoom() throws Exception {
        scene.begin();
        disks.forEach((name, disk) -> {
            fill(name, disk);
            scene.load().awaitSome(50, Duration.ofSeconds(10));
        });
        scene.judge(server);
    }

    private void fill(String name, SmallDisk disk) {
        boolean refused = DatabaseScene.await(FULL_WITHIN, () -> {
            disk.fill();
            return scene.submitMeanwhile(name);
        });
        DatabaseScene.pause(FULL_MILLIS);
        disk.free();
        DatabaseScene.await(Duration.ofSeconds(20), () -> {
            if (!server.isAlive()) {
                record.happened("start of the database", 1);
                server.start();
            }
            return server.answers();
        });
        scene.awaitBack(name);
        record.happened(name, refused ? 1 : 0);
    }
}
