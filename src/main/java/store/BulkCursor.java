package store;

import transaction.Bulk;
import transaction.Chars;
import transaction.InvalidRequest;
import transaction.Limits;

/** Where a page of the list of bulk operations has ended, which is newest first. */
record BulkCursor(long begunAt, String id) {

    private static final int RADIX = 32;

    static BulkCursor of(Bulk last) {
        return new BulkCursor(Micros.of(last.begunAt()), last.id());
    }

    /** @throws InvalidRequest if it is none that {@link #text} gives */
    static BulkCursor parse(String text) {
        if (text.isEmpty()) {
            return new BulkCursor(Long.MAX_VALUE, "");
        }
        int dot = text.indexOf('.');
        try {
            // Java takes a plus and the digits of other scripts.
            if (dot > 0 && Chars.all(text, c -> c > ' ' && c < 127 && c != '+')) {
                return new BulkCursor(
                    Long.parseLong(text.substring(0, dot), RADIX), text.substring(dot + 1));
            }
        } catch (NumberFormatException e) {
            // Told below, as whatever else is no position.
        }
        throw new InvalidRequest("no position of a list: " + Limits.cut(text, 100));
    }

    String text() {
        return Long.toString(begunAt, RADIX) + "." + id;
    }
}
