package security;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.Summary;
import transaction.TransactionIndex;

/** The part of the index that lies in a scope, without what the coordinator alone asks. */
final class ScopedIndex extends ReadIndex {

    /**
     * Pages that are read for one of a caller. Of many transactions few may be its own; then a page
     * has fewer rows than were asked for, and the cursor leads on.
     */
    static final int PAGES_READ_MAX = 10;

    private final TransactionIndex all;
    private final Scope scope;

    ScopedIndex(TransactionIndex all, Scope scope) {
        this.all = all;
        this.scope = scope;
    }

    @Override
    public CompletionStage<Page> list(Filter filter, String cursor, int limit) {
        if (filter.mode().isPresent() && !scope.covers(filter.mode().get())) {
            return CompletableFuture.completedFuture(new Page(List.of(), ""));
        }
        return list(filter, cursor, limit, new ArrayList<>(), 1);
    }

    private CompletionStage<Page> list(
            Filter filter, String cursor, int limit, List<Summary> found, int read) {
        return all.list(filter, cursor, limit - found.size()).thenComposeAsync(page -> {
            page.rows().stream().filter(this::covers).forEach(found::add);
            boolean isEnough = found.size() == limit || page.next().isEmpty()
                || read == PAGES_READ_MAX;
            return isEnough ? CompletableFuture.completedFuture(new Page(found, page.next()))
                : list(filter, page.next(), limit, found, read + 1);
        }, Runnable::run);
    }

    @Override
    public CompletionStage<Optional<Summary>> find(String gid) {
        return scope.covers(gid)
            ? all.find(gid).thenApplyAsync(row -> row.filter(this::covers), Runnable::run)
            : CompletableFuture.completedFuture(Optional.empty());
    }

    /** Of what is not the caller's there is none. */
    @Override
    public CompletionStage<Entries> history(String gid, long after, int limit) {
        return find(gid).thenComposeAsync(row -> row.isPresent()
            ? all.history(gid, after, limit)
            : CompletableFuture.completedFuture(new Entries(after + 1, List.of(), "", false)),
            Runnable::run);
    }

    private boolean covers(Summary row) {
        return scope.covers(row.submission().ownGid()) && scope.covers(row.submission().mode());
    }
}
