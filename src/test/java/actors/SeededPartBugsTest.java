package actors;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Parts that nobody watches do not pass the tests of the background: docs/seeded-bugs.md. */
class SeededPartBugsTest {

    private static final Duration SHORT = Duration.ofMillis(500);

    @Test
    void actor_not_supervised() {
        BackgroundTest wrong = new Unwatched();
        assertFound(wrong, wrong::oneThatThrowsIsStartedAgain);
    }

    @Test
    void actor_started_again_for_ever() {
        BackgroundTest wrong = new Unwatched();
        assertFound(wrong, wrong::oneThatThrowsForEverIsTheEnd);
    }

    @Test
    void actor_not_watched() {
        BackgroundTest wrong = new Unwatched();
        assertFound(wrong, wrong::oneThatStopsIsMissed);
    }

    @Test
    void class_not_loaded_and_not_told() {
        BackgroundTest wrong = new Unwatched();
        assertFound(wrong, wrong::anErrorIsTheEndOfTheNodeAndNotOfTheSystem);
    }

    @Test
    void query_without_a_deadline() {
        DeadlinesTest wrong = new DeadlinesTest() {
            @Override
            Duration deadline() {
                return Duration.ofDays(1);
            }

            @Override
            Duration patience() {
                return SHORT;
            }
        };
        try {
            assertThrows(Throwable.class, wrong::aSweeperWhoseQueryNeverReturnsBeginsAnew);
        } finally {
            wrong.close();
        }
    }

    private static void assertFound(BackgroundTest wrong, Executable test) {
        try {
            assertThrows(Throwable.class, test);
        } finally {
            wrong.close();
        }
    }

    /** Starts parts as if there were no background; an Error is swallowed. */
    private static final class Unwatched extends BackgroundTest {

        @Override
        <M> ActorRef<M> spawn(String name, Behavior<M> behavior) {
            return kit.<Object>spawn(
                Behaviors.intercept(() -> new Swallowing<M>(), behavior), name).unsafeUpcast();
        }

        @Override
        Duration patience() {
            return SHORT;
        }
    }

    private static final class Swallowing<M> extends BehaviorInterceptor<Object, M> {

        Swallowing() {
            super(Object.class);
        }

        @Override
        @SuppressWarnings("unchecked")
        public Behavior<M> aroundReceive(
                TypedActorContext<Object> context, Object message, ReceiveTarget<M> target) {
            try {
                return target.apply(context, (M) message);
            } catch (Error swallowed) {
                return Behaviors.same();
            }
        }
    }
}
