package transaction;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is given, of all transactions as if they were one; a cursor is a number. */
public final class MemoryAttempts implements Attempts {

    public final List<Kept> kept = new CopyOnWriteArrayList<>();
    public final List<Skipped> skipped = new CopyOnWriteArrayList<>();

    @Override
    public void note(GlobalTransaction t, Attempt attempt, Instant at) {
        kept.add(new Kept(attempt.key(), attempt.number(), at.minus(attempt.took()),
            attempt.outcome().kind(), attempt.took().toNanos() / 1_000,
            attempt.outcome().record()));
    }

    @Override
    public CompletionStage<Optional<Page>> list(
            String gid, Filter filter, String cursor, int limit) {
        List<Kept> all = kept.stream().filter(each -> filter.lets(each.key())).toList();
        int from = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
        int to = Math.min(all.size(), from + limit);
        return CompletableFuture.completedFuture(Optional.of(new Page(all.subList(from, to),
            skipped.stream().filter(each -> filter.lets(each.key())).toList(),
            to < all.size() ? Integer.toString(to) : "")));
    }
}
