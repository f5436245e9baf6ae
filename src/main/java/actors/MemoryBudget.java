package actors;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import meter.Meter;

/**
 * The transactions that are in memory on this node, by what they take together. Whoever is to be
 * read back waits here until there is room; what is larger than all room is let in alone. While
 * somebody waits, those with nothing to do are asked to leave.
 *
 * <p>The large have three quarters of the room and those of middle size the rest, so that a crowd
 * of either holds up the other as little as it holds up the small, which are let in always: how
 * many of these there are is bounded by what is called and what is woken at one time. Thread-safe.
 */
public final class MemoryBudget {

    /** Up to here a transaction is small. */
    static final long SMALL_BYTES = 16 << 10;

    /** From here on it is large. */
    static final long LARGE_BYTES = 256 << 10;

    /** While a history is read it is there as it came, in part as a copy, and as what it means. */
    static final int TIMES_WHILE_READ = 4;

    /** Afterwards it is there once, and what is on its way to participants once more. */
    static final int TIMES_WHILE_LIVE = 2;

    /** From one appeal to those with nothing to do to the next. */
    private static final Duration APPEAL_AGAIN = Duration.ofMillis(100);

    private final Pool large;
    private final Pool middle;

    /** @param bytes that all may take together, but for the small */
    public MemoryBudget(long bytes) {
        this.large = new Pool(bytes - bytes / 4);
        this.middle = new Pool(bytes / 4);
    }

    /** Without a bound. */
    public static MemoryBudget unlimited() {
        return new MemoryBudget(Long.MAX_VALUE);
    }

    /** Shows how much there is, and how many wait. */
    public void show(Meter meter) {
        meter.gauge("pactor_transactions_in_memory_bytes",
            "What transactions of more than 16 KiB take up in memory", this::bytes);
        meter.gauge("pactor_transactions_waiting_for_memory",
            "Transactions that wait for room to be read back", this::waiting);
    }

    /** One that is not in yet. @param appeal asks it to leave if it has nothing to do */
    Resident newcomer(Runnable appeal) {
        return new Resident(appeal);
    }

    /** What the large and those of middle size take. */
    public long bytes() {
        return large.held() + middle.held();
    }

    /** Those that wait to be let in. */
    public int waiting() {
        return large.waiting() + middle.waiting();
    }

    private Pool poolOf(long bytes) {
        return bytes <= SMALL_BYTES ? null : bytes < LARGE_BYTES ? middle : large;
    }

    /** A transaction that is in memory, or is to be. For one thread, but for {@link #enter}. */
    final class Resident {

        private final Runnable appeal;
        private final CompletableFuture<Void> entered = new CompletableFuture<>();
        private Pool pool;
        private long bytes;

        private Resident(Runnable appeal) {
            this.appeal = appeal;
        }

        /** Completes, on any thread, when there is room for so many. To be called once. */
        CompletionStage<Void> enter(long wanted) {
            pool = poolOf(wanted);
            bytes = wanted;
            if (pool == null) {
                entered.complete(null);
            } else {
                pool.enter(this);
            }
            return entered;
        }

        /** From now on it takes so many, whether there is room or not. */
        void settle(long now) {
            Pool other = poolOf(now);
            if (other != null && other == pool) {
                pool.change(now - bytes);
            } else {
                leave();
                pool = other;
                if (pool != null) {
                    pool.join(this, now);
                }
            }
            bytes = now;
        }

        /** Takes so many more. @return false if there is no room for them, and then it does not */
        boolean grow(long more) {
            long now = bytes + more;
            if (more > SMALL_BYTES && !poolOf(now).hasRoom(more, pool == null ? 0 : bytes)) {
                return false;
            }
            settle(now);
            return true;
        }

        /** It is no longer in memory, or no longer wants to be. */
        void leave() {
            if (pool != null) {
                pool.leave(this);
            }
            pool = null;
            bytes = 0;
        }
    }

    private static final class Pool {

        private final long most;
        private final Set<Resident> inside = new LinkedHashSet<>();
        private final Deque<Resident> outside = new ArrayDeque<>();
        private long held;
        private long appealedAt = System.nanoTime() - APPEAL_AGAIN.toNanos();

        Pool(long most) {
            this.most = most;
        }

        synchronized long held() {
            return held;
        }

        synchronized int waiting() {
            return outside.size();
        }

        /** @param own what of it belongs to who asks */
        synchronized boolean hasRoom(long more, long own) {
            boolean has = outside.isEmpty() && held + more <= most || held <= own;
            if (!has) {
                appeal();
            }
            return has;
        }

        void enter(Resident newcomer) {
            synchronized (this) {
                outside.add(newcomer);
                appealIfFull();
            }
            letIn();
        }

        synchronized void join(Resident resident, long bytes) {
            inside.add(resident);
            held += bytes;
        }

        void change(long by) {
            synchronized (this) {
                held += by;
            }
            letIn();
        }

        void leave(Resident resident) {
            synchronized (this) {
                if (inside.remove(resident)) {
                    held -= resident.bytes;
                } else {
                    outside.remove(resident);
                }
            }
            letIn();
        }

        /** The longest waiting first, whatever its size, so that none waits for ever. */
        private void letIn() {
            List<Resident> in = new ArrayList<>();
            synchronized (this) {
                while (!outside.isEmpty() && fits(outside.peek())) {
                    Resident next = outside.poll();
                    join(next, next.bytes);
                    in.add(next);
                }
            }
            in.forEach(each -> each.entered.complete(null));
        }

        private boolean fits(Resident newcomer) {
            return held == 0 || newcomer.bytes <= most - held;
        }

        private void appealIfFull() {
            if (outside.size() > 1 || !fits(outside.peek())) {
                appeal();
            }
        }

        private void appeal() {
            long now = System.nanoTime();
            if (now - appealedAt >= APPEAL_AGAIN.toNanos()) {
                appealedAt = now;
                inside.forEach(each -> each.appeal.run());
            }
        }
    }
}
