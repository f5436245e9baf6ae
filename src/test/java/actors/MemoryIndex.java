package actors;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import transaction.Summary;
import transaction.TransactionIndex;

/** An index of transactions that a test puts there; it remembers what was quarantined. */
class MemoryIndex implements TransactionIndex {

    static final List<String> QUARANTINED = new CopyOnWriteArrayList<>();

    static final List<String> RESCHEDULED = new CopyOnWriteArrayList<>();
    static final List<String> READ_AGAIN = new CopyOnWriteArrayList<>();
    static final Set<String> ENDED = ConcurrentHashMap.newKeySet();
    /** Reads of what is due that are never answered. */
    final AtomicInteger lost = new AtomicInteger();

    /** Whether what keeps histories from being read is expected to pass. */
    volatile boolean passing;

    /** What ends by force is on record, but nobody is told. */
    volatile boolean loses;

    final List<Due> due = new CopyOnWriteArrayList<>();

    @Override
    public CompletionStage<Page> list(Filter filter, String cursor, int limit) {
        return CompletableFuture.completedFuture(new Page(List.of(), ""));
    }

    @Override
    public CompletionStage<Optional<Summary>> find(String gid) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public CompletionStage<List<Due>> due(
            Instant until, Due after, int limit, Share share) {
        if (lost.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return new CompletableFuture<>();
        }
        int from = after == null ? 0 : due.indexOf(after) + 1;
        return CompletableFuture.completedFuture(
            due.stream().skip(from).limit(limit).toList());
    }

    @Override
    public CompletionStage<List<Due>> dueAfter(String namespace, Instant from, int limit) {
        return CompletableFuture.completedFuture(
            due.stream().filter(each -> each.dueAt().isAfter(from)).limit(limit).toList());
    }

    @Override
    public CompletionStage<Entries> history(String gid, long after, int limit) {
        return CompletableFuture.completedFuture(new Entries(after + 1, List.of(), "", false));
    }

    @Override
    public CompletionStage<Void> reschedule(String gid, long lastEntry, Instant dueAt) {
        RESCHEDULED.add(gid + " " + lastEntry + " " + dueAt);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Quarantining> quarantine(String gid, String reason) {
        QUARANTINED.add(gid);
        return CompletableFuture.completedFuture(
            passing ? Quarantining.SPARED : Quarantining.BEGINS);
    }

    @Override
    public CompletionStage<Void> readAgain(String gid) {
        READ_AGAIN.add(gid);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Boolean> release(String gid) {
        return CompletableFuture.completedFuture(false);
    }

    @Override
    public CompletionStage<Boolean> endByForce(String gid, String reason, Instant now) {
        boolean ended = ENDED.add(gid);
        return loses ? CompletableFuture.failedFuture(new IllegalStateException("no answer"))
            : CompletableFuture.completedFuture(ended);
    }

    @Override
    public CompletionStage<List<Count>> unfinished() {
        return CompletableFuture.completedFuture(List.of());
    }
}
