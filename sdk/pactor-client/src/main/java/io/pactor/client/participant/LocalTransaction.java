package io.pactor.client.participant;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** One transaction on a connection of its own: begun, committed or rolled back, and given back. */
final class LocalTransaction {

    /** What is done in it. */
    @FunctionalInterface
    interface Work<T> {

        T in(Connection connection) throws SQLException;
    }

    private LocalTransaction() {}

    /** Runs it; {@code what} says to people what it is. @throws BarrierException if it fails */
    static <T> T run(DataSource dataSource, String what, Work<T> work) {
        try (Connection connection = dataSource.getConnection()) {
            return run(connection, work);
        } catch (SQLException e) {
            throw new BarrierException("The database failed at the " + what
                + "; whether that was done is unknown: " + e.getMessage(), e);
        }
    }

    /** Runs it on that connection, which afterwards commits by itself again if it did before. */
    static <T> T run(Connection connection, Work<T> work) throws SQLException {
        boolean committedByItself = connection.getAutoCommit();
        if (committedByItself) {
            connection.setAutoCommit(false);
        }
        T result;
        try {
            result = work.in(connection);
            connection.commit();
        } catch (Throwable e) {
            // Catches all: an error of the JVM must not leave half of the work behind either.
            undo(connection, committedByItself, e);
            throw e;
        }
        if (committedByItself) {
            connection.setAutoCommit(true);
        }
        return result;
    }

    /**
     * A connection that cannot roll back is not given back: to switch it to commit by itself, or to
     * close it, might commit what is open.
     */
    private static void undo(Connection connection, boolean committedByItself, Throwable cause) {
        try {
            connection.rollback();
            if (committedByItself) {
                connection.setAutoCommit(true);
            }
        } catch (SQLException | RuntimeException e) {
            cause.addSuppressed(e);
            try {
                connection.abort(Runnable::run);
            } catch (SQLException | RuntimeException again) {
                cause.addSuppressed(again);
            }
        }
    }
}
