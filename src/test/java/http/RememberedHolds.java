package http;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import transaction.Hold;
import transaction.Holds;
import transaction.Limits;

/** Remembers which participants are paused, as the database does; time does not pass in it. */
final class RememberedHolds implements Holds {

    private final Map<String, Hold> all = new ConcurrentSkipListMap<>();

    @Override
    public CompletionStage<Boolean> hold(
            String participant, Instant until, String reason, String by) {
        Hold now = new Hold(participant, until, reason, by, Instant.EPOCH);
        if (!all.containsKey(participant) && all.size() >= Limits.HOLDS) {
            return CompletableFuture.failedFuture(new TooMany());
        }
        return CompletableFuture.completedFuture(!now.equals(all.put(participant, now)));
    }

    @Override
    public CompletionStage<Boolean> release(String participant) {
        return CompletableFuture.completedFuture(all.remove(participant) != null);
    }

    @Override
    public CompletionStage<List<Hold>> all() {
        return CompletableFuture.completedFuture(List.copyOf(all.values()));
    }

    @Override
    public CompletionStage<Optional<Hold>> of(String url) {
        return CompletableFuture.completedFuture(all.values().stream()
            .filter(each -> url.contains("//" + each.participant() + "/")).findFirst());
    }
}
