package store;

import java.time.temporal.ChronoUnit;
import transaction.TransactionIndex.Filter;

/**
 * A part of a list in the order of opening, in microseconds since 1970.
 *
 * @param openedFrom the first moment of opening
 * @param openedTo the last one
 * @param after where the page before ended
 * @param limit rows, at most
 * @param oldestFirst whether it runs upwards
 */
record Window(long openedFrom, long openedTo, Cursor after, int limit, boolean oldestFirst) {

    /** What {@code filter} lets pass, whose times mean their whole second. */
    static Window of(Filter filter, Cursor after, int limit) {
        long from = filter.openedFrom()
            .map(at -> Micros.of(at.truncatedTo(ChronoUnit.SECONDS))).orElse(Long.MIN_VALUE);
        long to = filter.openedTo()
            .map(at -> Micros.of(at.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1)) - 1)
            .orElse(Long.MAX_VALUE);
        // None was written before it was opened.
        to = Math.min(to, filter.search().updatedBefore().map(Micros::of).orElse(to));
        return filter.search().oldestFirst()
            ? new Window(Math.max(after.openedAt(), from), to, after, limit, true)
            : new Window(from, Math.min(after.openedAt(), to), after, limit, false);
    }
}
