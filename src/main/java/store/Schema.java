package store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables, as the files {@code schema/<dialect>/V<n>.sql} make them one after the other: made if
 * there are none, refused if they are another release's.
 *
 * <p>A version is noted when all of it is there, and each statement may be run again, so whatever
 * was cut short goes on where it stopped.
 */
final class Schema {

    /** What this release works with. */
    static final int VERSION = 2;

    /** Tables without a version: a creation that was cut short. */
    static final int UNFINISHED = 0;

    /** No tables. */
    static final int NONE = -1;

    /** The tables that hold data, in an order in which they can be emptied. */
    static final List<String> TABLES =
        List.of("pactor_journal", "pactor_transaction", "pactor_topic");

    /** Fail, each, where a table lacks a column. */
    private static final List<String> PROBES = List.of(
        "SELECT ordinal, " + TransactionRow.COLUMNS + " FROM pactor_transaction WHERE 1 = 0",
        "SELECT transaction_id, ordinal, version, checksum, written_at, payload"
            + " FROM pactor_journal WHERE 1 = 0",
        "SELECT " + TopicTable.COLUMNS + " FROM pactor_topic WHERE 1 = 0");

    private Schema() {}

    /**
     * Makes the tables if there are none; leaves those of an earlier release alone.
     *
     * @throws StoreException if the tables there are not of {@link #VERSION}; it names the command
     *     that mends it
     */
    static void ensure(Connection connection, Dialect dialect) throws SQLException {
        int found = found(connection, dialect);
        if (found <= UNFINISHED) {
            apply(connection, dialect);
        } else if (found != VERSION) {
            throw new StoreException(mismatch(found));
        }
        probe(connection);
    }

    /** What is wrong with tables of version {@code found}, and what mends it; one line. */
    static String mismatch(int found) {
        return "the tables are of schema " + found + ", this release needs " + VERSION
            + (found > VERSION
                ? ": they were made by a later release; start that one, or put back a backup"
                : ": they were made by an earlier release; stop all nodes of it, back up, and run "
                    + "\"pactor schema apply\" with the same settings");
    }

    /** The version that is noted, {@link #UNFINISHED} or {@link #NONE}. */
    static int found(Connection connection, Dialect dialect) throws SQLException {
        return exists(connection, dialect) ? version(connection) : NONE;
    }

    /**
     * Makes the tables, or brings them up to {@link #VERSION}.
     *
     * @return the version that was there before
     * @throws StoreException if a later release made them
     */
    static int apply(Connection connection, Dialect dialect) throws SQLException {
        dialect.lockSchema(connection);
        try {
            int found = found(connection, dialect);
            if (found > VERSION) {
                throw new StoreException(mismatch(found));
            }
            if (found <= UNFINISHED) {
                // Noted at the end alone: whether tables of version 1 are an old release's or half
                // of a creation could not be told otherwise.
                for (int version = 1; version <= VERSION; version++) {
                    run(connection, dialect, statements(dialect, version));
                }
                run(connection, dialect, List.of(note(VERSION)));
            } else {
                for (int version = found + 1; version <= VERSION; version++) {
                    run(connection, dialect, statements(dialect, version));
                    run(connection, dialect, List.of(note(version)));
                }
            }
            return found;
        } finally {
            dialect.unlockSchema(connection);
        }
    }

    /**
     * The script that leads from nothing to {@link #VERSION}, or from an earlier version.
     *
     * @param from the version that is there, 0 for none
     */
    static String script(Dialect dialect, int from) {
        StringBuilder all = new StringBuilder();
        for (int version = from + 1; version <= VERSION; version++) {
            all.append(text(dialect, version)).append('\n');
            if (from > 0 || version == VERSION) {
                all.append(note(version)).append(";\n");
            }
        }
        return all.toString();
    }

    /** Reads no row, but every column that is ever used. */
    static void probe(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String probe : PROBES) {
                statement.executeQuery(probe).close();
            }
        }
    }

    private static String note(int version) {
        return "INSERT INTO pactor_schema (version) VALUES (" + version + ")";
    }

    private static boolean exists(Connection connection, Dialect dialect) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) "
                    + "FROM information_schema.tables WHERE LOWER(table_name) = 'pactor_schema'"
                    + " AND table_schema = " + dialect.currentSchema())) {
            return row.next() && row.getInt(1) > 0;
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT MAX(version) FROM pactor_schema")) {
            return row.next() ? row.getInt(1) : UNFINISHED;
        }
    }

    private static void run(Connection connection, Dialect dialect, List<String> statements)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                try {
                    statement.execute(each);
                } catch (SQLException e) {
                    if (!dialect.isThereAlready(e)) {
                        throw e;
                    }
                }
            }
        }
    }

    /** A semicolon ends a statement wherever it stands, but in a line of comment. */
    private static List<String> statements(Dialect dialect, int version) {
        StringBuilder sql = new StringBuilder();
        text(dialect, version).lines().filter(line -> !line.strip().startsWith("--"))
            .forEach(line -> sql.append(line).append('\n'));
        List<String> statements = new ArrayList<>();
        for (String each : sql.toString().split(";")) {
            if (!each.isBlank()) {
                statements.add(each.strip());
            }
        }
        return statements;
    }

    private static String text(Dialect dialect, int version) {
        String name = "/schema/" + dialect.name() + "/V" + version + ".sql";
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new StoreException("this jar carries no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new StoreException("cannot read " + name, e);
        }
    }
}
