package store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import meter.Meter;

/**
 * The database of one process: its connections, the thread that writes the journal and those that
 * read. Whoever opens it closes it.
 */
public final class Database implements AutoCloseable {

    /** Shorter than the journal's call timeout, so that a dead database is noticed here. */
    private static final long CONNECT_MILLIS = 3_000;

    private static final long VALIDATE_MILLIS = 1_000;

    private final StoreSettings settings;
    private final Dialect dialect;
    private final HikariDataSource pool;
    private final JournalWriter writer;
    private final ReadPool reads;

    private Database(StoreSettings settings, Dialect dialect, HikariDataSource pool,
            Meter meter) {
        this.settings = settings;
        this.dialect = dialect;
        this.pool = pool;
        this.writer = new JournalWriter(pool, dialect, settings, meter);
        this.reads = new ReadPool(pool, settings);
    }

    /**
     * Opens the database, makes the tables if there are none, and starts to serve. Blocks.
     *
     * @param meter counts what is written
     * @throws StoreException if the database is not there, is another's, is damaged, cannot be
     *     written, would not keep what it is given, or has the tables of another release; nothing
     *     was changed then
     */
    public static Database open(StoreSettings settings, Meter meter) {
        Dialect dialect = Dialect.of(settings);
        String url = dialect.url(settings);
        HikariDataSource pool = null;
        // This first connection keeps a database in memory alive until the pool has its own.
        try (Connection first =
                DriverManager.getConnection(url, settings.user(), settings.password())) {
            dialect.check(first, settings);
            Schema.ensure(first, dialect);
            pool = new HikariDataSource(poolConfig(url, settings));
            Database database = new Database(settings, dialect, pool, meter);
            database.writer.start();
            return database;
        } catch (SQLException e) {
            close(pool);
            throw dialect.explained(e, settings);
        } catch (RuntimeException e) {
            close(pool);
            throw e;
        }
    }

    /** What a write that was confirmed survives, in one sentence for people. */
    public String durability() {
        return dialect.durability(settings);
    }

    /** Where it is, without user and password. */
    public String place() {
        return settings.shownUrl();
    }

    /** Writes what is queued, lets go of the database. Blocks for some seconds at most. */
    @Override
    public void close() {
        writer.close();
        reads.close();
        pool.close();
    }

    /** Does not block. */
    CompletionStage<Void> write(Append append) {
        return writer.write(append);
    }

    /** Does not block. */
    <T> CompletableFuture<T> read(ReadPool.Query<T> query) {
        return reads.submit(query);
    }

    int statementTimeoutSeconds() {
        return (int) settings.statementTimeout().toSeconds();
    }

    boolean isDuplicate(SQLException failure) {
        return dialect.isDuplicate(failure);
    }

    private static HikariConfig poolConfig(String url, StoreSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("pactor-store");
        config.setJdbcUrl(url);
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(settings.poolSize());
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setValidationTimeout(VALIDATE_MILLIS);
        return config;
    }

    private static void close(HikariDataSource pool) {
        if (pool != null) {
            pool.close();
        }
    }
}
