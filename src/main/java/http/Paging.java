package http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import transaction.InvalidRequest;
import transaction.Limits;

/**
 * Which page of a list was asked for.
 *
 * @param cursor what the page before gave as the next; empty for the first
 * @param limit how many items a page has at most
 */
record Paging(String cursor, int limit) {

    private static final int DEFAULT_ROWS = 50;

    /** @throws InvalidRequest if the limit is not 1 to {@link Limits#PAGE_ITEMS} */
    static Paging of(QueryString query) {
        long limit = query.amount("limit", Limits.PAGE_ITEMS);
        InvalidRequest.require(limit > 0 || query.text("limit").isEmpty(),
            "limit must be between 1 and " + Limits.PAGE_ITEMS);
        return new Paging(query.text("cursor"), limit == 0 ? DEFAULT_ROWS : (int) limit);
    }

    /** Writes an item, with its brackets. */
    @FunctionalInterface
    interface Item<T> {
        void write(JsonGenerator out, T item) throws IOException;
    }

    /** What a list has besides its items. */
    @FunctionalInterface
    interface Rest {
        void write(JsonGenerator out) throws IOException;
    }

    /** @param next the cursor of the page that follows; empty if none does */
    static <T> byte[] json(List<T> items, String next, Item<T> each) {
        return json(items, next, each, out -> { });
    }

    /** The same with {@code rest}. */
    static <T> byte[] json(List<T> items, String next, Item<T> each, Rest rest) {
        return JsonOut.object(out -> {
            items(out, items, each);
            if (next.isEmpty()) {
                out.writeNullField("next");
            } else {
                out.writeStringField("next", next);
            }
            rest.write(out);
        });
    }

    /** A list that has one page. */
    static <T> byte[] json(List<T> items, Item<T> each) {
        return json(items, "", each);
    }

    /** Writes them as the field {@code items}. */
    static <T> void items(JsonGenerator out, List<T> items, Item<T> each)
            throws IOException {
        out.writeArrayFieldStart("items");
        for (T item : items) {
            each.write(out, item);
        }
        out.writeEndArray();
    }
}
