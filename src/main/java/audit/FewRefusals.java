package audit;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Lets some refusals through each minute and counts the rest: strangers must not be able to fill
 * the database. Thread-safe.
 */
final class FewRefusals {

    /** In a minute on one node: somebody who tries things out, and about 10 MB of rows a day. */
    static final int MOST = 20;

    private static final long WINDOW_NANOS = 60_000_000_000L;

    private final LongSupplier nanoTime;
    private long from;
    private int count;
    private long left;

    FewRefusals(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.from = nanoTime.getAsLong();
    }

    /** Empty for one that is left out, else how many were left out before it. */
    synchronized OptionalLong next() {
        long now = nanoTime.getAsLong();
        if (now - from >= WINDOW_NANOS) {
            from = now;
            count = 0;
        }
        if (count >= MOST) {
            left++;
            return OptionalLong.empty();
        }
        count++;
        long before = left;
        left = 0;
        return OptionalLong.of(before);
    }
}
