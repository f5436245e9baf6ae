package io.pactor.client.participant;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The databases that a barrier can be kept in, and what sets them apart.
 *
 * <p>PostgreSQL, MariaDB and H2 are tested. Oracle and SQL Server follow their manuals and have not
 * been run.
 */
public enum Dialect {

    /** PostgreSQL, and what speaks its protocol. */
    POSTGRESQL("postgresql", Set.of("23505", "42P07"), Set.of("42P01", "3F000")),

    /** MySQL and MariaDB. */
    MYSQL("mysql", Set.of("1050"), Set.of("1146", "1049")),

    /** H2, in its regular mode or in that of another database. */
    H2("h2", Set.of("23505"), Set.of("42102", "42103", "42104", "90079")),

    /** Oracle, from 12.1 on. Not run. */
    ORACLE("oracle", Set.of("1", "955"), Set.of("942")),

    /** SQL Server, whether or not its key has {@code IGNORE_DUP_KEY}. Not run. */
    SQL_SERVER("sqlserver", Set.of("2601", "2627", "2714"), Set.of("208", "2760"));

    /** What {@code insert ignore} only warns of: it has stored something else. */
    private static final Set<Integer> ALTERED = Set.of(1265, 1366, 1406);

    private final String script;
    private final Set<String> alreadyThere;
    private final Set<String> missing;

    Dialect(String script, Set<String> alreadyThere, Set<String> missing) {
        this.script = script;
        this.alreadyThere = alreadyThere;
        this.missing = missing;
    }

    /**
     * The one that this connection speaks, by the name that its driver gives the product.
     *
     * @throws IllegalStateException if it is none of these; the message says the product's name
     * @throws SQLException if the driver cannot tell
     */
    public static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        String name = product.toLowerCase(Locale.ROOT);
        if (name.contains("postgresql")) {
            return POSTGRESQL;
        }
        if (name.contains("mysql") || name.contains("mariadb")) {
            return MYSQL;
        }
        if (name.equals("h2")) {
            return H2;
        }
        if (name.contains("oracle")) {
            return ORACLE;
        }
        if (name.contains("sql server")) {
            return SQL_SERVER;
        }
        throw new IllegalStateException("No barrier is known for the database '" + product
            + "'. If it behaves as one of " + List.of(values()) + ", name that one");
    }

    /** Of the script that makes the tables, among the resources. */
    String script() {
        return "io/pactor/client/barrier/" + script + ".sql";
    }

    /** Whether a row or a table with that key or name is there already. */
    boolean saysAlreadyThere(SQLException e) {
        return says(alreadyThere, e);
    }

    boolean saysMissing(SQLException e) {
        return says(missing, e);
    }

    /** Whether a row was written, but with something else than it was given. */
    boolean saysAltered(SQLException warning) {
        return this == MYSQL && ALTERED.contains(warning.getErrorCode());
    }

    /**
     * What an insert begins with so that it does nothing if its key is there. MySQL's ignores more
     * than that, such as too long a value: {@link #saysAltered}. A plain one would do, but the
     * driver of MariaDB logs a warning for each error, and an undo regularly finds a key there.
     */
    String insertInto() {
        return this == MYSQL ? "insert ignore into " : "insert into ";
    }

    /**
     * What it ends with for the same purpose. PostgreSQL needs it, as there an error ends the
     * transaction; it names the key, or any other conflict would count. Elsewhere an error says
     * that the key is there: {@link #saysAlreadyThere}.
     */
    String unlessThere() {
        return this == POSTGRESQL
            ? " on conflict (gid, branch_id, op, barrier_id) do nothing" : "";
    }

    /**
     * Whether an insert that finds its key there has found exactly that key. The others may take
     * keys for the same that differ in case, accents or trailing spaces, as their collation says,
     * or may mean another key of the table.
     */
    boolean knowsItsKey() {
        return this == POSTGRESQL;
    }

    /**
     * What follows a query so that it sees what others have committed, though the transaction's
     * snapshot is older: in MySQL's usual isolation only a locking read does.
     */
    String asCommitted() {
        return this == MYSQL ? " lock in share mode" : "";
    }

    /** The moment that long ago, by the clock of the database. */
    String ago(Duration age) {
        long seconds = age.toSeconds();
        return switch (this) {
            case POSTGRESQL -> "current_timestamp - interval '1 second' * " + seconds;
            case MYSQL -> "now() - interval " + seconds + " second";
            case H2 -> "dateadd(second, -" + seconds + ", current_timestamp)";
            case ORACLE -> "current_timestamp - numtodsinterval(" + seconds + ", 'SECOND')";
            case SQL_SERVER -> "dateadd(second, -" + seconds + ", current_timestamp)";
        };
    }

    /** What ends a query for so many rows, after its order. */
    String atMost(int rows) {
        return this == MYSQL
            ? " limit " + rows : " offset 0 rows fetch next " + rows + " rows only";
    }

    private static boolean says(Set<String> codes, SQLException e) {
        return codes.contains(String.valueOf(e.getSQLState()))
            || codes.contains(String.valueOf(e.getErrorCode()));
    }
}
