package credential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When a token is fetched, kept, replaced and given up. */
class FetchedTokenTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final List<CompletableFuture<TokenServer.Token>> fetches = new ArrayList<>();
    private final TokenServer server = asked -> {
        CompletableFuture<TokenServer.Token> fetch = new CompletableFuture<>();
        fetches.add(fetch);
        return fetch;
    };
    private final FetchedToken token = new FetchedToken(new TokenServer.Asked(
        "https://idp.example/token", "pactor", "canary", false, "", ""), now::get);

    @Test
    void itIsFetchedOnceForAllWhoWait() {
        CompletionStage<HeaderValue> one = token.value(server);
        CompletionStage<HeaderValue> other = token.value(server);
        assertFalse(one.toCompletableFuture().isDone());

        answer(0, "t-1", HOUR);

        assertEquals("Bearer t-1", value(one));
        assertEquals("Bearer t-1", value(other));
        assertEquals("Bearer t-1", value(token.value(server)));
        assertEquals(1, fetches.size());
    }

    @Test
    void theNextIsFetchedBeforeItEndsWhileCallsGoOn() {
        token.value(server);
        answer(0, "t-1", HOUR);

        pass(HOUR.minusSeconds(60).minusNanos(1));
        assertEquals("Bearer t-1", value(token.value(server)));
        assertEquals(1, fetches.size());
        pass(Duration.ofNanos(1));
        assertEquals("Bearer t-1", value(token.value(server)));
        assertEquals("Bearer t-1", value(token.value(server)));
        assertEquals(2, fetches.size(), "one at a time");

        answer(1, "t-2", HOUR);
        assertEquals("Bearer t-2", value(token.value(server)));
    }

    @Test
    void justBeforeItsEndItIsNotSentAnyMore() {
        token.value(server);
        answer(0, "t-1", HOUR);

        pass(HOUR.minusSeconds(10).minusNanos(1));
        assertTrue(token.value(server).toCompletableFuture().isDone());
        pass(Duration.ofNanos(1));
        assertFalse(token.value(server).toCompletableFuture().isDone());
    }

    @Test
    void aShortLifeIsUsedForTheMostPart() {
        token.value(server);
        answer(0, "t-1", Duration.ofSeconds(20));

        pass(Duration.ofSeconds(14));
        assertEquals("Bearer t-1", value(token.value(server)));
        assertEquals(1, fetches.size());
        pass(Duration.ofSeconds(2));
        assertEquals("Bearer t-1", value(token.value(server)));
        assertEquals(2, fetches.size());
    }

    @Test
    void whoseServerDoesNotSayHowLongItIsGoodForHasFiveMinutes() {
        token.value(server);
        fetches.get(0).complete(new TokenServer.Token("t-1", Optional.empty()));

        pass(Duration.ofMinutes(4).minusNanos(1));
        token.value(server);
        assertEquals(1, fetches.size());
        pass(Duration.ofNanos(1));
        token.value(server);
        assertEquals(2, fetches.size());
    }

    @Test
    void afterAFailureThereIsAPauseThatGrows() {
        CompletionStage<HeaderValue> first = token.value(server);
        fail(0, "the server answered 500");
        assertEquals("no token for pactor at https://idp.example/token: the server answered 500",
            problem(first));
        assertEquals(problem(first), problem(token.value(server)), "known at once");
        assertEquals(1, fetches.size());

        List<Duration> pauses = new ArrayList<>();
        for (int i = 1; i < 9; i++) {
            Duration pause = Duration.ZERO;
            while (fetches.size() == i) {
                pass(Duration.ofMillis(250));
                pause = pause.plusMillis(250);
                token.value(server);
            }
            pauses.add(pause);
            fail(i, "again");
        }
        assertEquals(List.of(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L),
            pauses.stream().map(Duration::toMillis).toList());

        pass(Duration.ofSeconds(30));
        CompletionStage<HeaderValue> last = token.value(server);
        answer(9, "t-1", HOUR);
        assertEquals("Bearer t-1", value(last));
    }

    @Test
    void aFetchInTheBackgroundThatFailsChangesNothing() {
        token.value(server);
        answer(0, "t-1", HOUR);
        pass(HOUR.minusSeconds(50));
        token.value(server);

        fail(1, "the server is gone");

        assertEquals("Bearer t-1", value(token.value(server)));
        assertEquals(2, fetches.size());
    }

    @Test
    void aRefusedTokenIsReplacedOnce() {
        HeaderValue old = HeaderValue.of("Bearer", "t-1");
        token.value(server);
        answer(0, "t-1", HOUR);

        token.refused(old);
        CompletionStage<HeaderValue> fresh = token.value(server);
        token.refused(old);
        answer(1, "t-2", HOUR);
        assertEquals("Bearer t-2", value(fresh));
        token.refused(old);
        assertEquals("Bearer t-2", value(token.value(server)), "an older call's word");

        token.refused(HeaderValue.of("Bearer", "t-2"));
        assertEquals("Bearer t-2", value(token.value(server)), "within a minute");
        pass(Duration.ofMinutes(1));
        token.refused(HeaderValue.of("Bearer", "t-2"));
        token.value(server);
        assertEquals(3, fetches.size());
    }

    /** A participant may refuse a good one for reasons of its own. */
    @Test
    void aRefusedTokenIsUsedWhileThereIsNoOther() {
        token.value(server);
        answer(0, "t-1", HOUR);

        token.refused(HeaderValue.of("Bearer", "t-1"));
        CompletionStage<HeaderValue> waits = token.value(server);
        fetches.get(1).completeExceptionally(new NoToken("away"));

        assertEquals("Bearer t-1", value(waits));
        assertEquals("Bearer t-1", value(token.value(server)));
    }

    @Test
    void nothingUnexpectedIsRepeated() {
        CompletionStage<HeaderValue> value = token.value(asked -> {
            throw new IllegalStateException("canary");
        });

        assertTrue(problem(value).endsWith("IllegalStateException"), problem(value));
    }

    private void answer(int fetch, String text, Duration life) {
        fetches.get(fetch).complete(new TokenServer.Token(text, Optional.of(life)));
    }

    private void fail(int fetch, String reason) {
        fetches.get(fetch).completeExceptionally(new NoToken(reason));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static String value(CompletionStage<HeaderValue> stage) {
        return stage.toCompletableFuture().getNow(null).reveal();
    }

    private static String problem(CompletionStage<HeaderValue> stage) {
        return assertThrows(CompletionException.class, () -> stage.toCompletableFuture().join())
            .getCause().getMessage();
    }
}
