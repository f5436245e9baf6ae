package http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import transaction.Entry;
import transaction.InvalidRequest;
import transaction.Summary;
import transaction.TransactionIndex;
import transaction.Trouble;
import transaction.Waiting;

/** The rows of a {@link MemoryCoordinator}, newest first; a cursor counts from the oldest. */
public final class MemoryIndex implements TransactionIndex {

    /** Why what follows the last entry of any history cannot be trusted. */
    public volatile String broken = "";

    private final Function<String, List<Entry>> entries;
    private final Supplier<List<Summary>> rows;
    private volatile RuntimeException trouble;

    MemoryIndex(Supplier<List<Summary>> rows, Function<String, List<Entry>> entries) {
        this.rows = rows;
        this.entries = entries;
    }

    /** From now on no answer is to be had; null ends it. */
    public void breakWith(RuntimeException why) {
        trouble = why;
    }

    @Override
    public CompletionStage<Page> list(Filter filter, String cursor, int limit) {
        List<Summary> oldestFirst = rows.get();
        int before = oldestFirst.size();
        if (!cursor.isEmpty()) {
            try {
                before = Integer.parseInt(cursor);
            } catch (NumberFormatException broken) {
                return CompletableFuture.failedFuture(new InvalidRequest("unknown position"));
            }
        }
        List<Summary> page = new ArrayList<>();
        int at = before;
        while (at > 0 && page.size() < limit) {
            Summary row = oldestFirst.get(--at);
            if (passes(filter, row)) {
                page.add(row);
            }
        }
        return told(new Page(page, page.size() == limit ? String.valueOf(at) : ""));
    }

    @Override
    public CompletionStage<Optional<Summary>> find(String gid) {
        return told(rows.get().stream().filter(row -> row.submission().gid().equals(gid))
            .findFirst());
    }

    @Override
    public CompletionStage<List<Due>> due(
            Instant until, Due after, int limit, Share share) {
        return told(Collections.emptyList());
    }

    @Override
    public CompletionStage<List<Due>> dueAfter(String namespace, Instant from, int limit) {
        return told(Collections.emptyList());
    }

    @Override
    public CompletionStage<Entries> history(String gid, long after, int limit) {
        List<Entry> all = entries.apply(gid);
        int from = (int) Math.min(after, all.size());
        int to = Math.min(from + limit, all.size());
        return told(new Entries(after + 1, all.subList(from, to),
            to < all.size() ? "" : broken, to < all.size()));
    }

    @Override
    public CompletionStage<Void> reschedule(String gid, long lastEntry, Instant dueAt) {
        return told(null);
    }

    @Override
    public CompletionStage<Quarantining> quarantine(String gid, String reason) {
        return told(Quarantining.BEGINS);
    }

    @Override
    public CompletionStage<Void> readAgain(String gid) {
        return told(null);
    }

    @Override
    public CompletionStage<Boolean> release(String gid) {
        return told(false);
    }

    @Override
    public CompletionStage<Boolean> endByForce(String gid, String reason, Instant now) {
        return told(true);
    }

    @Override
    public CompletionStage<List<Count>> unfinished() {
        return told(Collections.emptyList());
    }

    @Override
    public CompletionStage<Troubles> troubles(String namespace, int limit) {
        Map<Trouble, Group> groups = new LinkedHashMap<>();
        rows.get().stream().filter(row -> row.trouble().isThere()).forEach(row -> groups.merge(
            row.trouble().alike(), new Group(row.trouble().alike(), 1, row.openedAt()),
            (one, more) -> new Group(one.trouble(), one.count() + 1, one.oldest())));
        return told(new Troubles(groups.values().stream().limit(limit).toList(),
            groups.size() <= limit));
    }

    private static boolean passes(Search search, Summary row) {
        Trouble trouble = row.trouble();
        return (!search.unfinished() || !row.status().isFinal())
            && (!search.isForTrouble() || trouble.isThere())
            && search.waiting().map(row.waiting()::equals).orElse(true)
            && row.submission().gid().startsWith(search.gidPrefix())
            && (search.cause().isEmpty() || search.cause().equals(trouble.cause()))
            && (search.participant().isEmpty()
                || search.participant().equals(trouble.participant()))
            && trouble.error().contains(search.error())
            && (search.errorIs().isEmpty() || search.errorIs().equals(trouble.error()))
            && trouble.attempts() >= search.minAttempts()
            && search.updatedBefore().map(row.updatedAt()::isBefore).orElse(true);
    }

    private static boolean passes(Filter filter, Summary row) {
        long opened = row.openedAt().getEpochSecond();
        return row.submission().context().namespace().equals(filter.namespace())
            && passes(filter.search(), row)
            && (!filter.quarantined() || !row.quarantine().isEmpty())
            && (!filter.parked() || row.waiting() == Waiting.PARKED)
            && row.submission().context().attributes().entrySet()
                .containsAll(filter.attributes().entrySet())
            && filter.status().map(row.status()::equals).orElse(true)
            && filter.mode().map(row.submission().mode()::equals).orElse(true)
            && filter.openedFrom().map(from -> opened >= from.getEpochSecond()).orElse(true)
            && filter.openedTo().map(to -> opened <= to.getEpochSecond()).orElse(true);
    }

    private <T> CompletionStage<T> told(T answer) {
        return trouble == null ? CompletableFuture.completedFuture(answer)
            : CompletableFuture.failedFuture(trouble);
    }
}
