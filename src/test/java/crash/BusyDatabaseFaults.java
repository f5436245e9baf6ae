package crash;

import database.Databases;
import database.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A PostgreSQL that is there and does not answer: another session locks a table of the journal or
 * of the nodes; all its processes stand still; it takes no more connections. For moments, and for
 * longer than every limit. Rows B-04, B-13, B-14 and B-15 of the failure model.
 */
class BusyDatabaseFaults {

    private static final String[] TABLES = {"pactor_journal", "pactor_transaction", "pactor_node"};
    private static final int[] LOCKED_SECONDS = {1, 10, 6};
    private static final int[] HANGING_SECONDS = {1, 11};
    private static final int CONNECTIONS = 20;
    private static final long FULL_MILLIS = 2_000;
    private static final int AFTERWARDS = 100;
    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(10);

    private final RunRecord record = new RunRecord("busy-database", RunRecord.anySeed())
        .plan("locked table", LOCKED_SECONDS.length).plan("hanging", HANGING_SECONDS.length)
        .plan("no more connections", 1).plan("answered 503", 3).planTransactions(150)
        .planAllRules().butNot("C3");
    private PostgresServer server;
    private DatabaseScene scene;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        Databases.server(Databases.POSTGRESQL); // Skipped where there is none.
        server = PostgresServer.with("max_connections=" + CONNECTIONS);
        server.start();
        server.create(DatabaseScene.DATABASE);
        scene = new DatabaseScene(home, record, server.url(DatabaseScene.DATABASE));
    }

    @AfterEach
    void close() {
        scene.close();
        server.close();
    }

    @Test
    void whatIsAskedMeanwhileIsToldToAskAgainAndNothingIsLost() throws Exception {
        scene.begin();
        for (int i = 0; i < LOCKED_SECONDS.length; i++) {
            lock(TABLES[i], LOCKED_SECONDS[i]);
        }
        for (int seconds : HANGING_SECONDS) {
            hang(seconds);
        }
        takeAllConnections();
        // The sooner it is back after each fault, the less came through by now.
        scene.load().awaitSome(AFTERWARDS, TAKEN_WITHIN);
        scene.judge(server);
    }

    /** Its pool is exhausted too: whoever has a connection waits for the lock. */
    private void lock(String table, int seconds) throws SQLException {
        try (Connection rival = rival(); Statement statement = rival.createStatement()) {
            rival.setAutoCommit(false);
            statement.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
            meanwhile("a locked " + table, seconds);
            rival.rollback();
        }
        scene.happened("locked table");
    }

    private void hang(int seconds) {
        server.hang(true);
        meanwhile("a hanging database", seconds);
        server.hang(false);
        scene.happened("hanging");
    }

    /** Until the coordinator has none and there is none to be had; then for a while. */
    private void takeAllConnections() throws SQLException {
        List<Connection> all = new ArrayList<>();
        try (Connection first = rival(); Statement statement = first.createStatement()) {
            // One that the coordinator is just opening has no name yet, and is missed at first.
            boolean refused = DatabaseScene.await(TAKEN_WITHIN, () -> takeAll(statement, all)
                && scene.submitMeanwhile("a database without free connections"));
            record.happened("no more connections", refused ? 1 : 0);
            DatabaseScene.pause(FULL_MILLIS);
        } finally {
            for (Connection each : all) {
                each.close();
            }
        }
        scene.awaitBack("no more connections");
    }

    /** Takes what is free, and ends the coordinator's. @return whether it had none */
    private boolean takeAll(Statement statement, List<Connection> all) {
        try {
            while (true) {
                all.add(rival());
            }
        } catch (SQLException taken) {
            // There are no more.
        }
        try (ResultSet row = statement.executeQuery("SELECT count(pg_terminate_backend(pid))"
                + " FROM pg_stat_activity WHERE application_name = 'pactor'")) {
            return row.next() && row.getInt(1) == 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The time is over after {@code seconds}, or when the client has its answer. */
    private void meanwhile(String kind, int seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        if (seconds > 5) {
            scene.submitMeanwhile(kind);
        }
        DatabaseScene.pause(Math.max(0, (end - System.nanoTime()) / 1_000_000));
    }

    private Connection rival() throws SQLException {
        return DriverManager.getConnection(
            server.url(DatabaseScene.DATABASE), server.user(), server.user());
    }
}
