package store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Predicate;

/** What differs from one database to the next. One object for each database that is opened. */
interface Dialect {

    /** As in {@code schema/<name>/V1.sql}. */
    String name();

    /** {@code settings} with whatever this database needs in its url. */
    String url(StoreSettings settings);

    /**
     * Called once, before anything is connected. Blocks.
     *
     * @throws StoreException if what is there may not be opened, since it would go back
     */
    default void inspect(StoreSettings settings) {}

    /** Called once before this process opens it to work with it. Blocks. */
    default void prepare(StoreSettings settings) {}

    /**
     * What of the database is known to be damaged, in one line; empty for nothing. Changes nothing.
     * After {@link #inspect}.
     */
    default String damage(Connection connection) throws SQLException {
        return "";
    }

    /** What a commit survives, in one sentence; known once {@link #check} has returned. */
    String durability(StoreSettings settings);

    /**
     * Called once on a fresh connection, before anything is written.
     *
     * @throws StoreException if this database would not keep what it is given
     */
    void check(Connection connection, StoreSettings settings) throws SQLException;

    /** Whether the server is set so that a power cut loses commits; as {@link #durability}. */
    default boolean isCareless() {
        return false;
    }

    /** Run once on each connection of the pool; null for nothing. After {@link #check}. */
    default String session(StoreSettings settings) {
        return null;
    }

    /** Run on the connection that writes, after {@link #session}; empty for nothing. */
    default String writerSession() {
        return "";
    }

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

    /** Ends {@link #lockSchema}. @param done false if what was to be done has failed */
    default void unlockSchema(Connection connection, boolean done) throws SQLException {}

    /** Whether {@code failure} says that what was to be made is there, or to be dropped gone. */
    default boolean isThereAlready(SQLException failure) {
        return false;
    }

    /** Starts what this database needs while it is open; {@code connection} may be closed after. */
    Maintenance upkeep(Connection connection, StoreSettings settings) throws SQLException;

    /** Whether {@code text} has to be written in another way to fit into a column. */
    default String storable(String text) {
        return text;
    }

    /**
     * Seconds for {@link Statement#setQueryTimeout}; 0 where the session has its own limit. The
     * driver of a distant database would send a cancellation, which may arrive when the statement
     * is through and the commit waits for its replica: the commit then counts as done too early.
     */
    default int queryTimeoutSeconds(StoreSettings settings) {
        return 0;
    }

    /** Whether {@code failure} says that a row with this key exists already. */
    default boolean isDuplicate(SQLException failure) {
        return hasState(failure, "23");
    }

    /** Whether {@code failure} rolled the transaction back and may not happen again. */
    default boolean isTransient(SQLException failure) {
        return hasState(failure, "40");
    }

    /** Whether what was to be read, or to be changed, is damaged; the rest may be well. */
    default boolean isDamage(SQLException failure) {
        return false;
    }

    /** Whether the database cannot be reached just now. */
    default boolean isAway(SQLException failure) {
        return false;
    }

    /** Whether a commit that ended with {@code failure} may have happened all the same. */
    default boolean isDoubtful(SQLException failure) {
        return !isTransient(failure) && !isDuplicate(failure);
    }

    /**
     * To be called right after a commit on {@code connection}.
     *
     * @throws SQLException if the database told that it is done, but not as safely as it should be
     */
    default void requireSafe(Connection connection) throws SQLException {}

    /** Whether the connection leads to a server that takes no writes any more. */
    default boolean isReadOnly(SQLException failure) {
        return false;
    }

    /**
     * Makes sure that what {@code connection} has read would survive what a commit survives; on a
     * connection without auto-commit, before the commit.
     */
    default void confirm(Connection connection) throws SQLException {}

    /**
     * The dialect of a url.
     *
     * @throws StoreException if there is none
     */
    static Dialect of(StoreSettings settings) {
        String url = settings.jdbcUrl();
        if (url.startsWith("jdbc:h2:")) {
            return new H2();
        }
        if (!JdbcUrl.userInfo(url).isEmpty()) {
            throw new StoreException("the url of the store has a user or a password before the"
                + " host, where no driver looks for them; set pactor.store.user and"
                + " pactor.store.password: " + settings.shownUrl());
        }
        if (url.startsWith(Postgresql.PREFIX)) {
            return new Postgresql();
        }
        if (url.startsWith(Mariadb.PREFIX) || url.startsWith(Mariadb.MYSQL)) {
            return new Mariadb();
        }
        throw new StoreException("the store is H2, PostgreSQL, MariaDB or MySQL, with a url that "
            + "begins with jdbc:h2:, jdbc:postgresql:, jdbc:mariadb: or jdbc:mysql:, not "
            + settings.shownUrl());
    }

    /** Whether any part of {@code failure} has such a state. */
    static boolean hasState(SQLException failure, String beginning) {
        return any(failure, each ->
            each.getSQLState() != null && each.getSQLState().startsWith(beginning));
    }

    /** Whether any part of {@code failure} is so: those chained to it, and those beneath. */
    static boolean any(SQLException failure, Predicate<SQLException> wanted) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < 20; depth++) {
            if (each instanceof SQLException sql) {
                if (wanted.test(sql)) {
                    return true;
                }
                each = sql.getNextException() == null ? sql.getCause() : sql.getNextException();
            } else {
                each = each.getCause();
            }
        }
        return false;
    }

    /** The first column of the only row, as text. */
    static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
