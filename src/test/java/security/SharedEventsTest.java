package security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import transaction.Limits;
import transaction.LiveEvents;

/** One caller leaves the others their readers. */
class SharedEventsTest {

    private static final LiveEvents.Filter ALL =
        new LiveEvents.Filter(Optional.empty(), Optional.empty(), Optional.empty());

    private CompletionStage<Optional<LiveEvents.Reader>> answer;
    private int closed;

    private final SharedEvents events = new SharedEvents((after, filter) -> answer);

    SharedEventsTest() {
        answer = CompletableFuture.completedFuture(Optional.of(new LiveEvents.Reader() {
            @Override
            public CompletionStage<Optional<LiveEvents.Page>> next() {
                return CompletableFuture.completedFuture(Optional.empty());
            }

            @Override
            public void close() {
                closed++;
            }
        }));
    }

    @Test
    void aCallerHasSoManyAndNoMoreUntilOneIsClosed() {
        Caller scoped = Caller.granted("orders", "client:orders-*");
        List<LiveEvents.Reader> open = new ArrayList<>();
        for (int i = 0; i < Limits.EVENT_READERS_OF_CALLER; i++) {
            open.add(open(scoped).orElseThrow());
        }
        assertEquals(Optional.empty(), open(scoped));
        assertTrue(open(Caller.granted("alice", "operator")).isPresent());

        open.get(0).close();
        open.get(0).close();
        assertTrue(closed >= 1);
        assertTrue(open(scoped).isPresent());
        assertEquals(Optional.empty(), open(scoped), "one that is closed twice counts once");
    }

    /** On a developer's machine nobody has a name. */
    @Test
    void callersWithoutANameAreNotBounded() {
        for (int i = 0; i <= Limits.EVENT_READERS_OF_CALLER; i++) {
            assertTrue(open(Caller.LOCAL).isPresent());
        }
    }

    @Test
    void oneThatCouldNotBeOpenedDoesNotCount() {
        Caller caller = Caller.granted("alice", "operator");
        CompletionStage<Optional<LiveEvents.Reader>> good = answer;
        for (int i = 0; i <= Limits.EVENT_READERS_OF_CALLER; i++) {
            answer = CompletableFuture.completedFuture(Optional.empty());
            assertFalse(open(caller).isPresent());
            answer = CompletableFuture.failedFuture(new IllegalStateException("away"));
            assertThrows(CompletionException.class, () -> open(caller));
        }
        answer = good;
        assertTrue(open(caller).isPresent());
    }

    private Optional<LiveEvents.Reader> open(Caller caller) {
        return events.of(caller).open("", ALL).toCompletableFuture().join();
    }
}
