package actors;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import health.Guard;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An actor in the background throws, stops, meets an Error: it goes on, or the node ends. */
class BackgroundTest {

    private static final Background.Restarts QUICK =
        new Background.Restarts(Duration.ofMillis(1), Duration.ofMillis(5), 4);

    final ActorTestKit kit = ActorTestKit.create();
    final Guard guard = Guard.passive();
    final Background background = Background.start(kit.system(), guard, QUICK);
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger counted = new AtomicInteger();

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    @Test
    void oneThatThrowsIsStartedAgain() {
        ActorRef<String> part = spawn("part", part());
        part.tell("throw");
        part.tell("count");
        await().atMost(patience()).untilAsserted(() -> assertEquals(1, counted.get()));
        assertEquals(2, started.get());
        await().until(() -> guard.trouble().isEmpty());
    }

    @Test
    void oneThatThrowsForEverIsTheEnd() throws Exception {
        ActorRef<String> part = spawn("part", part());
        for (int i = 0; i < 10; i++) {
            part.tell("throw");
        }
        assertEquals("the actor part has failed: java.lang.IllegalStateException: as told", told());
        assertEquals(1 + QUICK.most(), started.get());
    }

    @Test
    void oneThatCannotEvenStartIsTheEnd() throws Exception {
        spawn("part", Behaviors.setup(context -> {
            throw new IllegalArgumentException("no such thing");
        }));
        assertTrue(told().endsWith("IllegalArgumentException: no such thing"), told());
    }

    @Test
    void oneThatStopsIsMissed() throws Exception {
        spawn("part", part()).tell("stop");
        assertEquals("the actor part has failed:"
            + " java.lang.IllegalStateException: it has stopped", told());
    }

    @Test
    void oneThatWasToldToEndIsNot() {
        ActorRef<String> part = spawn("part", part());
        ActorRef<String> other = background.spawn("other", part());
        background.end(part, "stop");
        kit.createTestProbe().expectTerminated(part);
        other.tell("count");
        await().untilAsserted(() -> assertEquals(1, counted.get()));
        assertEquals(Optional.empty(), guard.trouble());
    }

    @Test
    void anErrorIsTheEndOfTheNodeAndNotOfTheSystem() throws Exception {
        spawn("part", part()).tell("class");
        assertEquals("the actor part has failed:"
            + " java.lang.NoClassDefFoundError: actors/Missing", told());
        assertFalse(kit.system().getWhenTerminated().toCompletableFuture().isDone());
    }

    @Test
    void anErrorInATransactionIsToo() throws Exception {
        kit.spawn(background.guarded(part())).tell("class");
        assertEquals("a transaction has failed:"
            + " java.lang.NoClassDefFoundError: actors/Missing", told());
        assertFalse(kit.system().getWhenTerminated().toCompletableFuture().isDone());
    }

    @Test
    void oneThatResumesLosesOnlyTheMessageThatItThrewAt() {
        ActorRef<String> part = background.spawnResuming("part", part());
        for (int i = 0; i < 10; i++) {
            part.tell("throw");
            part.tell("count");
        }
        await().untilAsserted(() -> assertEquals(10, counted.get()));
        assertEquals(1, started.get());
    }

    @Test
    void whatHasStoppedCanBeStartedAnew() throws Exception {
        spawn("part", part());
        assertTrue(background.stop().toCompletableFuture().get(10, TimeUnit.SECONDS));
        Background.start(kit.system(), guard, QUICK).spawn("part", part()).tell("count");
        await().untilAsserted(() -> assertEquals(1, counted.get()));
        assertEquals(Optional.empty(), guard.trouble());
    }

    /** Pekko frees the name of an ended actor late: a restart must not wait for it. */
    @Test
    void oneThatIsStillEndingIsNotInTheWay() throws Exception {
        Background next = Background.start(kit.system(), guard, QUICK);
        next.spawn("part", part()).tell("count");
        await().untilAsserted(() -> assertEquals(1, counted.get()));
        assertTrue(next.stop().toCompletableFuture().get(10, TimeUnit.SECONDS));
    }

    /** Starts a part. Another way is wrong on purpose: {@link SeededPartBugsTest}. */
    <M> ActorRef<M> spawn(String name, Behavior<M> behavior) {
        return background.spawn(name, behavior);
    }

    /** How long anything may take. */
    Duration patience() {
        return Duration.ofSeconds(10);
    }

    private Behavior<String> part() {
        return Behaviors.setup(context -> {
            started.incrementAndGet();
            return Behaviors.receiveMessage(message -> switch (message) {
                case "throw" -> throw new IllegalStateException("as told");
                case "class" -> throw new NoClassDefFoundError("actors/Missing");
                case "stop" -> Behaviors.stopped();
                default -> {
                    counted.incrementAndGet();
                    yield Behaviors.same();
                }
            });
        });
    }

    private String told() throws Exception {
        return guard.failed().toCompletableFuture()
            .get(patience().toMillis(), TimeUnit.MILLISECONDS).getMessage();
    }
}
