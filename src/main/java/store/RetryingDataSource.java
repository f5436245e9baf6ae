package store;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Where the pool gets its connections. While the database is away it goes on trying, several times
 * a second. The pool itself waits longer after each failure, five seconds at last, and that long
 * even when the database is back.
 */
final class RetryingDataSource implements DataSource {

    /** The most that clients wait once the database is back. */
    static final Duration PAUSE = Duration.ofMillis(200);

    /** After so many tries the pool hears why, which it tells whoever waits for a connection. */
    static final int TRIES = 100;

    /** One try. */
    @FunctionalInterface
    interface Source {
        Connection connect() throws SQLException;
    }

    /** Waits between two tries. */
    @FunctionalInterface
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    private final Source source;
    private final Predicate<SQLException> isAway;
    private final Pause pause;

    RetryingDataSource(Source source, Predicate<SQLException> isAway, Pause pause) {
        this.source = source;
        this.isAway = isAway;
        this.pause = pause;
    }

    /** To {@code url}, as {@code settings} say. */
    static DataSource of(String url, Dialect dialect, StoreSettings settings) {
        return new RetryingDataSource(
            () -> DriverManager.getConnection(url, settings.user(), settings.password()),
            dialect::isAway, time -> TimeUnit.MILLISECONDS.sleep(time.toMillis()));
    }

    /** Blocks. Ends at once when its thread is interrupted, as it is when the pool closes. */
    @Override
    public Connection getConnection() throws SQLException {
        for (int tries = 1;; tries++) {
            try {
                return source.connect();
            } catch (SQLException e) {
                if (tries == TRIES || !isAway.test(e)) {
                    throw e;
                }
                try {
                    pause.of(PAUSE);
                } catch (InterruptedException closing) {
                    Thread.currentThread().interrupt();
                    throw new SQLTransientConnectionException("interrupted while connecting", e);
                }
            }
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() {
        return DriverManager.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter to) {
        DriverManager.setLogWriter(to);
    }

    @Override
    public void setLoginTimeout(int seconds) {
        DriverManager.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() {
        return DriverManager.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("it logs nothing");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("it wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
