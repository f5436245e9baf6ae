package bench;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which branch calls each transaction in flight has had.
 *
 * <p>A transaction in flight has a slot; the slot and a number that never comes twice in a run are
 * written in its gid, so a branch call finds its entry without a search. The load's thread begins
 * entries, the participants' thread marks them; both may look. Nothing blocks.
 */
final class SlotBoard {

    /** Room for the acts in an entry; the number of the transaction has the other 48 bits. */
    static final int ACT_BITS = 16;

    private static final long NOBODY = -1L << ACT_BITS;

    /** What a branch call turned out to be. */
    enum Mark {
        /** It had not been made before, and others are to come. */
        NEW,
        /** It had not been made before, and it was the last that the workload expects. */
        LAST,
        /** It had been made before: a coordinator may do that, after an unclear outcome. */
        REPEATED,
        /** Its transaction is over, or never was one of this run. */
        STALE
    }

    private final AtomicLongArray entries;
    private final int expected;

    /**
     * @param slots how many transactions may be in flight
     * @param expected the bits of the acts that each transaction needs; zero if it needs none
     */
    SlotBoard(int slots, int expected) {
        this.entries = new AtomicLongArray(slots);
        this.expected = expected;
        for (int slot = 0; slot < slots; slot++) {
            entries.set(slot, NOBODY);
        }
    }

    /** Forgets the slot's earlier transaction; from now on the slot is that of {@code number}. */
    void begin(int slot, long number) {
        entries.set(slot, number << ACT_BITS);
    }

    /** Forgets the slot's transaction; calls that still come for it are stale. */
    void clear(int slot) {
        entries.set(slot, NOBODY);
    }

    /** Notes a branch call. It must be called before the call is answered. */
    Mark mark(int slot, long number, CallKind act) {
        if (slot < 0 || slot >= entries.length() || number < 0) {
            return Mark.STALE;
        }
        while (true) {
            long before = entries.get(slot);
            if (before >> ACT_BITS != number) {
                return Mark.STALE;
            }
            long after = before | act.bit();
            if (after == before) {
                return Mark.REPEATED;
            }
            if (entries.compareAndSet(slot, before, after)) {
                boolean complete = hasAll(after);
                return complete && !hasAll(before) ? Mark.LAST : Mark.NEW;
            }
        }
    }

    /** Whether that transaction has had each call that the workload expects. */
    boolean isComplete(int slot, long number) {
        long entry = entries.get(slot);
        return entry >> ACT_BITS == number && hasAll(entry);
    }

    private boolean hasAll(long entry) {
        return (entry & expected) == expected;
    }
}
