package actors.testmode;

import actors.PassGate;
import actors.ShardedCoordinator;
import actors.TransactionActor;
import actors.TransactionContext;
import actors.feed.EventFeed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import transaction.Command;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Notice;
import transaction.Reply;
import transaction.TestControls;
import transaction.TransactionIndex;
import transaction.TransactionIndex.Due;

/**
 * The test mode of one node: holds its clock, the paces of its transactions and the log of its
 * passes. It is made before the coordinator, which runs on these, and {@linkplain #control
 * controls} it afterwards.
 */
public final class TestMode {

    private static final Duration CLEARED_LOOK = Duration.ofMillis(5);

    /** Whoever comes back while all is deleted is deleted too; so often at most. */
    private static final int CLEAR_TRIES = 2_000;

    private final SkippingClock clock = new SkippingClock();
    private final TestPaces paces = new TestPaces(clock);
    private final PassLog passes = new PassLog();

    /** The coordinator's clock. */
    public Clock clock() {
        return clock;
    }

    /** For {@link TransactionContext#paces}. */
    public PassGate pace(String gid, ActorRef<TransactionActor.Message> self) {
        return paces.of(gid, self);
    }

    /** Takes down a pass. */
    public void passed(Notice.PassFinished pass) {
        passes.add(pass);
    }

    /** @param emptyStore deletes all that is stored; does not block */
    public TestControls control(ActorSystem<?> system, ShardedCoordinator coordinator,
            EventFeed feed, Supplier<CompletionStage<Void>> emptyStore) {
        return new Controls(system, coordinator, feed, emptyStore);
    }

    private final class Controls implements TestControls {

        private final ActorSystem<?> system;
        private final ShardedCoordinator coordinator;
        private final TransactionIndex index;
        private final EventFeed feed;
        private final Supplier<CompletionStage<Void>> emptyStore;
        private CompletionStage<Void> clearing = CompletableFuture.completedFuture(null);

        Controls(ActorSystem<?> system, ShardedCoordinator coordinator, EventFeed feed,
                Supplier<CompletionStage<Void>> emptyStore) {
            this.system = system;
            this.coordinator = coordinator;
            this.index = coordinator.index();
            this.feed = feed;
            this.emptyStore = emptyStore;
        }

        @Override
        public CompletionStage<Instant> advance(Duration by) {
            try {
                InvalidRequest.require(!by.isNegative() && by.compareTo(ADVANCE_MAX) <= 0,
                    "the clock cannot be moved by " + by);
                clock.skip(by);
            } catch (InvalidRequest invalid) {
                return CompletableFuture.failedFuture(invalid);
            }
            return lookAtAll().thenApply(looked -> clock.instant());
        }

        @Override
        public CompletionStage<Void> manual(boolean on) {
            paces.manual(on);
            return lookAtAll();
        }

        @Override
        public CompletionStage<Reply> run(String gid) {
            return coordinator.send(gid, new Command.RetryNow(gid, true)).thenCompose(reply -> {
                boolean ran = reply instanceof Reply.Done || reply instanceof Reply.Ongoing
                    || reply instanceof Reply.Refused || reply instanceof Reply.Troubled;
                return ran ? coordinator.find(gid) : CompletableFuture.completedFuture(reply);
            });
        }

        @Override
        public CompletionStage<String> runDue() {
            return mostOverdue(null).thenCompose(found -> found.isEmpty()
                ? CompletableFuture.completedFuture("")
                : run(found.get()).thenApply(reply -> found.get()));
        }

        @Override
        public boolean isAtRest() {
            return paces.areAtRest();
        }

        @Override
        public void delayPasses(Duration by) {
            InvalidRequest.require(!by.isNegative() && by.compareTo(PASS_DELAY_MAX) <= 0,
                "passes cannot be delayed by " + by);
            paces.delay(by);
        }

        @Override
        public CompletionStage<List<Pass>> passes(long after, Duration wait) {
            return passes.after(after, wait);
        }

        @Override
        public synchronized CompletionStage<Void> clear() {
            clearing = clearing.handle((done, thrown) -> null).thenCompose(before -> {
                coordinator.shut("all data are being deleted");
                return clear(CLEAR_TRIES).whenComplete((done, thrown) -> coordinator.shut(null));
            });
            return clearing;
        }

        /** Everything in memory, by its own clock, and everything due that is not. */
        private CompletionStage<Void> lookAtAll() {
            if (paces.isManual()) {
                return CompletableFuture.completedFuture(null);
            }
            Set<String> woken = new HashSet<>(paces.gids());
            return wake(List.copyOf(woken)).thenCompose(done -> wakeDue(null, woken));
        }

        private CompletionStage<Void> wakeDue(Due after, Set<String> woken) {
            return index.due(clock.instant(), after, Limits.PAGE_ROWS).thenCompose(found -> {
                List<String> fresh = found.stream().map(Due::gid).filter(woken::add).toList();
                return wake(fresh).thenCompose(done -> found.size() < Limits.PAGE_ROWS
                    ? CompletableFuture.completedFuture(null)
                    : wakeDue(found.get(found.size() - 1), woken));
            });
        }

        private CompletionStage<Void> wake(List<String> gids) {
            return CompletableFuture.allOf(gids.stream()
                .map(gid -> coordinator.wake(gid).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
        }

        /** Of those in memory they know best themselves; of the others the index does. */
        private CompletionStage<Optional<String>> mostOverdue(Due after) {
            return index.due(clock.instant(), after, Limits.PAGE_ROWS).thenCompose(found -> {
                Optional<Due> stored = found.stream()
                    .filter(due -> !paces.gids().contains(due.gid())).findFirst();
                if (stored.isEmpty() && found.size() == Limits.PAGE_ROWS) {
                    return mostOverdue(found.get(found.size() - 1));
                }
                Optional<Map.Entry<String, Instant>> inMemory = paces.mostOverdue();
                boolean fromStore = stored.isPresent() && (inMemory.isEmpty()
                    || stored.get().dueAt().isBefore(inMemory.get().getValue()));
                return CompletableFuture.completedFuture(
                    fromStore ? stored.map(Due::gid) : inMemory.map(Map.Entry::getKey));
            });
        }

        private CompletionStage<Void> clear(int tries) {
            return gone(tries).thenCompose(left -> emptyStore.get()).thenCompose(emptied -> {
                if (!paces.gids().isEmpty() && tries > 0) {
                    return clear(tries - 1);
                }
                feed.clear();
                passes.clear();
                return CompletableFuture.completedFuture(null);
            });
        }

        /** When nothing is in memory any more. */
        private CompletionStage<Void> gone(int tries) {
            paces.leave();
            if (paces.gids().isEmpty() || tries == 0) {
                return CompletableFuture.completedFuture(null);
            }
            var later = new CompletableFuture<Void>();
            system.scheduler().scheduleOnce(
                CLEARED_LOOK, () -> later.complete(null), system.executionContext());
            return later.thenCompose(waited -> gone(tries - 1));
        }
    }
}
