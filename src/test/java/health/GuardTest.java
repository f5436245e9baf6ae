package health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whatever dies or falls silent in a node is noticed, and the first of these is told. */
class GuardTest {

    private static final Heartbeat.Bounds BOUNDS =
        new Heartbeat.Bounds(Guard.LOOK.multipliedBy(2), Guard.LOOK.multipliedBy(5));

    final Guard guard = Guard.passive();

    @Test
    void aThreadThatDiesOfAnErrorIsTheEnd() throws Exception {
        thread("carpenter", () -> {
            throw new OutOfMemoryError("no wood");
        }).start();
        NodeFailure failure = told();
        assertEquals("the thread carpenter has failed: java.lang.OutOfMemoryError: no wood",
            failure.getMessage());
        assertEquals(Optional.of("the thread carpenter has failed"), guard.trouble());
    }

    @Test
    void soIsOneThatDiesOfAnExceptionAndOneThatEndsIsNot() throws Exception {
        Thread done = thread("done", () -> { });
        done.start();
        done.join();
        assertEquals(Optional.empty(), guard.trouble());
        thread("broken", () -> {
            throw new IllegalStateException("split");
        }).start();
        assertTrue(told().getMessage().startsWith("the thread broken has failed"));
    }

    @Test
    void theFirstFailureIsTheOneThatIsTold() throws Exception {
        guard.fail("first", new NoClassDefFoundError("x/Y"));
        guard.fail("second", new OutOfMemoryError());
        assertEquals("first has failed: java.lang.NoClassDefFoundError: x/Y",
            told().getMessage());
    }

    @Test
    void aPeriodicTaskThatStopsOfAnErrorIsTheEndAndOfAnExceptionNot() throws Exception {
        var scheduler = scheduler("keeper");
        try {
            scheduler.schedule(() -> {
                throw new IllegalStateException("a bad day");
            }, 0, TimeUnit.MILLISECONDS);
            scheduler.submit(() -> "in turn").get(10, TimeUnit.SECONDS);
            assertEquals(Optional.empty(), guard.trouble());
            scheduler.scheduleWithFixedDelay(() -> {
                throw new NoClassDefFoundError("x/Y");
            }, 0, 1, TimeUnit.HOURS);
            assertEquals("the thread keeper has failed: java.lang.NoClassDefFoundError: x/Y",
                told().getMessage());
        } finally {
            scheduler.shutdownNow();
        }
    }

    @Test
    void aPartThatFallsSilentIsFirstNotReadyAndThenTheEnd() throws Exception {
        Heartbeat beat = guard.heartbeat("the part", BOUNDS);
        guard.heartbeat("another", BOUNDS).rest();
        look(3);
        assertEquals(Optional.of("the part does not answer"), guard.trouble());
        beat.beat();
        look(1);
        assertEquals(Optional.empty(), guard.trouble());
        look(6);
        assertEquals("the part has failed: no sign of life for 3 s", told().getMessage());
    }

    @Test
    void aPartThatBeatsRestsOrIsReleasedIsNotMissed() {
        Heartbeat busy = guard.heartbeat("busy", BOUNDS);
        guard.heartbeat("resting", BOUNDS).rest();
        guard.release(guard.heartbeat("released", BOUNDS));
        for (int i = 0; i < 20; i++) {
            busy.beat();
            look(1);
        }
        assertEquals(Optional.empty(), guard.trouble());
    }

    @Test
    void aPartThatIsStartedAgainIsNotReadyUntilItBeats() {
        Heartbeat beat = guard.heartbeat("the part", BOUNDS);
        beat.fail();
        assertEquals(Optional.of("the part does not answer"), guard.trouble());
        beat.beat();
        assertEquals(Optional.empty(), guard.trouble());
    }

    @Test
    void theWatchdogTellsWhatItIsToldAndEndsTheProcessThatDoesNotEnd() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (Guard watching = Guard.start()) {
            watching.lastResort(new Guard.LastResort(
                Duration.ofHours(1), Duration.ZERO, ended::countDown));
            watching.fail("something", new OutOfMemoryError());
            watching.failed().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertTrue(ended.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void anErrorIsFoundBeneathWhateverHidesItAndADeepStackIsNone() {
        assertTrue(Guard.isFatal(new CompletionException(
            new IllegalStateException(new OutOfMemoryError()))));
        assertFalse(Guard.isFatal(new IllegalStateException("no")));
        assertFalse(Guard.isFatal(new StackOverflowError()));
    }

    /** Whatever starts threads. Another one is wrong on purpose: {@link SeededGuardBugsTest}. */
    Thread thread(String name, Runnable work) {
        return guard.thread(name, work);
    }

    /** Likewise. */
    ScheduledThreadPoolExecutor scheduler(String name) {
        return guard.scheduler(name);
    }

    /** Likewise. */
    void look(int times) {
        for (int i = 0; i < times; i++) {
            guard.look();
        }
    }

    /** How long a failure may take to be told. */
    Duration patience() {
        return Duration.ofSeconds(10);
    }

    private NodeFailure told() throws Exception {
        return guard.failed().toCompletableFuture()
            .get(patience().toMillis(), TimeUnit.MILLISECONDS);
    }
}
