package store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections beside the pool. */
final class Connections {

    private static final Duration PAUSE = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private Connections() {}

    /**
     * The first of a process. Waits for a database that cannot be reached just now, as long as
     * the settings say: it may start together with this server. Blocks.
     *
     * @throws SQLException what the last try said
     */
    static Connection first(String url, Dialect dialect, StoreSettings settings)
            throws SQLException {
        long end = System.nanoTime() + settings.timeouts().start().toNanos();
        for (boolean told = false;; told = true) {
            try {
                return DriverManager.getConnection(url, settings.user(), settings.password());
            } catch (SQLException e) {
                if (!dialect.isAway(e) || System.nanoTime() + PAUSE.toNanos() >= end
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                if (!told) {
                    LOG.warn("{}; waiting for it up to {} s (pactor.store.start-within)",
                        dialect.explained(e, settings).getMessage(),
                        settings.timeouts().start().toSeconds());
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }
}
