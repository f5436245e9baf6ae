package security;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.Summary;
import transaction.TransactionIndex;

/** The part of the index that belongs to one namespace, asked by gids as clients write them. */
final class NamespacedIndex extends ReadIndex {

    private final TransactionIndex all;
    private final String namespace;

    NamespacedIndex(TransactionIndex all, String namespace) {
        this.all = all;
        this.namespace = namespace;
    }

    @Override
    public CompletionStage<Page> list(Filter filter, String cursor, int limit) {
        return all.list(filter.in(namespace), cursor, limit);
    }

    @Override
    public CompletionStage<Troubles> troubles(String any, int limit) {
        return all.troubles(namespace, limit);
    }

    @Override
    public CompletionStage<Optional<Summary>> find(String gid) {
        return NamespacedCoordinator.isForeign(gid)
            ? CompletableFuture.completedFuture(Optional.empty())
            : all.find(Qualified.id(namespace, gid));
    }

    @Override
    public CompletionStage<Entries> history(String gid, long after, int limit) {
        return NamespacedCoordinator.isForeign(gid)
            ? CompletableFuture.completedFuture(new Entries(after + 1, List.of(), "", false))
            : all.history(Qualified.id(namespace, gid), after, limit);
    }
}
