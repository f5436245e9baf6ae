package actors;

import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import meter.Meter;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.History;
import transaction.Mode;

/** A query that never returns does not stop the sweeper for ever. Of the waker: WakerTest. */
class DeadlinesTest {

    private final ActorTestKit kit = ActorTestKit.create();
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    @Test
    void aSweeperWhoseQueryNeverReturnsBeginsAnew() {
        Sweeper.Terms often = new Sweeper.Terms(
            true, mode -> Duration.ofDays(7), Duration.ofDays(7), Duration.ofMillis(10), 10, 100);
        kit.spawn(Sweeper.create(new Sweeper.Parts(new DeafHistory(), Clock.systemUTC(),
            Meter.create(), () -> often, () -> true, deadline())));
        await().atMost(patience()).until(() -> asked.get() > 3);
    }

    /** Of one read. Another one is wrong on purpose: {@link SeededPartBugsTest}. */
    Duration deadline() {
        return Duration.ofMillis(20);
    }

    Duration patience() {
        return Duration.ofSeconds(10);
    }

    /** Never answers. */
    private final class DeafHistory implements History {

        @Override
        public CompletionStage<Optional<Instant>> oldest() {
            asked.incrementAndGet();
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<List<Finished>> finished(
                Walk walk, Instant before, Finished after, int limit) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Integer> remove(List<Finished> those, Instant now) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Integer> forget(Mode mode, Instant before, int limit) {
            return new CompletableFuture<>();
        }
    }
}
