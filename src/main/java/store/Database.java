package store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import encryption.Key;
import health.Guard;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.sql.DataSource;
import meter.Meter;
import transaction.CallTokens;

/**
 * The database of one process: its connections, the thread that writes the journal and those that
 * read. Whoever opens it closes it.
 */
public final class Database implements AutoCloseable {

    /** Shorter than the journal's call timeout, so that a dead database is noticed here. */
    private static final long CONNECT_MILLIS = 3_000;

    private static final long VALIDATE_MILLIS = 1_000;

    private static final String ADMIN_TOKEN = "admin-token";

    private final byte[] callKey;
    private final StoreSettings settings;
    private final Dialect dialect;
    private final HikariDataSource pool;
    private final Maintenance upkeep;
    private final JournalWriter writer;
    private final Map<Lane, ReadPool> lanes = new EnumMap<>(Lane.class);
    private final Set<String> quarantined = ConcurrentHashMap.newKeySet();
    private final BegunReplays begun = new BegunReplays();
    private final PayloadCipher cipher;
    private final CurrentKey currentKey;
    private boolean closed;

    private Database(Opened opened, Meter meter, byte[] callKey) {
        this.callKey = callKey;
        this.settings = opened.settings;
        this.dialect = opened.dialect;
        this.pool = opened.pool;
        this.upkeep = opened.upkeep;
        this.cipher = opened.cipher;
        this.writer = new JournalWriter(opened, meter);
        this.currentKey = new CurrentKey(this, settings.encryption(), opened.guard);
        upkeep.show(meter);
        meter.gauge("pactor_attempts_lost", "Calls of branches since the start that could not be"
            + " kept for those who look them up", writer.notes()::lost);
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new ReadPool(opened, lane));
        }
    }

    /**
     * Opens the database, makes the tables if there are none, and starts to serve. Blocks.
     *
     * @param meter counts what is written
     * @throws StoreException if the database is not there, is another's, is damaged, cannot be
     *     written, would not keep what it is given, has the tables of another release, or was last
     *     written with an encryption key that is missing; nothing was changed then
     */
    public static Database open(StoreSettings settings, Meter meter) {
        return open(settings, meter, Guard.passive());
    }

    /**
     * The same.
     *
     * @param guard is told if a thread of the store dies
     */
    public static Database open(StoreSettings settings, Meter meter, Guard guard) {
        Dialect dialect = Dialect.of(settings);
        String url = dialect.url(settings);
        HikariDataSource pool = null;
        Maintenance upkeep = Maintenance.NONE;
        dialect.inspect(settings);
        dialect.prepare(settings);
        // This first connection keeps a database in memory alive until the pool has its own.
        try (Connection first = Connections.first(url, dialect, settings)) {
            dialect.check(first, settings);
            Schema.ensure(first, dialect);
            PayloadCipher cipher = CurrentKey.cipher(first, dialect, settings.encryption());
            HikariConfig config = poolConfig(
                RetryingDataSource.of(url, dialect, settings), dialect.session(settings), settings);
            config.setScheduledExecutor(guard.scheduler("pactor-store-pool"));
            pool = new HikariDataSource(config);
            upkeep = dialect.upkeep(first, settings);
            Database database = new Database(
                new Opened(settings, dialect, pool, upkeep, guard, cipher), meter,
                settings.encryption() == EncryptionSettings.NOT_NEEDED ? null
                    : SharedKey.CALL_TOKENS.get(
                        first, dialect, settings.encryption().keys(), cipher.current()));
            database.writer.start();
            database.currentKey.start();
            upkeep.broken().thenAccept(
                reason -> new Thread(database::close, "pactor-store-end").start());
            return database;
        } catch (SQLException e) {
            close(pool, upkeep);
            throw dialect.explained(e, settings);
        } catch (RuntimeException e) {
            close(pool, upkeep);
            throw e;
        }
    }

    /**
     * The key of {@link CallTokens}, the same for all nodes over this database.
     *
     * @throws NullPointerException if it was opened without the keys of encryption
     */
    public byte[] callKey() {
        return callKey.clone();
    }

    /** How the cursors of lists are shown. */
    CursorSeal cursors() {
        return new CursorSeal(callKey);
    }

    /** Another key, the same for all nodes over this database. Does not block. */
    public CompletionStage<byte[]> sharedKey(SharedKey key) {
        return change(Lane.DESK, connection -> key.get(
            connection, dialect, settings.encryption().keys(), cipher.current()));
    }

    /** The hash of the administrator's token; empty if none was made. Does not block. */
    public CompletionStage<Optional<byte[]>> adminTokenHash() {
        return read(Lane.DESK,
            connection -> Optional.ofNullable(SecretTable.find(connection, ADMIN_TOKEN)));
    }

    /**
     * Makes {@code hash} that of the administrator's token unless there is one. Does not block.
     *
     * @return that which counts from now on, durably
     */
    public CompletionStage<byte[]> adminTokenHash(byte[] hash) {
        return change(Lane.DESK, connection ->
            SecretTable.getOrPut(connection, dialect, ADMIN_TOKEN, hash));
    }

    /** Makes {@code hash} that of the administrator's token, whatever it was. Does not block. */
    public CompletionStage<Void> replaceAdminTokenHash(byte[] hash) {
        return change(Lane.DESK, connection -> {
            SecretTable.getOrPut(connection, dialect, ADMIN_TOKEN, hash);
            SecretTable.replace(connection, ADMIN_TOKEN, hash);
            return null;
        });
    }

    /** Why nothing can be written at present, as far as this process knows; empty if it can. */
    public Optional<String> trouble() {
        return writer.trouble().or(upkeep::trouble);
    }

    /** What an operator should know although all goes on, a line each; fit for anybody. */
    public List<String> warnings() {
        return Stream.concat(upkeep.warnings().stream(), cipher.missing().stream().map(
            name -> "transactions wait for encryption key " + name
                + ", which is not among the keys")).toList();
    }

    /** What a write that was confirmed survives, in one sentence for people. */
    public String durability() {
        return dialect.durability(settings);
    }

    /** Where it is, without user and password. */
    public String place() {
        return settings.shownUrl();
    }

    /**
     * Completes, with the reason, if the disk failed and the database has closed itself. All that
     * was confirmed is there when it is opened again, by another process.
     */
    public CompletionStage<StoreException> broken() {
        return upkeep.broken();
    }

    /** Writes what is queued, lets go of the database. Blocks for some seconds at most. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            currentKey.close();
            writer.close();
            lanes.values().forEach(ReadPool::close);
            upkeep.close();
            close(pool);
        }
    }

    /**
     * Deletes all transactions and topics, in one piece. Nobody may write meanwhile, or what it
     * goes on from is gone. Does not block.
     */
    public CompletionStage<Void> deleteAll() {
        return change(Lane.ENGINE, connection -> {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                for (String table : Schema.TABLES) {
                    statement.executeUpdate("DELETE FROM " + table);
                }
                connection.commit();
                return null;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        });
    }

    /** Does not block. */
    CompletionStage<Void> write(Append append) {
        return writer.write(append);
    }

    /** Written with what others write; see {@link AttemptNotes}. Does not block. */
    void note(AttemptRow attempt) {
        writer.notes().offer(attempt);
    }

    /** On the lane of the engine. Does not block. */
    <T> CompletableFuture<T> read(ReadPool.Query<T> query) {
        return read(Lane.ENGINE, query);
    }

    /** Does not block. */
    <T> CompletableFuture<T> read(Lane lane, ReadPool.Query<T> query) {
        return lanes.get(lane).submitRead(query);
    }

    /** A change beside the journal, as durable as the journal itself. Does not block. */
    <T> CompletableFuture<T> change(Lane lane, ReadPool.Query<T> query) {
        return lanes.get(lane).submit(connection -> {
            T answer = query.run(connection);
            if (settings.powerLossSafe()) {
                upkeep.force();
            }
            return answer;
        });
    }

    PayloadCipher cipher() {
        return cipher;
    }

    /** The name of the key that encrypts payloads; empty if they are in the clear. */
    public Optional<String> encryptionKey() {
        return cipher.current().map(Key::name);
    }

    /** Fails if another key was used under that name. Does not block. */
    CompletionStage<Void> noteKey(Key key, Instant now) {
        return change(Lane.DESK, connection -> {
            UsedKeys.note(connection, dialect, key, now);
            SharedKey.keep(connection, settings.encryption().keys(), Optional.of(key));
            return null;
        });
    }

    /** Takes over a change of the keys now, not at the next look. Does not block. */
    CompletionStage<Void> lookAtKeys() {
        return currentKey.look();
    }

    BegunReplays begun() {
        return begun;
    }

    /** Whether other processes can work on it too. */
    public boolean isShared() {
        return dialect.isShared(settings);
    }

    /** See {@link Replay}. */
    Replay replay(String gid) {
        return new Replay(new Replay.Source(dialect, cipher), gid, quarantined::add);
    }

    /** See {@link Replay}. */
    Replay replay(String gid, long from, long to) {
        return new Replay(new Replay.Source(dialect, cipher), gid, from, to, quarantined::add);
    }

    /** Whether the history of {@code gid} was last read while its row was in quarantine; once. */
    boolean takeQuarantined(String gid) {
        return quarantined.remove(gid);
    }

    /** The same from one entry on. */
    Replay replay(String gid, long from) {
        return new Replay(new Replay.Source(dialect, cipher), gid, from, quarantined::add);
    }

    /** Whether what was to be read is damaged; other rows may be well. */
    boolean isDamage(SQLException failure) {
        return dialect.isDamage(failure);
    }

    String nowMicros() {
        return dialect.nowMicros();
    }

    int statementTimeoutSeconds() {
        return dialect.queryTimeoutSeconds(settings);
    }

    /** See {@link Dialect#requireSafe}. */
    void requireSafe(Connection connection) throws SQLException {
        dialect.requireSafe(connection);
    }

    /** {@code text} as a column of this database can hold it. */
    String storable(String text) {
        return dialect.storable(text);
    }

    boolean isTransient(SQLException failure) {
        return dialect.isTransient(failure);
    }

    boolean isDuplicate(SQLException failure) {
        return dialect.isDuplicate(failure);
    }

    /** What the parts of a database share. */
    record Opened(StoreSettings settings, Dialect dialect, HikariDataSource pool,
            Maintenance upkeep, Guard guard, PayloadCipher cipher) {}

    private static HikariConfig poolConfig(
            DataSource source, String session, StoreSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("pactor-store");
        config.setDataSource(source);
        config.setConnectionInitSql(session);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setMaximumPoolSize(settings.poolSize());
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setValidationTimeout(VALIDATE_MILLIS);
        return config;
    }

    private static void close(HikariDataSource pool, Maintenance upkeep) {
        upkeep.close();
        if (pool != null) {
            close(pool);
        }
    }

    private static void close(HikariDataSource pool) {
        pool.close();
        pool.getScheduledExecutor().shutdownNow();
    }
}
