package io.pactor.client.participant;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pactor.testing.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** Where PostgreSQL would say nothing. */
@Timeout(180)
class XaPostgresTest {

    private static PGSimpleDataSource database(String url) throws SQLException {
        assumeTrue(PostgresServer.isHere());
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url);
        try (Connection connection = database.getConnection()) {
            BarrierSchema.create(connection);
        }
        return database;
    }

    @Test
    void aServerThatPreparesNothingIsRefusedByName() throws SQLException {
        try (PostgresServer server = PostgresServer.running("max_prepared_transactions=0")) {
            PGSimpleDataSource database = database(server.fresh());
            String message = assertThrows(IllegalStateException.class,
                () -> XaBranch.of(JdbcBarrier.create()).check(database)).getMessage();
            assertTrue(message.contains("max_prepared_transactions is 0"), message);
        }
    }

    /** After an error it rolls back where it is told to prepare, and does not call that an error. */
    @Test
    void anErrorThatTheBodyHasCaughtIsOne() throws SQLException {
        PGSimpleDataSource database = database(PostgresServer.shared().fresh());
        database.setProperty("raiseExceptionOnSilentRollback", "false");
        BranchCall call = new BranchCall("caught", "xa", "01", "action");

        assertThrows(BarrierException.class,
            () -> XaBranch.of(JdbcBarrier.create()).prepare(database, call, connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("select nonsense");
                } catch (SQLException caught) {
                    // As a body may do.
                }
                return Reply.EMPTY;
            }));
    }
}
