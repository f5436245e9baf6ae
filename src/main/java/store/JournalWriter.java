package store;

import com.zaxxer.hikari.HikariDataSource;
import health.Guard;
import health.Heartbeat;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import meter.Meter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import transaction.Failpoints;

/**
 * Group commit: one thread writes, in one database transaction, whatever all transactions of this
 * process have queued meanwhile. While a group is on its way to the disk the next one gathers, so
 * groups grow under load and a lonely write waits for nobody.
 *
 * <p>If somebody else has written an ordinal of the group, or what one of it needs is damaged, the
 * group is halved until that one stands alone: it fails, its neighbours are written.
 */
final class JournalWriter implements AutoCloseable {

    private static final String NAME = "pactor-journal-writer";
    private static final String PART = "the thread " + NAME;

    /** A deadlock or the like may go away; what does not is told as unclear. */
    private static final int ATTEMPTS = 3;

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

    /** Without a write for so long, the connection is asked whether it still leads anywhere. */
    private static final Duration PROBE = Duration.ofMillis(500);

    private static final int PROBE_SECONDS = 1;

    /** Time-outs of the socket that a group may take: three tries, each with a look-up. */
    private static final int LATE = 5;
    private static final int DEAD = 20;

    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

    private final HikariDataSource pool;
    private final Dialect dialect;
    private final Maintenance upkeep;
    private final StoreSettings settings;
    private final PayloadCipher cipher;
    private final Meter meter;
    private final AppendQueue queue;
    private final AttemptNotes notes = new AttemptNotes(System::nanoTime);
    private final StoreException closed = new StoreException("the store is closed");
    private final StoreException ended = new StoreException("the writer of the journal has died");
    private final Guard guard;
    private final Heartbeat heartbeat;
    private final Outage outage = new Outage();
    private final Thread thread;
    private volatile StoreException refusal;
    private JournalStatements statements;

    JournalWriter(Database.Opened opened, Meter meter) {
        this.pool = opened.pool();
        this.dialect = opened.dialect();
        this.upkeep = opened.upkeep();
        this.settings = opened.settings();
        this.cipher = opened.cipher();
        this.meter = meter;
        this.queue = new AppendQueue(settings.queueMax(), settings.groupRowsMax());
        this.guard = opened.guard();
        this.thread = guard.thread(NAME, this::run);
        Duration socket = settings.timeouts().socket();
        this.heartbeat = guard.heartbeat("the writer of the journal", new Heartbeat.Bounds(
            socket.multipliedBy(LATE), socket.multipliedBy(DEAD)));
        heartbeat.rest();
    }

    /**
     * Prepares the statements, so that a table that lacks a column is noticed now, and starts.
     *
     * @throws SQLException if they cannot be prepared
     */
    void start() throws SQLException {
        statements = connect();
        thread.start();
    }

    /** Does not block. The stage fails at once if the queue is full. */
    CompletionStage<Void> write(Append append) {
        if (refusal != null) {
            append.written().completeExceptionally(refusal);
        } else if (!queue.offer(append)) {
            append.written().completeExceptionally(new RejectedExecutionException(
                "more than " + settings.queueMax() + " writes are waiting for the database"));
        } else if (refusal != null && queue.remove(append)) {
            // It came after the last look at the queue, and nobody would ever answer it.
            append.written().completeExceptionally(refusal);
        }
        return append.written();
    }

    /** Those that nothing follows from. */
    AttemptNotes notes() {
        return notes;
    }

    /** As {@link Database#trouble}. */
    Optional<String> trouble() {
        return outage.trouble();
    }

    /**
     * Writes what is queued and stops. The thread is never interrupted: H2 would close its file.
     */
    @Override
    public void close() {
        if (refusal == null) {
            refusal = closed;
        }
        guard.release(heartbeat);
        try {
            if (queue.end(CLOSE_WITHIN)) {
                thread.join(CLOSE_WITHIN.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            for (List<Append> group = next(); !group.isEmpty(); group = next()) {
                write(group, notes.take());
            }
            answerAll(closed);
            disconnect();
        } catch (Throwable dead) {
            refusal = ended;
            // Whoever watches is told first: it takes no memory, and there may be none.
            guard.fail(PART, dead);
            answerAll(ended);
            throw dead;
        }
    }

    /** What calls brought, to be written with {@code group}. */
    private static List<AttemptRow> attempts(List<Append> group, List<AttemptRow> noted) {
        List<AttemptRow> rows = new ArrayList<>(noted);
        group.forEach(each -> rows.addAll(each.attempts()));
        return rows;
    }

    /** Nobody waits for ever for a write that nobody makes. */
    private void answerAll(StoreException why) {
        queue.left().forEach(each -> each.written().completeExceptionally(why));
    }

    /** The next group; empty if it is time to stop. */
    private List<Append> next() {
        while (true) {
            try {
                List<Append> group = queue.next(PROBE);
                heartbeat.beat();
                if (group != null) {
                    return group;
                }
                probe();
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread; what is queued must be written.
                LOG.warn("the journal's writer was interrupted and goes on");
            }
        }
    }

    /**
     * While there is nothing to write: a database that has gone is noticed before the next write,
     * and one that is back.
     */
    private void probe() {
        outage.asked();
        try {
            if (statements == null) {
                statements = connect();
            }
            if (!statements.connection().isValid(PROBE_SECONDS)) {
                throw new SQLTransientConnectionException("no answer to a probe");
            }
            statements.rollback();
            List<AttemptRow> left = notes.take();
            if (!left.isEmpty()) {
                commit(List.of(), left);
            }
            outage.over();
        } catch (SQLException | RuntimeException e) {
            throwIfFatal(e);
            outage.began(firstLine(e));
            disconnect();
        } finally {
            outage.answered();
        }
    }

    /** @param noted what is to be written with it, if it can be */
    private void write(List<Append> group, List<AttemptRow> noted) {
        long start = System.nanoTime();
        outage.asked();
        try {
            commit(group, noted);
            outage.over();
        } catch (SQLException | RuntimeException e) {
            if (e instanceof SQLException sql && group.size() > 1
                    && (dialect.isDuplicate(sql) || dialect.isDamage(sql))) {
                int half = group.size() / 2;
                write(group.subList(0, half), noted);
                write(group.subList(half, group.size()), List.of());
            } else {
                if (e instanceof SQLException sql && dialect.isDuplicate(sql)) {
                    tellIfSetBack(group.get(0));
                }
                fail(group, e);
                notes.lost(noted.size(), firstLine(e));
            }
            return;
        } finally {
            outage.answered();
        }
        meter.journalAppend(group.size(), Duration.ofNanos(System.nanoTime() - start));
        for (Append each : group) {
            each.written().complete(null);
        }
    }

    /**
     * When this returns, {@code group} is durable; if it throws a duplicate, nothing is.
     *
     * <p>A commit whose answer is lost may have happened. It is looked up on another connection;
     * what is not there is written again, which can do no harm: if the lost commit still comes,
     * one of the two finds the other's rows.
     *
     * <p>What calls brought is left out if it cannot be written, and for a while after that:
     * nothing depends on it.
     */
    private void commit(List<Append> group, List<AttemptRow> noted) throws SQLException {
        List<AttemptRow> calls = notes.writable(attempts(group, noted));
        long end = System.nanoTime() + settings.timeouts().socket().toNanos();
        boolean doubtful = false;
        for (int attempt = 1;; attempt++) {
            boolean asked = false;
            try {
                if (statements == null) {
                    statements = connect();
                }
                statements.run(group);
                statements.keep(calls);
                group.forEach(each -> Failpoints.hit("CP-journal-before-commit", each.gid()));
                asked = true;
                statements.commit();
                if (settings.powerLossSafe()) {
                    upkeep.force();
                }
                group.forEach(each -> Failpoints.hit("CP-journal-after-commit", each.gid()));
                return;
            } catch (AttemptStatements.NotKept e) {
                throwIfFatal(e);
                rollback(e);
                notes.failed(calls.size(), firstLine(e));
                calls = List.of();
            } catch (SQLException e) {
                rollback(e);
                doubtful |= asked && dialect.isDoubtful(e);
                if (doubtful && isWritten(group, e)) {
                    return;
                }
                if (dialect.isAway(e) || dialect.isReadOnly(e)) {
                    outage.began(firstLine(e));
                }
                boolean again = dialect.isTransient(e) || dialect.isAway(e);
                if (!again || attempt == ATTEMPTS || System.nanoTime() >= end) {
                    throw e;
                }
            } catch (RuntimeException e) {
                disconnect();
                throw e;
            }
        }
    }

    /**
     * Whether a commit whose answer was lost has happened.
     *
     * @throws SQLException {@code lost} if nobody can tell now
     */
    private boolean isWritten(List<Append> group, SQLException lost) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            boolean written = WriteVerification.isWritten(connection, dialect, group);
            LOG.warn("the answer to a commit of {} writes was lost ({}); looked up: {}",
                group.size(), firstLine(lost), written ? "written" : "not written");
            return written;
        } catch (SQLException e) {
            lost.addSuppressed(e);
            throw lost;
        }
    }

    /**
     * Who cannot write because others have written is told so by the failure. But a database that
     * has less than it had confirmed is not the one that was written to: a standby that lacked the
     * last commits, or a backup.
     */
    private void tellIfSetBack(Append refused) {
        try (Connection connection = pool.getConnection()) {
            long last = WriteVerification.lastOrdinal(connection, refused.gid());
            if (last < refused.firstOrdinal() - 1) {
                meter.journalSetBack();
                LOG.error("gid={} the database has lost what it had confirmed: entry {} was "
                    + "written, the last one there is {}. Was a standby promoted that lacked the "
                    + "last commits, or a backup restored?", refused.gid(),
                    refused.firstOrdinal() - 1, last);
            }
        } catch (SQLException e) {
            LOG.debug("gid={} cannot be looked up", refused.gid(), e);
        }
    }

    /** A connection that failed in any other way than by a conflict is not used again. */
    private void rollback(SQLException cause) {
        if (statements != null && (dialect.isDuplicate(cause) || dialect.isTransient(cause))) {
            try {
                statements.rollback();
                return;
            } catch (SQLException e) {
                cause.addSuppressed(e);
            }
        }
        disconnect();
        if (dialect.isReadOnly(cause)) {
            // What was the primary is a replica now; none of the connections is of use.
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    private void fail(List<Append> group, Exception cause) {
        if (!outage.counts(group.size())) {
            LOG.warn("{} journal writes failed, the first of them for gid={}: {}", group.size(),
                group.get(0).gid(), firstLine(cause));
        }
        meter.journalAppendFailed();
        group.forEach(each -> each.written().completeExceptionally(cause));
        throwIfFatal(cause);
    }

    /** H2 hides an Error in an exception of its own. */
    private static void throwIfFatal(Exception cause) {
        Error fatal = Guard.fatal(cause);
        if (fatal != null) {
            throw fatal;
        }
    }

    private static String firstLine(Exception cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    private JournalStatements connect() throws SQLException {
        return new JournalStatements(pool.getConnection(), dialect, settings, cipher);
    }

    private void disconnect() {
        if (statements == null) {
            return;
        }
        try {
            statements.rollback();
        } catch (SQLException e) {
            LOG.debug("rollback of a broken connection", e);
        }
        pool.evictConnection(statements.connection());
        statements = null;
    }
}
