package bench;

import java.util.concurrent.atomic.LongAdder;

/** Notes the branch calls; a note must stand before the coordinator can hear the answer. */
final class CallNotes {

    /** Hears of a transaction's last branch call, on the participants' thread; must not block. */
    interface LastCalls {
        /** @param atNanos {@link System#nanoTime} just before the call was answered */
        void lastCall(int slot, long number, long atNanos);
    }

    private final GidSequence gids;
    private final SlotBoard board;
    private final LastCalls lastCalls;
    private final LongAdder calls = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder stale = new LongAdder();

    CallNotes(GidSequence gids, SlotBoard board, LastCalls lastCalls) {
        this.gids = gids;
        this.board = board;
        this.lastCalls = lastCalls;
    }

    /** A call whose gid is in the query of its url. */
    void inUri(String uri, CallKind act) {
        note(uri, gids.findIn(uri), act);
    }

    /** A call that names its gid by itself; null if it names none. */
    void gid(String gid, CallKind act) {
        note(gid, gid != null && gids.isOne(gid) ? 0 : -1, act);
    }

    private void note(String text, int at, CallKind act) {
        calls.increment();
        if (at < 0) {
            stale.increment();
            return;
        }
        int slot = GidSequence.slotAt(text, at);
        long number = GidSequence.numberAt(text, at);
        switch (board.mark(slot, number, act)) {
            case NEW -> { }
            case LAST -> lastCalls.lastCall(slot, number, System.nanoTime());
            case REPEATED -> repeated.increment();
            case STALE -> stale.increment();
        }
    }

    /** Branch calls answered so far, repeated ones too. */
    long calls() {
        return calls.sum();
    }

    /** Calls that a transaction in flight had had before. */
    long repeated() {
        return repeated.sum();
    }

    /** Calls for transactions that were over, or for none of this run. */
    long stale() {
        return stale.sum();
    }
}
