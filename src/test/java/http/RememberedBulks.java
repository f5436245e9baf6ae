package http;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.Bulk;
import transaction.Bulks;

/** Remembers bulk operations, as the database does; the bounds of their number are not here. */
public final class RememberedBulks implements Bulks {

    private final Map<String, Bulk> all = new LinkedHashMap<>();
    private final Map<String, List<Bulk.Item>> items = new LinkedHashMap<>();
    private final Clock clock;
    private final List<Integer> batches = new ArrayList<>();
    private RuntimeException trouble;
    private int looks;
    private int notes;
    private int forgets;

    public RememberedBulks(Clock clock) {
        this.clock = clock;
    }

    /** From now on results are not written and nothing is forgotten; null ends it. */
    public synchronized void breakWith(RuntimeException why) {
        trouble = why;
    }

    /** How many transactions each batch had. */
    public synchronized List<Integer> batches() {
        return List.copyOf(batches);
    }

    /** How often it was looked for a batch. */
    public synchronized int looks() {
        return looks;
    }

    /** How often results were to be written. */
    public synchronized int notes() {
        return notes;
    }

    /** How often it was looked for what is too old. */
    public synchronized int forgets() {
        return forgets;
    }

    @Override
    public synchronized CompletionStage<Bulk> begin(Bulk bulk, List<String> gids) {
        all.put(key(bulk), bulk);
        List<Bulk.Item> own = new ArrayList<>();
        for (String gid : gids) {
            own.add(new Bulk.Item(own.size() + 1, gid, Bulk.Result.PENDING, 0, "", null));
        }
        items.put(key(bulk), own);
        return now(bulk);
    }

    @Override
    public synchronized CompletionStage<Optional<Bulk>> find(String namespace, String id) {
        return Bulk.isId(id) ? now(Optional.ofNullable(all.get(namespace + "/" + id)))
            : noId(id);
    }

    @Override
    public synchronized CompletionStage<Page> list(String namespace, String cursor, int limit) {
        List<Bulk> own = new ArrayList<>(all.values().stream()
            .filter(each -> each.namespace().equals(namespace)).toList());
        Collections.reverse(own);
        int from = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
        int to = Math.min(from + limit, own.size());
        return now(new Page(own.subList(from, to), to < own.size() ? "" + to : ""));
    }

    @Override
    public synchronized CompletionStage<Items> items(String namespace, String id,
            Optional<Bulk.Result> result, int after, int limit) {
        List<Bulk.Item> found = items.get(namespace + "/" + id).stream()
            .filter(each -> each.number() > after)
            .filter(each -> result.map(each.result()::equals).orElse(true)).toList();
        List<Bulk.Item> page = found.subList(0, Math.min(limit, found.size()));
        return now(new Items(page, found.size() > limit ? page.get(limit - 1).number() : 0));
    }

    @Override
    public synchronized CompletionStage<Optional<Bulk>> order(
            String namespace, String id, Bulk.Order order, String by) {
        Bulk bulk = all.get(namespace + "/" + id);
        if (bulk == null) {
            return Bulk.isId(id) ? now(Optional.empty()) : noId(id);
        }
        Optional<Bulk.State> next = bulk.state().after(order);
        if (next.isEmpty()) {
            return CompletableFuture.failedFuture(new Conflict(
                "it is " + bulk.state().wire() + ": cannot " + order.wire() + " it"));
        }
        put(bulk, next.get(), by, bulk.progress());
        return now(Optional.of(all.get(key(bulk))));
    }

    @Override
    public synchronized CompletionStage<Optional<Batch>> next(
            int limit, Collection<Bulk> heldUp) {
        List<String> passedOver = heldUp.stream().map(RememberedBulks::key).toList();
        Optional<Batch> next = all.values().stream()
            .filter(each -> each.state() == Bulk.State.RUNNING)
            .filter(each -> !passedOver.contains(key(each)))
            .min(Comparator.comparing(Bulk::updatedAt)).map(bulk -> new Batch(bulk,
                items.get(key(bulk)).stream()
                    .filter(each -> each.result() == Bulk.Result.PENDING)
                    .sorted(Comparator.comparing(Bulk.Item::tries)).limit(limit).toList()));
        looks++;
        next.ifPresent(batch -> batches.add(batch.items().size()));
        return now(next);
    }

    @Override
    public synchronized CompletionStage<Void> note(Bulk bulk, List<Bulk.Item> results) {
        notes++;
        if (trouble != null) {
            return CompletableFuture.failedFuture(trouble);
        }
        List<Bulk.Item> own = items.get(key(bulk));
        results.stream()
            .filter(each -> own.get(each.number() - 1).result() == Bulk.Result.PENDING)
            .forEach(each -> own.set(each.number() - 1, each));
        Bulk now = all.get(key(bulk));
        Bulk.Progress progress = new Bulk.Progress(own.size(), count(own, Bulk.Result.SUCCEEDED),
            count(own, Bulk.Result.REFUSED), count(own, Bulk.Result.FAILED));
        put(now, !now.state().isFinal() && progress.remaining() == 0
            ? Bulk.State.FINISHED : now.state(), now.changedBy(), progress);
        return now(null);
    }

    @Override
    public synchronized CompletionStage<Integer> forget(Instant before) {
        forgets++;
        return trouble != null ? CompletableFuture.failedFuture(trouble) : now(0);
    }

    private static int count(List<Bulk.Item> items, Bulk.Result result) {
        return (int) items.stream().filter(each -> each.result() == result).count();
    }

    private void put(Bulk bulk, Bulk.State state, String by, Bulk.Progress progress) {
        all.put(key(bulk), new Bulk(bulk.namespace(), bulk.id(), bulk.action(), bulk.selection(),
            state, by, bulk.begunAt(), clock.instant(),
            state.isFinal() ? clock.instant() : null, progress));
    }

    /** PostgreSQL would not take each such text either. */
    private static CompletionStage<Optional<Bulk>> noId(String text) {
        return CompletableFuture.failedFuture(new IllegalStateException("no id: " + text));
    }

    private static String key(Bulk bulk) {
        return bulk.namespace() + "/" + bulk.id();
    }

    private static <T> CompletionStage<T> now(T value) {
        return CompletableFuture.completedFuture(value);
    }
}
