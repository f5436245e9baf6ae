package branch;

import transaction.Outcome;

/**
 * How many repeated calls one host may get now. First calls are never counted against it.
 *
 * <p>Each repeat costs one. The account fills by time, slowly; by a share of each call that the
 * host answers; and by two for each repeat that it answers, so that a host that is back gets twice
 * as many with each round, until it gets all there are. What can be saved up is bounded by a window
 * that grows with each answer and halves with each call that brought none: a host that dies is not
 * stormed with what it had earned while it was well.
 *
 * <p>A host of which nothing bad is known has a full account, so a coordinator that starts with
 * many unfinished transactions is not held up. Thread-safe; times are nanoseconds of a clock that
 * only goes forward.
 */
final class HostBudget {

    /** What an answered repeat brings: its own cost, and one more. */
    private static final int REWARD = 2;

    private final String host;
    private final RetrySettings settings;
    private double account;
    private double window;
    private long filledNanos;
    private long putOff;
    private long putOffNanos;

    HostBudget(String host, RetrySettings settings, long nowNanos) {
        this.host = host;
        this.settings = settings;
        this.window = settings.burstMax();
        this.account = window;
        this.filledNanos = nowNanos;
    }

    String host() {
        return host;
    }

    /** Whether a repeat may be made now; if so it is paid for. */
    synchronized boolean take(long nowNanos) {
        add((nowNanos - filledNanos) * 1e-9 * settings.perSecond());
        filledNanos = nowNanos;
        if (account >= 1) {
            account--;
            return true;
        }
        putOff++;
        putOffNanos = nowNanos;
        return false;
    }

    /**
     * A call that was to be made has ended, perhaps without having left this node.
     *
     * @param wasLate whether this node itself was too slow meanwhile to judge the host
     */
    synchronized void ended(boolean isRepeat, Outcome outcome, boolean wasLate) {
        if (outcome.isAnswer()) {
            window = Math.min(settings.burstMax(), window + 1);
            add(isRepeat ? REWARD : settings.sharePercent() / 100.0);
        } else if (wasLate || !outcome.wasTried()) {
            // It says nothing of the host, so it gets back what was paid for it.
            add(isRepeat ? 1 : 0);
        } else {
            window = Math.max(settings.burst(), window / 2);
            add(0);
        }
    }

    /** Repeats that were put off so far. */
    synchronized long putOff() {
        return putOff;
    }

    /** Whether a repeat was put off within that time. */
    synchronized boolean hasPutOffWithin(long nanos, long nowNanos) {
        return putOff > 0 && nowNanos - putOffNanos < nanos;
    }

    private void add(double more) {
        account = Math.min(window, account + more);
    }
}
