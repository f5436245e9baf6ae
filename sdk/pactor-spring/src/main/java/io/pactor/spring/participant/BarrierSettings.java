package io.pactor.spring.participant;

import io.pactor.client.participant.BarrierSchema;
import io.pactor.client.participant.JdbcBarrier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * How participants keep their barrier.
 *
 * @param table            the barrier's table, with a schema if it is not the connection's; the
 *                         replies are in the table beside it, whose name ends in {@code _reply}
 * @param initializeSchema when both are made, as soon as a participant of that database is found
 */
public record BarrierSettings(String table, SchemaMode initializeSchema) {

    /** What DTM's clients for Java, Node and PHP use. */
    public static final String DEFAULT_TABLE = "barrier";

    private static final List<String> IN_MEMORY =
        List.of("jdbc:h2:mem:", "jdbc:hsqldb:mem:", "jdbc:derby:memory:");

    /** As {@code spring.sql.init.mode}. */
    public enum SchemaMode {
        /** The tables are there: by Flyway, Liquibase, or hand. */
        NEVER,
        /** In a database in memory only. */
        EMBEDDED,
        /** In each database; the account must be allowed to create tables. */
        ALWAYS
    }

    JdbcBarrier barrier(DataSource dataSource) {
        if (initializeSchema != SchemaMode.NEVER) {
            initialize(dataSource);
        }
        return JdbcBarrier.builder().table(table).build();
    }

    private void initialize(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            if (initializeSchema == SchemaMode.ALWAYS || isInMemory(connection)) {
                BarrierSchema.create(connection, table);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                "the barrier's tables cannot be made in " + dataSource + ": " + e.getMessage(), e);
        }
    }

    private static boolean isInMemory(Connection connection) throws SQLException {
        String url = connection.getMetaData().getURL();
        return url != null && IN_MEMORY.stream().anyMatch(url::startsWith);
    }
}
