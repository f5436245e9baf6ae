package store;

import com.zaxxer.hikari.HikariDataSource;
import health.Guard;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import transaction.Busy;

/** Runs what one lane has to do, on threads of its own with a bounded queue. */
final class ReadPool implements AutoCloseable {

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    /** Work on a connection that commits each statement; it is handed back afterwards. */
    @FunctionalInterface
    interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    private final HikariDataSource pool;
    private final Dialect dialect;
    private final Lane lane;
    private final Guard guard;
    private final ThreadPoolExecutor threads;

    ReadPool(Database.Opened opened, Lane lane) {
        this.pool = opened.pool();
        this.dialect = opened.dialect();
        this.lane = lane;
        this.guard = opened.guard();
        StoreSettings settings = opened.settings();
        int size = lane.connections(settings);
        AtomicInteger count = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, lane.thread() + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        this.threads = new ThreadPoolExecutor(size, size, 0, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(lane.queueMax(settings)), factory);
    }

    /**
     * Does not block. The future completes on a thread of the pool; it fails at once with
     * {@link Busy} if too many wait.
     */
    <T> CompletableFuture<T> submit(Query<T> query) {
        return submit(query, false);
    }

    /** The same, done a second time on another connection if the first one turned out dead. */
    <T> CompletableFuture<T> submitRead(Query<T> query) {
        return submit(query, true);
    }

    private <T> CompletableFuture<T> submit(Query<T> query, boolean again) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> run(query, again, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(threads.isShutdown()
                ? new RejectedExecutionException("the store is closed", e)
                : new Busy(lane == Lane.DESK ? "too many lists and scans are waiting here"
                    : "too many reads are waiting for the database"));
        }
        return answer;
    }

    /**
     * Waits for what is running; the threads are not interrupted, since H2 would close its file.
     */
    @Override
    public void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> void run(Query<T> query, boolean again, CompletableFuture<T> answer) {
        try {
            answer.complete(again ? runTwice(query) : runOnce(query));
        } catch (SQLException | RuntimeException e) {
            answer.completeExceptionally(e);
            failIfFatal(e);
        } catch (Error e) {
            // The thread goes on and whoever waits is answered; the node ends if it must.
            answer.completeExceptionally(new StoreException("a read failed: " + e, e));
            failIfFatal(e);
        }
    }

    private void failIfFatal(Throwable thrown) {
        if (Guard.isFatal(thrown)) {
            guard.fail(Thread.currentThread().getName(), thrown);
        }
    }

    private <T> T runTwice(Query<T> query) throws SQLException {
        try {
            return runOnce(query);
        } catch (SQLTransientConnectionException e) {
            // The pool has none, and has waited for one.
            throw e;
        } catch (SQLException e) {
            if (!dialect.isAway(e)) {
                throw e;
            }
            return runOnce(query);
        }
    }

    private <T> T runOnce(Query<T> query) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return runOn(connection, query);
        }
    }

    /**
     * A connection on which something failed is not used again: if H2 has closed its database after
     * an error of the disk, such a connection looks well to the pool, and only a new one opens it.
     */
    private <T> T runOn(Connection connection, Query<T> query) throws SQLException {
        try {
            return query.run(connection);
        } catch (SQLException e) {
            pool.evictConnection(connection);
            if (dialect.isReadOnly(e)) {
                // What was the primary is a replica now, and what is read there may be old.
                pool.getHikariPoolMXBean().softEvictConnections();
            }
            throw e;
        }
    }
}
