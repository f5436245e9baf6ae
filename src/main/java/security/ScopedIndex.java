package security;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.InvalidRequest;
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

    private static final char AFTER_PATTERN = '/';

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
        if (filter.search().gidPrefix().isEmpty()) {
            return list(filter, cursor, limit, new ArrayList<>(), 1);
        }
        try {
            return byGid(new GidWalk(filter, scope.within(filter.search().gidPrefix()), limit),
                Place.parse(cursor), new ArrayList<>(), 1);
        } catch (InvalidRequest refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** A list by a prefix, pattern after pattern: so no gid of others is read. */
    private record GidWalk(Filter filter, List<String> patterns, int limit) {}

    /**
     * Where a page of such a list begins.
     *
     * @param pattern the number of the pattern
     * @param cursor in the list of it
     */
    private record Place(int pattern, String cursor) {

        static Place parse(String text) {
            int end = text.indexOf(AFTER_PATTERN);
            try {
                return text.isEmpty() ? new Place(0, "") : new Place(
                    Integer.parseUnsignedInt(text.substring(0, end)), text.substring(end + 1));
            } catch (NumberFormatException | StringIndexOutOfBoundsException broken) {
                throw new InvalidRequest("no position of a list: " + Limits.cut(text, 100));
            }
        }

        String text() {
            return pattern + String.valueOf(AFTER_PATTERN) + cursor;
        }
    }

    private CompletionStage<Page> byGid(GidWalk walk, Place from, List<Summary> found, int read) {
        if (from.pattern < 0 || from.pattern >= walk.patterns.size()) {
            return CompletableFuture.completedFuture(new Page(found, ""));
        }
        String pattern = walk.patterns.get(from.pattern);
        // Of those that begin with a gid, that gid itself is the first.
        int limit = Scope.isMany(pattern) ? walk.limit - found.size() : 1;
        return all.list(walk.filter.ofGids(Scope.beginOf(pattern)), from.cursor, limit)
            .thenComposeAsync(page -> {
                page.rows().stream().filter(row -> covers(row) && (Scope.isMany(pattern)
                    || row.submission().ownGid().equals(pattern))).forEach(found::add);
                Place next = Scope.isMany(pattern) && !page.next().isEmpty()
                    ? new Place(from.pattern, page.next()) : new Place(from.pattern + 1, "");
                boolean isEnough = next.pattern < walk.patterns.size()
                    && (found.size() == walk.limit || read == PAGES_READ_MAX);
                return isEnough ? CompletableFuture.completedFuture(new Page(found, next.text()))
                    : byGid(walk, next, found, read + 1);
            }, Runnable::run);
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
