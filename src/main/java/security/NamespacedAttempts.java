package security;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.Attempt;
import transaction.Attempts;
import transaction.GlobalTransaction;

/** Calls of the transactions of one namespace, asked by gids as clients write them. */
final class NamespacedAttempts implements Attempts {

    private final Attempts all;
    private final String namespace;

    NamespacedAttempts(Attempts all, String namespace) {
        this.all = all;
        this.namespace = namespace;
    }

    @Override
    public void note(GlobalTransaction t, Attempt attempt, Instant at) {
        all.note(t, attempt, at);
    }

    @Override
    public CompletionStage<Optional<Page>> list(
            String gid, Filter filter, String cursor, int limit) {
        return NamespacedCoordinator.isForeign(gid)
            ? CompletableFuture.completedFuture(Optional.empty())
            : all.list(Qualified.id(namespace, gid), filter, cursor, limit);
    }
}
