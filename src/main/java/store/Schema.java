package store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables: made if there are none, refused if they are another release's. */
final class Schema {

    static final int VERSION = 1;

    /** The tables that hold data, in an order in which they can be emptied. */
    static final List<String> TABLES =
        List.of("pactor_journal", "pactor_transaction", "pactor_topic");

    private Schema() {}

    /**
     * A creation that was cut short goes on where it stopped: the version is written last.
     *
     * @throws StoreException if the tables there are not of {@link #VERSION}
     */
    static void ensure(Connection connection, Dialect dialect) throws SQLException {
        if (!exists(connection) || version(connection) == 0) {
            create(connection, dialect);
        }
        int found = version(connection);
        if (found != VERSION) {
            throw new StoreException("the tables are of schema " + found + ", this release needs "
                + VERSION + (found > VERSION ? ": they were made by a later release"
                    : ": they were made by an earlier release"));
        }
    }

    private static boolean exists(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) "
                    + "FROM information_schema.tables WHERE LOWER(table_name) = 'pactor_schema'")) {
            return row.next() && row.getInt(1) > 0;
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT MAX(version) FROM pactor_schema")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static void create(Connection connection, Dialect dialect) throws SQLException {
        StringBuilder sql = new StringBuilder();
        text(dialect).lines().filter(line -> !line.startsWith("--"))
            .forEach(line -> sql.append(line).append('\n'));
        try (Statement statement = connection.createStatement()) {
            for (String each : sql.toString().split(";")) {
                if (!each.isBlank()) {
                    statement.execute(each);
                }
            }
        }
    }

    private static String text(Dialect dialect) {
        String name = "/schema/" + dialect.name() + ".sql";
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
