package transaction;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import transaction.TransactionIndex.Due;

/**
 * When to read the index of what is due, and which transactions to wake, at a bounded pace. What is
 * read and woken is done by {@link Effects}, so the coordinator and the simulation of it share
 * these rules.
 *
 * <p>It sweeps the index from the most overdue on, page by page, so that however many are overdue
 * each has its turn before any has a second. A transaction that is at work is overdue too, since it
 * must be found after a crash; to wake it is then no more than a message.
 *
 * <p>Forgets everything with the process. For one thread at a time.
 */
public final class Wakeups {

    /** A transaction is not woken again within this time; its own timers are finer. */
    static final Duration AGAIN = Duration.ofSeconds(10);

    /** From one tick to the next, as far as the pace is concerned. */
    public static final Duration TICK = Duration.ofMillis(100);

    /**
     * @param interval from the end of one sweep to the next
     * @param page rows read at once
     * @param perSecond transactions woken in a second at most
     * @param inFlight those that have not answered yet, at most
     */
    public record Pace(Duration interval, int page, int perSecond, int inFlight) {}

    /** What is done to the world. Nothing blocks. */
    public interface Effects {

        /**
         * Reads what is due by {@code until}, the most overdue first. After it {@link #found} or
         * {@link #unread} is to be called once.
         *
         * @param after where the page before ended; null at the beginning of a sweep
         */
        void read(Instant until, Due after, int page);

        /**
         * Wakes a transaction. After it {@link #answered} is to be called once, with {@code view},
         * whatever has become of it.
         */
        void wake(String gid, int view);

        /** A part of {@code most}, left to chance. */
        Duration jitter(Duration most);
    }

    private final Effects effects;
    private final Deque<Due> queue = new ArrayDeque<>();
    private final Map<String, Instant> woken;
    private Pace pace;
    private Instant now = Instant.MIN;
    private int view;
    private Due last;
    private boolean begun;
    private boolean reading;
    private boolean sweeping;
    private Instant nextSweep = Instant.MAX;
    private int inFlight;
    private int left;

    /** @param remembered how many of those woken lately; beyond it some are woken too often */
    public Wakeups(Effects effects, Pace pace, int remembered) {
        this.effects = effects;
        this.pace = pace;
        this.woken = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
                return size() > remembered;
            }
        };
    }

    /** Transactions can be woken from now on. */
    public void begin(Instant at) {
        begun = true;
        nextSweep = Instant.MIN;
        sweepIfTime(at);
    }

    /** To be called every {@link #TICK}, with the pace of now. */
    public void tick(Instant at, Pace paceNow) {
        pace = paceNow;
        left = Math.max(1, (int) (pace.perSecond * TICK.toMillis() / 1_000));
        sweepIfTime(at);
    }

    /**
     * When a node has come or gone, what was sent to it may be lost: it is forgotten who was woken,
     * and the next sweep begins at once.
     */
    public void nodesChanged() {
        view++;
        inFlight = 0;
        woken.clear();
        if (begun && !sweeping) {
            nextSweep = Instant.MIN;
        }
    }

    /** @param more whether the page was full, so that another may follow */
    public void found(Instant at, List<Due> due, boolean more) {
        now = at;
        reading = false;
        queue.addAll(due);
        last = more ? due.get(due.size() - 1) : null;
        wake();
    }

    /** The index could not be read; it is tried again in the next sweep. */
    public void unread(Instant at) {
        now = at;
        reading = false;
        endSweep();
    }

    /**
     * One that was woken in {@code inView} has answered, or nobody will.
     *
     * @param heard whether it answered; if not, the next sweep wakes it again
     */
    public void answered(Instant at, String gid, int inView, boolean heard) {
        now = at;
        if (inView == view) {
            inFlight--;
            if (!heard) {
                woken.remove(gid);
            }
        }
        wake();
    }

    private void sweepIfTime(Instant at) {
        now = at;
        if (!sweeping && !now.isBefore(nextSweep)) {
            sweeping = true;
            last = null;
            read();
        }
        wake();
    }

    /** As many as the pace allows; the rest at the next tick or the next answer. */
    private void wake() {
        while (left > 0 && inFlight < pace.inFlight && !queue.isEmpty()) {
            Due due = queue.poll();
            Instant before = woken.get(due.gid());
            if (before == null || !now.isBefore(before.plus(AGAIN))) {
                woken.remove(due.gid()); // So that it goes to the end of the line.
                woken.put(due.gid(), now);
                left--;
                inFlight++;
                effects.wake(due.gid(), view);
            }
        }
        if (queue.isEmpty() && sweeping && !reading) {
            if (last == null) {
                endSweep();
            } else {
                read();
            }
        }
    }

    private void read() {
        reading = true;
        effects.read(now, last, pace.page);
    }

    private void endSweep() {
        sweeping = false;
        // Nodes that started together do not go on asking the database at one moment.
        nextSweep = now.plus(pace.interval).plus(effects.jitter(pace.interval.dividedBy(4)));
        Instant old = now.minus(AGAIN);
        woken.values().removeIf(at -> at.isBefore(old));
    }
}
