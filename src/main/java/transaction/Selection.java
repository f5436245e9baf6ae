package transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The transactions that pass a filter at a moment.
 *
 * @param gids as their clients wrote them, in the order of a list
 * @param isComplete whether these are all; if not, the bound was met
 */
public record Selection(List<String> gids, boolean isComplete) {

    /** Reads them page by page, at most {@code most} of them. Does not block. */
    public static CompletionStage<Selection> of(
            TransactionIndex index, TransactionIndex.Filter filter, int most) {
        return more(index, filter, "", most, new ArrayList<>());
    }

    /** One more than may be tells that there are more. */
    private static CompletionStage<Selection> more(TransactionIndex index,
            TransactionIndex.Filter filter, String cursor, int most, List<String> found) {
        int limit = Math.min(Limits.PAGE_ROWS, most + 1 - found.size());
        return index.list(filter, cursor, limit).thenComposeAsync(page -> {
            page.rows().forEach(row -> found.add(row.submission().ownGid()));
            return !page.next().isEmpty() && found.size() <= most
                ? more(index, filter, page.next(), most, found)
                : CompletableFuture.completedFuture(new Selection(
                    List.copyOf(found.subList(0, Math.min(most, found.size()))),
                    found.size() <= most));
        }, Runnable::run);
    }
}
