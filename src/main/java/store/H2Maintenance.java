package store;

import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import meter.Meter;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an H2 file small, and fit to be opened after a power cut.
 *
 * <p>Each commit writes a chunk to the file: new versions of the pages it touched, of which the
 * next commits make most obsolete. H2 moves what is left together in a thread that it only runs
 * with a write delay; with {@code WRITE_DELAY=0} nobody does, and the file grows by some 5 KB with
 * each entry. So it is done here, a little after every few commits.
 *
 * <p>Space that became free is written to again. If the commit that freed it is not on the disk
 * yet, a power cut then takes both: the old and the new. So this pins the version that was last
 * forced to the disk; whatever it needs is not overwritten before a later one is on the disk.
 */
final class H2Maintenance implements Maintenance {

    private static final Duration PAUSE = Duration.ofMillis(100);

    /** What a power cut may cost if not each group is forced. */
    private static final Duration FORCE_EVERY = Duration.ofSeconds(1);

    /** Sooner after so many commits: H2 walks along all versions since the pinned one in each. */
    private static final int COMMITS_UNFORCED = 200;

    /** Percent of the file that should be alive. More costs more rewriting than it saves. */
    private static final int FILL_TARGET = 60;

    /** Rewritten for each commit, on average: about what each leaves alive among the obsolete. */
    private static final int BYTES_PER_COMMIT = 16 << 10;

    /** Rewritten at once, with commits waiting: some milliseconds' work. */
    private static final int BYTES_AT_ONCE = 256 << 10;

    /** Work that is put off, at most: a burst is made good in the quiet minute after it. */
    private static final long BACKLOG_MAX = 64 << 20;

    /**
     * H2 writes what has changed as one array, at the latest when there is so much of it: also in
     * the middle of a transaction, which it takes back if that never ends. A heap of 256 MiB has
     * no hole for much more.
     */
    private static final int UNSAVED_BYTES = 1 << 20;

    /** How often it is asked what is free on the disk. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    private static final int CAUSES_MAX = 20;

    private static final Logger LOG = LoggerFactory.getLogger(H2Maintenance.class);

    private final MVStore store;
    private final DiskSpace disk;
    private final String damage;
    private final ScheduledExecutorService thread;
    private final CompletableFuture<StoreException> broken = new CompletableFuture<>();
    private MVStore.TxCounter pinned;
    private long forcedVersion;
    private long forcedAt = System.nanoTime();
    private long seenVersion;
    private long backlog;
    private long lookedAt = System.nanoTime();

    private H2Maintenance(MVStore store, DiskSpace disk, String damage) {
        this.store = store;
        this.disk = disk;
        this.damage = damage;
        this.pinned = store.registerVersionUsage();
        this.seenVersion = store.getCurrentVersion();
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread keeper = new Thread(task, "pactor-store-keeper");
            keeper.setDaemon(true);
            return keeper;
        });
    }

    /**
     * Starts it for the database of {@code connection}, which is in this process and in a file.
     *
     * @param damage of the file, in one line; empty for none. What cannot be read cannot be moved,
     *     so such a file is not made smaller
     */
    static H2Maintenance start(Connection connection, DiskSpace disk, String damage)
            throws SQLException {
        SessionLocal session =
            (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
        MVStore store = session.getDatabase().getStore().getMvStore();
        boundUnsaved(store);
        disk.look();
        H2Maintenance upkeep = new H2Maintenance(store, disk, damage);
        upkeep.thread.scheduleWithFixedDelay(
            upkeep::run, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return upkeep;
    }

    /** H2 sets this bound by the heap, to 1 to 19 MiB, when it opens a file, and never again. */
    private static void boundUnsaved(MVStore store) {
        try {
            Field bound = MVStore.class.getDeclaredField("autoCommitMemory");
            bound.setAccessible(true);
            bound.setInt(store, UNSAVED_BYTES);
        } catch (ReflectiveOperationException | RuntimeException other) {
            LOG.warn("this version of H2 writes large entries as one piece of memory: {}",
                other.toString());
        }
    }

    @Override
    public synchronized void force() throws SQLException {
        try {
            MVStore.TxCounter next = store.registerVersionUsage();
            long version = store.getCurrentVersion();
            store.sync();
            store.deregisterVersionUsage(pinned);
            pinned = next;
            forcedVersion = version;
            forcedAt = System.nanoTime();
        } catch (MVStoreException e) {
            // The system has told once, and forgotten, what it could not write.
            gaveUp("the disk has not taken what was written", e);
            throw new SQLException("the file could not be forced to the disk", e);
        }
    }

    @Override
    public void show(Meter meter) {
        meter.gauge("pactor_store_disk_free_bytes",
            "What is free on the disk of the embedded database", disk::last);
    }

    @Override
    public List<String> warnings() {
        return Stream.of(damage, disk.warning()).filter(each -> !each.isEmpty()).toList();
    }

    @Override
    public Optional<String> trouble() {
        return disk.trouble();
    }

    @Override
    public CompletionStage<StoreException> broken() {
        return broken;
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!store.isClosed()) {
            store.deregisterVersionUsage(pinned);
        }
    }

    private void run() {
        try {
            if (store.getPanicException() != null || store.isClosed()) {
                // H2 does so after any error of the file, and would open it anew for the next
                // connection, but gets into its own way then.
                gaveUp("H2 has closed its file after an error", store.getPanicException());
            } else {
                forceIfDue();
                lookAtDisk();
                if (damage.isEmpty()) {
                    compact();
                }
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warn("upkeep of the store failed, and is tried again: {}", e.toString());
        } catch (Error e) {
            gaveUp("its upkeep ended with " + e, e);
            throw e;
        }
    }

    private void gaveUp(String what, Throwable cause) {
        broken.complete(new StoreException("the store has failed: " + what + " (" + reasonOf(cause)
            + "): " + disk.file() + disk.freeOf() + "; start this process again", cause));
    }

    /** What the system said lies beneath what H2 made of it. */
    private static String reasonOf(Throwable cause) {
        String reason = "no reason is known";
        Throwable each = cause;
        for (int depth = 0; each != null && depth < CAUSES_MAX; depth++) {
            if (each.getMessage() != null) {
                reason = each.getMessage().lines().findFirst().orElse("").strip();
            }
            each = each.getCause();
        }
        return reason;
    }

    private void lookAtDisk() {
        if (disk.isLow() || System.nanoTime() - lookedAt >= LOOK_EVERY.toNanos()) {
            lookedAt = System.nanoTime();
            disk.look();
        }
    }

    private synchronized void forceIfDue() throws SQLException {
        long unforced = store.getCurrentVersion() - forcedVersion;
        boolean due = System.nanoTime() - forcedAt >= FORCE_EVERY.toNanos();
        if (unforced >= COMMITS_UNFORCED || due && unforced > 0) {
            force();
        }
    }

    private void compact() {
        long version = store.getCurrentVersion();
        backlog = Math.min(
            BACKLOG_MAX, backlog + (version - seenVersion) * BYTES_PER_COMMIT);
        seenVersion = version;
        long end = System.nanoTime() + PAUSE.toNanos() / 4;
        while (backlog >= BYTES_AT_ONCE && System.nanoTime() < end) {
            // What was rewritten is saved by the next commit, and made good by it.
            backlog = store.compact(FILL_TARGET, BYTES_AT_ONCE) ? backlog - BYTES_AT_ONCE : 0;
        }
    }
}
