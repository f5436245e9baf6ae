package store;

import java.time.temporal.ChronoUnit;
import transaction.TransactionIndex.Filter;

/**
 * A part of a list, newest first, in microseconds since 1970.
 *
 * @param openedFrom the first moment of opening
 * @param openedTo the last one
 * @param after where the page before ended
 * @param limit rows, at most
 */
record Window(long openedFrom, long openedTo, Cursor after, int limit) {

    /** What {@code filter} lets pass, whose times mean their whole second. */
    static Window of(Filter filter, Cursor after, int limit) {
        long from = filter.openedFrom()
            .map(at -> Micros.of(at.truncatedTo(ChronoUnit.SECONDS))).orElse(Long.MIN_VALUE);
        long to = filter.openedTo()
            .map(at -> Micros.of(at.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1)) - 1)
            .orElse(Long.MAX_VALUE);
        return new Window(from, Math.min(after.openedAt(), to), after, limit);
    }
}
