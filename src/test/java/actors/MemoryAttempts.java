package actors;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import transaction.Attempt;
import transaction.Attempts;
import transaction.GlobalTransaction;

/** Keeps what it is given. */
final class MemoryAttempts implements Attempts {

    final List<Attempt> noted = new CopyOnWriteArrayList<>();

    @Override
    public void note(GlobalTransaction t, Attempt attempt, Instant at) {
        noted.add(attempt);
    }

    @Override
    public CompletionStage<Optional<Page>> list(
            String gid, Filter filter, String cursor, int limit) {
        return CompletableFuture.completedFuture(Optional.empty());
    }
}
