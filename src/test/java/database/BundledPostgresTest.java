package database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;

/** On a machine without PostgreSQL's packages the tests bring their own. */
class BundledPostgresTest {

    @Test
    void itRunsWithoutAnyPackage() throws Exception {
        assumeTrue(BundledPostgres.binaries().isPresent(), "there is one for this machine");
        try (PostgresServer server = PostgresServer.bundled()) {
            server.start();
            server.create("shop");
            try (Connection connection = DriverManager.getConnection(
                    server.url("shop"), server.user(), server.user())) {
                assertEquals(15, connection.getMetaData().getDatabaseMajorVersion());
                assertTrue(connection.isValid(5));
            }
        }
    }
}
