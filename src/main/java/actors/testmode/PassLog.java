package actors.testmode;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import transaction.Notice;
import transaction.TestControls.Pass;

/** The last passes that were finished, and those who wait for the next. Thread-safe. */
final class PassLog {

    /** A test that wants older ones asks more often. */
    private static final int KEPT = 10_000;

    private final Deque<Pass> kept = new ArrayDeque<>();
    private final Map<CompletableFuture<List<Pass>>, Long> waiting = new HashMap<>();

    void add(Notice.PassFinished pass) {
        List<CompletableFuture<List<Pass>>> served = new ArrayList<>();
        List<Pass> told;
        synchronized (this) {
            if (kept.size() == KEPT) {
                kept.remove();
            }
            kept.add(new Pass(pass.number(), pass.subject().gid(), pass.subject().status()));
            told = List.of(kept.getLast());
            waiting.forEach((future, after) -> {
                if (pass.number() > after) {
                    served.add(future);
                }
            });
            served.forEach(waiting::remove);
        }
        served.forEach(each -> each.complete(told));
    }

    /** Those above {@code after}; if there is none, the next, or none after {@code wait}. */
    synchronized CompletionStage<List<Pass>> after(long after, Duration wait) {
        List<Pass> found = kept.stream().filter(pass -> pass.number() > after).toList();
        if (!found.isEmpty() || wait.isZero()) {
            return CompletableFuture.completedFuture(found);
        }
        var future = new CompletableFuture<List<Pass>>();
        waiting.put(future, after);
        return future.completeOnTimeout(List.of(), wait.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((passes, thrown) -> forget(future));
    }

    synchronized void clear() {
        kept.clear();
    }

    private synchronized void forget(CompletableFuture<List<Pass>> future) {
        waiting.remove(future);
    }
}
