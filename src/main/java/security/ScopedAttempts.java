package security;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.Attempt;
import transaction.Attempts;
import transaction.GlobalTransaction;
import transaction.TransactionIndex;

/** Calls of those transactions that a {@link Scope} covers; of others there are none. */
final class ScopedAttempts implements Attempts {

    private final Attempts all;
    private final TransactionIndex covered;
    private final Scope scope;

    /** @param covered the transactions that {@code scope} covers */
    ScopedAttempts(Attempts all, TransactionIndex covered, Scope scope) {
        this.all = all;
        this.covered = covered;
        this.scope = scope;
    }

    @Override
    public void note(GlobalTransaction t, Attempt attempt, Instant at) {
        all.note(t, attempt, at);
    }

    @Override
    public CompletionStage<Optional<Page>> list(
            String gid, Filter filter, String cursor, int limit) {
        if (!scope.covers(gid)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return covered.find(gid).thenComposeAsync(row -> row.isEmpty()
            ? CompletableFuture.completedFuture(Optional.empty())
            : all.list(gid, filter, cursor, limit), Runnable::run);
    }
}
