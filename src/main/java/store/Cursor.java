package store;

import transaction.Chars;
import transaction.InvalidRequest;
import transaction.Limits;

/** What places a row in a list; that of the last row of a page is where the next begins. */
record Cursor(long openedAt, long id) {

    private static final int RADIX = 36;

    /** Before the first that was opened. */
    static final Cursor FIRST = new Cursor(Long.MIN_VALUE, Long.MIN_VALUE);

    /** After the last one. */
    static final Cursor LAST = new Cursor(Long.MAX_VALUE, Long.MAX_VALUE);

    static Cursor parse(String text) {
        if (text.isEmpty()) {
            return LAST;
        }
        String[] parts = text.split("\\.", 2);
        try {
            // Java takes a plus and the digits of other scripts.
            if (Chars.all(text, c -> c < 128 && c != '+')) {
                return new Cursor(
                    Long.parseLong(parts[0], RADIX), Long.parseLong(parts[1], RADIX));
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            // Told below, as whatever else is no position.
        }
        throw new InvalidRequest("no position of a list: " + Limits.cut(text, 100));
    }

    String text() {
        return Long.toString(openedAt, RADIX) + "." + Long.toString(id, RADIX);
    }
}
