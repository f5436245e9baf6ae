package security;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.Limits;
import transaction.Summary;
import transaction.TransactionIndex;
import transaction.Trouble;

/** The part of the index that lies in a scope, without what the coordinator alone asks. */
final class ScopedIndex extends ReadIndex {

    /**
     * Pages that are read for one of a caller. Of many transactions few may be its own; then a page
     * has fewer rows than were asked for, and the cursor leads on.
     */
    static final int PAGES_READ_MAX = 10;

    private static final Filter IN_TROUBLE = new Filter(Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.empty(), false, false, Map.of(), Search.IN_TROUBLE);

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

    /** Counted row by row, as far as a list is read for a caller. */
    @Override
    public CompletionStage<Troubles> troubles(String namespace, int limit) {
        return troubles(limit, "", new LinkedHashMap<>(), 1);
    }

    private CompletionStage<Troubles> troubles(
            int limit, String cursor, Map<Trouble, Group> found, int read) {
        return all.list(IN_TROUBLE, cursor, Limits.PAGE_ROWS).thenComposeAsync(page -> {
            page.rows().stream().filter(this::covers).forEach(row -> found.merge(
                row.trouble().alike(), new Group(row.trouble().alike(), 1, row.openedAt()),
                (one, more) -> new Group(one.trouble(), one.count() + 1, more.oldest())));
            if (!page.next().isEmpty() && read < PAGES_READ_MAX) {
                return troubles(limit, page.next(), found, read + 1);
            }
            List<Group> groups = found.values().stream()
                .sorted(Comparator.comparingLong(Group::count).reversed()).toList();
            return CompletableFuture.completedFuture(new Troubles(
                groups.subList(0, Math.min(limit, groups.size())),
                page.next().isEmpty() && groups.size() <= limit));
        }, Runnable::run);
    }

    private boolean covers(Summary row) {
        return scope.covers(row.submission().ownGid()) && scope.covers(row.submission().mode());
    }
}
