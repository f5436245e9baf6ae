package pactor.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.coordination.lease.LeaseSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import store.StoreException;

/** How the lease is asked for, on a clock that the test moves. */
class DatabaseLeaseTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private static final String NAME = "pactor-pekko-sbr";

    private final Time time = new Time();
    private final Table table = new Table();
    private DatabaseLease.Sides sides = new DatabaseLease.Sides(Set.of("a"), false);
    private final DatabaseLease lease = new DatabaseLease(LeaseSettings.apply(
        ConfigFactory.parseString("lease-operation-timeout = " + TIMEOUT.toSeconds() + " s")
            .withFallback(ConfigFactory.defaultReference().getConfig("pekko.coordination.lease")),
        NAME, "owner"), () -> table, () -> sides, time::later);

    @Test
    void itIsTakenAtOnceIfItIsFree() {
        CompletableFuture<Boolean> answer = acquire();
        table.answer(true);
        assertEquals(true, answer.join());
        assertEquals(List.of("take [a]"), table.asked);
    }

    @Test
    void whileAnotherHoldsItItIsAskedForAgain() {
        CompletableFuture<Boolean> answer = acquire();
        table.answer(false);
        time.pass(DatabaseLease.AGAIN);
        table.answer(false);
        time.pass(DatabaseLease.AGAIN);
        assertFalse(answer.isDone());
        table.answer(true);
        assertEquals(true, answer.join());
        assertEquals(3, table.asked.size());
    }

    @Test
    void aDatabaseThatIsAwayIsAskedAgain() {
        CompletableFuture<Boolean> answer = acquire();
        table.fail();
        time.pass(DatabaseLease.AGAIN);
        table.answer(true);
        assertEquals(true, answer.join());
    }

    @Test
    void afterTheTimeOutTheAnswerIsNoAndNobodyIsAskedAnyMore() {
        CompletableFuture<Boolean> answer = acquire();
        table.answer(false);
        for (Duration d = DatabaseLease.AGAIN; d.compareTo(TIMEOUT) <= 0;
                d = d.plus(DatabaseLease.AGAIN)) {
            assertFalse(answer.isDone());
            time.pass(DatabaseLease.AGAIN);
            if (!answer.isDone()) {
                table.answer(false);
            }
        }
        assertEquals(false, answer.join());
        int asked = table.asked.size();
        time.pass(TIMEOUT);
        assertEquals(asked, table.asked.size());
    }

    /** A second question would wait behind the first, and a third behind that. */
    @Test
    void oneQuestionAtATimeIsAsked() {
        CompletableFuture<Boolean> answer = acquire();
        time.pass(TIMEOUT);
        assertEquals(false, answer.join());
        assertEquals(1, table.asked.size());
    }

    @Test
    void whatIsTakenTooLateIsGivenBack() {
        CompletableFuture<Boolean> answer = acquire();
        time.pass(TIMEOUT);
        assertEquals(false, answer.join());
        table.answer(true);
        assertEquals(List.of("take [a]", "release"), table.asked);
    }

    /** Until then what they last heard from the database lets them call participants. */
    @Test
    void theAnswerWaitsUntilTheLostCanDoNothingAnyMore() {
        Duration left = Duration.ofMillis(700);
        CompletableFuture<Boolean> answer = acquire();
        table.answer(Optional.of(left));
        time.pass(left.minusMillis(1));
        assertFalse(answer.isDone());
        time.pass(Duration.ofMillis(1));
        assertEquals(true, answer.getNow(null));
        assertEquals(1, table.asked.size());
    }

    /** Pekko decides by what it saw when it asked. */
    @Test
    void whoComesBackWhileItIsAskedForIsShutOutAllTheSame() {
        CompletableFuture<Boolean> answer = acquire();
        table.answer(false);
        sides = new DatabaseLease.Sides(Set.of("b"), false);
        time.pass(DatabaseLease.AGAIN);
        table.answer(true);
        assertEquals(true, answer.getNow(null));
        assertEquals(Set.of("a", "b"), table.lost);
    }

    @Test
    void theSmallerSideYieldsForAWhile() {
        sides = new DatabaseLease.Sides(Set.of("a"), true);
        CompletableFuture<Boolean> answer = acquire();
        for (Duration d = Duration.ZERO; d.compareTo(DatabaseLease.YIELD) <= 0;
                d = d.plus(DatabaseLease.AGAIN)) {
            table.answer(false);
            time.pass(DatabaseLease.AGAIN);
        }
        table.answer(true);
        assertEquals(true, answer.join());
        assertEquals("take [a] yields", table.asked.get(0));
        assertEquals("take [a]", table.asked.get(table.asked.size() - 1));
    }

    @ParameterizedTest(name = "{0} without {1}")
    @CsvSource({"abc,a,false", "abc,ab,true", "ab,b,false", "ab,a,true", "abcd,ab,true",
        "abcd,cd,false", "abcd,ac,true", "a,x,false"})
    void theSmallerSideHasFewerNodesOrNotTheFirst(String all, String lost, boolean isSmaller) {
        assertEquals(isSmaller, DatabaseLease.Sides.isSmaller(
            List.of(all.split("")), Set.of(lost.split(""))));
    }

    @Test
    void theDatabaseIsAskedBeforeEachDecision() {
        CompletableFuture<Boolean> answer = acquire();
        table.answer(true);
        assertTrue(answer.join());
        assertFalse(lease.checkLease());
    }

    @Test
    void itIsGivenBack() {
        assertEquals(true, lease.release().toCompletableFuture().join());
        table.isAway = true;
        assertEquals(false, lease.release().toCompletableFuture().join());
    }

    private CompletableFuture<Boolean> acquire() {
        return lease.acquire().toCompletableFuture();
    }

    /** Answers when the test says so. */
    private final class Table implements DatabaseLease.Claims {

        private final List<String> asked = new ArrayList<>();
        private CompletableFuture<Optional<Duration>> open;
        private Set<String> lost;
        private boolean isAway;

        @Override
        public CompletionStage<Optional<Duration>> take(
                String name, Set<String> lost, boolean yields) {
            assertEquals(NAME, name);
            this.lost = lost;
            asked.add("take " + lost + (yields ? " yields" : ""));
            open = new CompletableFuture<>();
            return open;
        }

        @Override
        public CompletionStage<Void> release(String name) {
            asked.add("release");
            return isAway ? CompletableFuture.failedStage(new StoreException("away"))
                : CompletableFuture.completedStage(null);
        }

        private void answer(boolean taken) {
            answer(taken ? Optional.of(Duration.ZERO) : Optional.empty());
        }

        private void answer(Optional<Duration> taken) {
            open.complete(taken);
            time.pass(Duration.ZERO);
        }

        private void fail() {
            open.completeExceptionally(new StoreException("away"));
        }
    }

    /** Runs what is due, in its order, when the test lets time pass. */
    private static final class Time {

        private record Task(Duration at, Runnable run) {}

        private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::at));
        private Duration now = Duration.ZERO;

        private void later(Duration delay, Runnable run) {
            tasks.add(new Task(now.plus(delay), run));
        }

        private void pass(Duration time) {
            Duration until = now.plus(time);
            while (!tasks.isEmpty() && tasks.peek().at().compareTo(until) <= 0) {
                now = tasks.peek().at();
                tasks.poll().run().run();
            }
            now = until;
        }
    }
}
