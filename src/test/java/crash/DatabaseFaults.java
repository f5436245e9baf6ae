package crash;

import database.DatabaseServer;
import database.Databases;
import database.FaultProxy;
import database.FaultProxy.Cut;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What can happen to a database server under a coordinator at work: commits whose answer is lost or
 * that never arrive, connections that are killed, a host that vanishes, a table that another
 * session has locked, and the death of the server. Rows B-02, B-07, B-08, B-09, B-14 of the failure
 * model. The coordinator lives through all of it.
 */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {Databases.POSTGRESQL, Databases.MARIADB})
class DatabaseFaults {

    private static final Duration CUT_WITHIN = Duration.ofSeconds(10);
    private static final int KILLED = 20;
    private static final int SILENCE_SECONDS = 12;
    private static final int LOCKED_SECONDS = 7;

    @Parameter
    String kind;

    private final Random random = new Random(RunRecord.anySeed());
    private RunRecord record;
    private int ambiguous;
    private int lost;
    private int shutdowns;
    private DatabaseServer server;
    private FaultProxy proxy;
    private DatabaseScene scene;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        boolean first = kind.equals(Databases.POSTGRESQL);
        ambiguous = first ? 100 : 60;
        lost = first ? 30 : 20;
        shutdowns = first ? 15 : 6;
        record = new RunRecord("database-" + kind, RunRecord.anySeed())
            .plan("ambiguous commit", ambiguous).plan("lost commit", lost)
            .plan("killed connections", KILLED).plan("half-open", 1).plan("locked table", 1)
            .plan("answered 503", 1).plan("immediate shutdown", shutdowns)
            .planTransactions(first ? 400 : 200).planAllRules();
        server = Databases.own(kind);
        server.create(DatabaseScene.DATABASE);
        proxy = new FaultProxy(server);
        scene = new DatabaseScene(home, record, proxy.url(DatabaseScene.DATABASE));
    }

    @AfterEach
    void close() {
        scene.close();
        proxy.close();
        server.close();
    }

    @Test
    void nothingAcknowledgedIsLostWhateverTheDatabaseDoes() throws Exception {
        scene.begin();
        cutCommits();
        killConnections();
        vanish();
        lock();
        shutDown();
        scene.judge(server);
    }

    private void cutCommits() {
        int before = 0;
        for (int cut = 0; cut < ambiguous + lost; cut++) {
            if (random.nextInt(ambiguous + lost - cut) < lost - before) {
                before++;
                proxy.cutNext(Cut.BEFORE);
            } else {
                proxy.cutNext(Cut.AFTER);
            }
            DatabaseScene.await(CUT_WITHIN, () -> proxy.open() == 0);
            DatabaseScene.pause(random.nextInt(60));
        }
        record.happened("ambiguous commit", proxy.done(Cut.AFTER));
        record.happened("lost commit", proxy.done(Cut.BEFORE));
        scene.awaitBack("ambiguous commit");
    }

    private void killConnections() throws SQLException {
        for (int i = 0; i < KILLED; i++) {
            try (Connection killer = connect(); Statement statement = killer.createStatement()) {
                if (kind.equals(Databases.POSTGRESQL)) {
                    statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = '" + DatabaseScene.DATABASE + "'"
                        + " AND pid <> pg_backend_pid()");
                } else {
                    killEach(statement);
                }
            }
            record.happened("killed connections", 1);
            DatabaseScene.pause(200);
        }
        scene.awaitBack("killed connections");
    }

    private static void killEach(Statement statement) throws SQLException {
        List<Long> all = new ArrayList<>();
        try (var row = statement.executeQuery("SELECT id FROM information_schema.processlist"
                + " WHERE db = '" + DatabaseScene.DATABASE + "' AND id <> CONNECTION_ID()")) {
            while (row.next()) {
                all.add(row.getLong(1));
            }
        }
        for (long id : all) {
            try {
                statement.execute("KILL " + id);
            } catch (SQLException gone) {
                // It ended by itself meanwhile.
            }
        }
    }

    private void vanish() {
        proxy.silent(true);
        DatabaseScene.pause(SILENCE_SECONDS * 1_000);
        proxy.silent(false);
        scene.happened("half-open");
    }

    /** As a backup or a change of the table does. */
    private void lock() throws SQLException {
        try (Connection rival = connect(); Statement statement = rival.createStatement()) {
            rival.setAutoCommit(false);
            statement.execute(kind.equals(Databases.POSTGRESQL)
                ? "LOCK TABLE pactor_journal IN ACCESS EXCLUSIVE MODE"
                : "LOCK TABLES pactor_journal WRITE");
            long end = System.nanoTime() + LOCKED_SECONDS * 1_000_000_000L;
            scene.submitMeanwhile("a locked table");
            DatabaseScene.pause(Math.max(0, (end - System.nanoTime()) / 1_000_000));
        }
        scene.happened("locked table");
    }

    private void shutDown() {
        for (int i = 0; i < shutdowns; i++) {
            server.kill();
            DatabaseScene.pause(random.nextInt(i % 5 == 0 ? 4_000 : 300));
            server.start();
            scene.happened("immediate shutdown");
            scene.load().awaitSome(1 + random.nextInt(20), Duration.ofSeconds(2));
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
            server.url(DatabaseScene.DATABASE), server.user(), server.user());
    }
}
