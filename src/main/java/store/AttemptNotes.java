package store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import transaction.Limits;

/**
 * Calls that nothing follows from, until the writer takes them along. Any thread may offer; one
 * takes. What finds no room, or cannot be written, is counted and forgotten: nothing depends on it.
 * After some could not be written, for {@link Limits#ATTEMPTS_PAUSE} none is.
 */
final class AttemptNotes {

    /** With one group: a fraction of what a group may be. */
    private static final int AT_ONCE = 100;

    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long PAUSE_NANOS = Limits.ATTEMPTS_PAUSE.toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(AttemptNotes.class);

    private final ArrayBlockingQueue<AttemptRow> waiting =
        new ArrayBlockingQueue<>(Limits.ATTEMPTS_WAITING);
    private final AtomicLong lost = new AtomicLong();
    private final LongSupplier nanoTime;
    private final AtomicLong quietUntil;
    private boolean paused;
    private long pausedUntil;

    /** @param nanoTime as {@link System#nanoTime} */
    AttemptNotes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.quietUntil = new AtomicLong(nanoTime.getAsLong());
    }

    void offer(AttemptRow row) {
        if (!waiting.offer(row)) {
            lost(1, "too many wait for the database");
        }
    }

    /** Some that wait, the first that came first; they do not wait any more. By the writer. */
    List<AttemptRow> take() {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<AttemptRow> some = new ArrayList<>();
        waiting.drainTo(some, AT_ONCE);
        return writable(some);
    }

    /** {@code rows}, or none if none is to be written now; they are lost then. By the writer. */
    List<AttemptRow> writable(List<AttemptRow> rows) {
        paused = paused && nanoTime.getAsLong() - pausedUntil < 0;
        if (!paused) {
            return rows;
        }
        lost(rows.size(), "none is tried for a while, since some could not be written");
        return List.of();
    }

    /** So many could not be written. By the writer. */
    void failed(int count, String why) {
        paused = true;
        pausedUntil = nanoTime.getAsLong() + PAUSE_NANOS;
        lost(count, why);
    }

    void lost(int count, String why) {
        long all = lost.addAndGet(count);
        long now = nanoTime.getAsLong();
        long until = quietUntil.get();
        if (count > 0 && now - until >= 0
                && quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
            LOG.warn("what {} calls of branches brought could not be kept for those who look it up"
                + " ({} since the start); the transactions go on: {}", count, all, why);
        }
    }

    /** How many since the start. */
    long lost() {
        return lost.get();
    }
}
