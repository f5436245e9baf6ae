package store;

import java.sql.Connection;
import java.sql.SQLException;

/** What differs from one database to the next. */
interface Dialect {

    /** As in {@code schema/<name>/V1.sql}. */
    String name();

    /** {@code settings} with whatever this database needs in its url. */
    String url(StoreSettings settings);

    /** What a commit survives, in one sentence. */
    String durability(StoreSettings settings);

    /**
     * Called once on a fresh connection, before anything is written.
     *
     * @throws StoreException if this database would not keep what it is given
     */
    void check(Connection connection, StoreSettings settings) throws SQLException;

    /** The same failure in words that help whoever runs the server. */
    StoreException explained(SQLException failure, StoreSettings settings);

    /** The expression for the time by the database's own clock, as all times in the tables. */
    String nowMicros();

    /** Whether several nodes can work on it at one time. */
    default boolean isShared(StoreSettings settings) {
        return true;
    }

    /** The expression for the schema in which tables without a schema's name are found. */
    String currentSchema();

    /** Keeps others from changing the tables, until {@link #unlockSchema}. Blocks. */
    default void lockSchema(Connection connection) throws SQLException {}

    /** Ends {@link #lockSchema}; does nothing if there is nothing to end. */
    default void unlockSchema(Connection connection) throws SQLException {}

    /** Whether {@code failure} says that what was to be made is there already. */
    default boolean isThereAlready(SQLException failure) {
        return false;
    }

    /** Starts what this database needs while it is open; {@code connection} may be closed after. */
    Upkeep upkeep(Connection connection, StoreSettings settings) throws SQLException;

    /** Whether {@code failure} says that a row with this key exists already. */
    default boolean isDuplicate(SQLException failure) {
        return has(failure, "23");
    }

    /** Whether {@code failure} rolled the transaction back and may not happen again. */
    default boolean isTransient(SQLException failure) {
        return has(failure, "40");
    }

    /**
     * The dialect of a url.
     *
     * @throws StoreException if there is none
     */
    static Dialect of(StoreSettings settings) {
        if (settings.jdbcUrl().startsWith("jdbc:h2:")) {
            return new H2();
        }
        throw new StoreException(
            "only H2 is supported as a store by this version, not " + settings.shownUrl());
    }

    private static boolean has(SQLException failure, String sqlStateClass) {
        for (SQLException each = failure; each != null; each = each.getNextException()) {
            if (each.getSQLState() != null && each.getSQLState().startsWith(sqlStateClass)) {
                return true;
            }
        }
        return false;
    }
}
