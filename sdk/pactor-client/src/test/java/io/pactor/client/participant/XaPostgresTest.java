package io.pactor.client.participant;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pactor.testing.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL as it is by default. */
@Timeout(180)
class XaPostgresTest {

    @Test
    void aServerThatPreparesNothingIsRefusedByName() throws SQLException {
        assumeTrue(PostgresServer.isHere());
        try (PostgresServer server = PostgresServer.running("max_prepared_transactions=0")) {
            PGSimpleDataSource database = new PGSimpleDataSource();
            database.setUrl(server.fresh());
            try (Connection connection = database.getConnection()) {
                BarrierSchema.create(connection);
            }
            String message = assertThrows(IllegalStateException.class,
                () -> XaBranch.of(JdbcBarrier.create()).check(database)).getMessage();
            assertTrue(message.contains("max_prepared_transactions is 0"), message);
        }
    }
}
