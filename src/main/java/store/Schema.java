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
import java.util.Map;
import java.util.Optional;

/**
 * The tables, as the files {@code schema/<dialect>/V<n>.sql} make them one after the other: made if
 * there are none, refused if they are another release's.
 *
 * <p>A version is noted when all of it is there, and each statement may be run again, so whatever
 * was cut short goes on where it stopped.
 */
public final class Schema {

    /** What this release works with. */
    public static final int VERSION = 12;

    /** Tables without a version: a creation that was cut short. */
    static final int UNFINISHED = 0;

    /** No tables. */
    static final int NONE = -1;

    /** The tables that hold data, in an order in which they can be emptied. */
    static final List<String> TABLES = List.of(
        "pactor_attribute", "pactor_trouble", "pactor_attempt", "pactor_journal_piece",
        "pactor_journal", "pactor_transaction", "pactor_topic", "pactor_hold", "pactor_bulk_item",
        "pactor_bulk");

    /** Fail, each, where a table lacks a column. */
    private static final List<String> PROBES = List.of(
        "SELECT ordinal, size_bytes, " + TransactionRow.COLUMNS
            + " FROM pactor_transaction WHERE 1 = 0",
        "SELECT transaction_id, ordinal, version, checksum, written_at, payload"
            + " FROM pactor_journal WHERE 1 = 0",
        "SELECT transaction_id, ordinal, piece, payload FROM pactor_journal_piece WHERE 1 = 0",
        "SELECT " + AttributeTable.COLUMNS + " FROM pactor_attribute WHERE 1 = 0",
        "SELECT " + TroubleTable.COLUMNS + " FROM pactor_trouble WHERE 1 = 0",
        "SELECT " + AttemptTable.COLUMNS + " FROM pactor_attempt WHERE 1 = 0",
        "SELECT " + SecretTable.COLUMNS + " FROM pactor_secret WHERE 1 = 0",
        "SELECT " + HoldTable.COLUMNS + " FROM pactor_hold WHERE 1 = 0",
        "SELECT " + BulkRow.COLUMNS + " FROM pactor_bulk WHERE 1 = 0",
        "SELECT " + BulkTable.ITEM_COLUMNS + " FROM pactor_bulk_item WHERE 1 = 0",
        "SELECT " + TopicTable.COLUMNS + " FROM pactor_topic WHERE 1 = 0",
        "SELECT " + AuditTable.COLUMNS + " FROM pactor_audit WHERE 1 = 0",
        "SELECT " + AuditTable.HEAD_COLUMNS + " FROM pactor_audit_head WHERE 1 = 0",
        "SELECT " + NodeTable.COLUMNS + ", started_at, seen_at FROM pactor_node WHERE 1 = 0",
        "SELECT " + LeaseTable.COLUMNS + " FROM pactor_lease WHERE 1 = 0");

    private static final Map<String, Dialect> DIALECTS = Map.of(
        "h2", new H2(), "postgresql", new Postgresql(), "mariadb", new Mariadb());

    private Schema() {}

    /** The dialects that there are scripts for. */
    public static List<String> dialects() {
        return DIALECTS.keySet().stream().sorted().toList();
    }

    /**
     * The script that leads from an earlier version to {@link #VERSION}; it may be run again.
     *
     * @param dialect one of {@link #dialects}
     * @param from the version that is there, 0 for none
     */
    public static String script(String dialect, int from) {
        return script(DIALECTS.get(dialect), from);
    }

    /** The dialect of the database of {@code settings}. Asks nobody. */
    public static String dialectOf(StoreSettings settings) {
        return Dialect.of(settings).name();
    }

    /**
     * Looks whether this release can work with the tables that are there. Changes nothing. Blocks.
     *
     * @return what is wrong, in one line; empty if they fit
     * @throws StoreException if the database cannot be used at all
     */
    public static Optional<String> check(StoreSettings settings) {
        return on(settings, Schema::check);
    }

    /** The same on a connection that is there. */
    static Optional<String> check(Connection connection, Dialect dialect) throws SQLException {
        int found = found(connection, dialect);
        if (found == VERSION) {
            probe(connection);
            return Optional.empty();
        }
        return Optional.of(found > UNFINISHED ? mismatch(found) : (found == NONE
            ? "there are no tables" : "the tables were not made to their end")
            + "; serve makes them, and so does \"pactor schema apply\"");
    }

    /**
     * Makes the tables, or brings them up to {@link #VERSION}. Blocks.
     *
     * @return what was done, in one line
     * @throws StoreException if it could not be done
     */
    public static String apply(StoreSettings settings) {
        return on(settings, (connection, dialect) -> {
            int before = apply(connection, dialect);
            probe(connection);
            return before == VERSION ? "schema " + VERSION + " is there already"
                : before <= UNFINISHED ? "schema " + VERSION + " was made"
                    : "schema " + before + " is now schema " + VERSION;
        });
    }

    private interface Work<T> {
        T on(Connection connection, Dialect dialect) throws SQLException;
    }

    private static <T> T on(StoreSettings settings, Work<T> work) {
        Dialect dialect = Dialect.of(settings);
        try (Connection connection =
                Connections.first(dialect.url(settings), dialect, settings)) {
            return work.on(connection, dialect);
        } catch (SQLException e) {
            throw dialect.explained(e, settings);
        }
    }

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

    /**
     * Makes those indexes that the version which is noted has and that are not there. A creation
     * that was cut short is none: it is done again, with its indexes.
     */
    static void makeIndexes(Connection connection, Dialect dialect) throws SQLException {
        List<String> indexes = new ArrayList<>();
        int found = Math.min(found(connection, dialect), VERSION);
        for (int version = 1; version <= found; version++) {
            List<String> all = statements(dialect, version);
            indexes.removeIf(made -> all.stream().anyMatch(each -> isDropOf(made, each)));
            all.stream().filter(each -> each.contains("INDEX IF NOT EXISTS"))
                .forEach(indexes::add);
        }
        run(connection, dialect, indexes);
    }

    private static boolean isDropOf(String made, String statement) {
        String name = made.replaceFirst("(?s)^.*INDEX IF NOT EXISTS (\\S+).*$", "$1");
        return statement.equals("DROP INDEX IF EXISTS " + name);
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
        boolean done = false;
        try {
            int found = found(connection, dialect);
            if (found > VERSION) {
                throw new StoreException(mismatch(found));
            }
            // Noted at the end alone when they are made: whether tables of version 1 are an old
            // release's or half of a creation could not be told otherwise.
            boolean makes = found <= UNFINISHED;
            for (int version = Math.max(UNFINISHED, found) + 1; version <= VERSION; version++) {
                run(connection, dialect, statements(dialect, version));
                if (!makes || version == VERSION) {
                    run(connection, dialect, List.of(note(version)));
                }
            }
            done = true;
            return found;
        } finally {
            dialect.unlockSchema(connection, done);
        }
    }

    private static String script(Dialect dialect, int from) {
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
