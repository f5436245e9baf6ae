package io.pactor.client.participant;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The two tables of a {@link JdbcBarrier}: the barrier of DTM's clients, column by column, and the
 * one for the replies.
 *
 * <p>Where a tool such as Flyway or Liquibase makes the tables, copy {@link #script} into its
 * directory; it is also a resource, {@code io/pactor/client/barrier/<database>.sql}. Elsewhere, and
 * in tests, {@link #create} makes them. Those for Oracle and SQL Server have not been run.
 */
public final class BarrierSchema {

    private static final Pattern NAMES =
        Pattern.compile("\\b(?:uniq_barrier|barrier_reply|barrier)\\b");

    private static final Pattern COMMENT = Pattern.compile("(?m)^--.*$");

    /** Taken by who makes tables in PostgreSQL, until the end of the transaction; any number. */
    private static final long LOCK = 5_217_043_608_101L;

    private BarrierSchema() {}

    /**
     * Makes the tables {@code barrier} and {@code barrier_reply}. A table that is there already
     * stays as it is. May be called by several at once, as at the start of a service's replicas.
     *
     * @param connection that commits each statement by itself, since some databases commit when
     *     they make a table; its user must be allowed to make tables
     * @throws IllegalStateException if the connection has a transaction open
     */
    public static void create(Connection connection) throws SQLException {
        create(connection, TableName.DEFAULT);
    }

    /**
     * The same with another name; a schema that it names must be there.
     *
     * @param table as for {@link JdbcBarrier.Builder#table}
     */
    public static void create(Connection connection, String table) throws SQLException {
        create(connection, new TableName(table));
    }

    /** The statements that make the tables {@code barrier} and {@code barrier_reply}. */
    public static String script(Dialect dialect) {
        return script(dialect, TableName.DEFAULT);
    }

    /** The same with another name. @param table as for {@link JdbcBarrier.Builder#table} */
    public static String script(Dialect dialect, String table) {
        return script(dialect, new TableName(table));
    }

    private static String script(Dialect dialect, TableName table) {
        try (InputStream script =
                BarrierSchema.class.getClassLoader().getResourceAsStream(dialect.script())) {
            String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            return NAMES.matcher(text).replaceAll(name -> switch (name.group()) {
                case "barrier" -> table.qualified();
                case "barrier_reply" -> table.replies();
                // The name of a key is unique in a schema, and takes none before it.
                default -> "uniq_" + table.simple();
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void create(Connection connection, TableName table) throws SQLException {
        if (!connection.getAutoCommit()) {
            throw new IllegalStateException("To make tables may commit, and this connection has a"
                + " transaction open: hand in one in auto-commit mode");
        }
        Dialect dialect = Dialect.of(connection);
        String script = COMMENT.matcher(script(dialect, table)).replaceAll("");
        LocalTransaction.run(connection, inside -> {
            try (Statement statement = inside.createStatement()) {
                if (dialect == Dialect.POSTGRESQL) {
                    // Its "if not exists" fails where two make the same table at once.
                    statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
                }
                for (String each : Stream.of(script.split(";")).map(String::strip)
                        .filter(text -> !text.isEmpty()).toList()) {
                    create(statement, each, dialect);
                }
            }
            return null;
        });
    }

    private static void create(Statement statement, String table, Dialect dialect)
            throws SQLException {
        try {
            statement.execute(table);
        } catch (SQLException e) {
            if (dialect == Dialect.POSTGRESQL || !dialect.saysAlreadyThere(e)) {
                throw e;
            }
        }
    }
}
