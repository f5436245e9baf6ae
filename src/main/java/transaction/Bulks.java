package transaction;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Port, needed: bulk operations and what has become of each of their transactions. Durable, and the
 * same for all nodes.
 *
 * <p>No method blocks. A stage completes exceptionally if the database is out of reach.
 */
public interface Bulks {

    /** It cannot be as asked; nothing was changed. */
    final class Conflict extends RuntimeException {

        private static final long serialVersionUID = 1;

        public Conflict(String reason) {
            super(reason);
        }
    }

    /** @param next cursor of the next page; empty if this was the last */
    record Page(List<Bulk> operations, String next) {}

    /** @param next the number after which the next page begins; 0 if this was the last */
    record Items(List<Bulk.Item> items, int next) {}

    /** What is to be done next of one operation; of one that is at its end there are no items. */
    record Batch(Bulk bulk, List<Bulk.Item> items) {}

    /** There are none, and none can begin. */
    Bulks NONE = new Bulks() {
        @Override
        public CompletionStage<Bulk> begin(Bulk bulk, List<String> gids) {
            throw new UnsupportedOperationException("nothing can begin here");
        }

        @Override
        public CompletionStage<Optional<Bulk>> find(String namespace, String id) {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public CompletionStage<Page> list(String namespace, String cursor, int limit) {
            return CompletableFuture.completedFuture(new Page(List.of(), ""));
        }

        @Override
        public CompletionStage<Items> items(String namespace, String id,
                Optional<Bulk.Result> result, int after, int limit) {
            return CompletableFuture.completedFuture(new Items(List.of(), 0));
        }

        @Override
        public CompletionStage<Optional<Bulk>> order(
                String namespace, String id, Bulk.Order order, String by) {
            return find(namespace, id);
        }

        @Override
        public CompletionStage<Optional<Batch>> next(int limit, Collection<Bulk> heldUp) {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public CompletionStage<Void> note(Bulk bulk, List<Bulk.Item> items) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Integer> forget(Instant before) {
            return CompletableFuture.completedFuture(0);
        }
    };

    /**
     * Writes down what is to be done. If that is there already, in the same words, it stays as it
     * is. The stage has what is on record; it fails with {@link Conflict} if something else has
     * that id, or {@link Limits#BULKS_OPEN} of the namespace have not ended.
     *
     * @param gids of all its transactions, as their clients wrote them
     */
    CompletionStage<Bulk> begin(Bulk bulk, List<String> gids);

    CompletionStage<Optional<Bulk>> find(String namespace, String id);

    /**
     * Newest first.
     *
     * @param cursor what the page before gave; empty for the first
     * @throws InvalidRequest (thrown, or the stage fails with it) if the cursor is not one of ours
     */
    CompletionStage<Page> list(String namespace, String cursor, int limit);

    /**
     * In the order in which they were chosen.
     *
     * @param result only those with this one
     * @param after the number of the last one that was seen; 0 for the first page
     */
    CompletionStage<Items> items(
            String namespace, String id, Optional<Bulk.Result> result, int after, int limit);

    /**
     * Pauses, resumes or cancels one. The stage has it afterwards; empty if there is none. It fails
     * with {@link Conflict} if that comes too late.
     */
    CompletionStage<Optional<Bulk>> order(
            String namespace, String id, Bulk.Order order, String by);

    /**
     * At most {@code limit} items of the running operation that has waited longest. Items with
     * fewer tries come first.
     *
     * @param heldUp operations that are passed over
     */
    CompletionStage<Optional<Batch>> next(int limit, Collection<Bulk> heldUp);

    /**
     * Writes down what has become of items that were pending, and ends the operation if none is
     * left, be it paused. An item that has its result keeps it.
     */
    CompletionStage<Void> note(Bulk bulk, List<Bulk.Item> items);

    /**
     * Removes some that ended before that, oldest first, and cancels those that were paused before
     * that: by now their gids may be those of other transactions. The stage has how many were
     * removed; 0 if none is left.
     */
    CompletionStage<Integer> forget(Instant before);
}
