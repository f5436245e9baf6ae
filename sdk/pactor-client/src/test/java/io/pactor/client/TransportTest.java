package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pactor.client.FakeCoordinator.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests find a coordinator that answers. */
@Timeout(60)
class TransportTest {

    private final FakeCoordinator one = new FakeCoordinator();
    private final FakeCoordinator two = new FakeCoordinator();

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private static Saga saga(Pactor pactor) {
        return pactor.saga("s1").step(Call.post("http://a/out", "{}"));
    }

    private static Pactor.Builder patient(String... urls) {
        return Pactor.builder().urls(urls).timeout(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void whatSaysLaterIsSentAgain(int status) {
        one.next(Reply.says(status, "later"), Reply.says(status, "later"));

        saga(Pactor.connect(one.url())).submit();

        assertEquals(3, one.received().size());
        assertEquals("submitted", one.status("s1"));
    }

    @Test
    void aBrokenConnectionIsNoAnswer() {
        one.next(Reply.BROKEN, Reply.BROKEN);

        saga(Pactor.connect(one.url())).submit();

        assertEquals("submitted", one.status("s1"));
    }

    @Test
    void theNextUrlIsTriedAndKept() {
        one.close();
        try (Pactor pactor = patient(one.url(), two.url()).build()) {
            saga(pactor).submit();
            assertEquals(Optional.of("submitted"),
                pactor.query("s1").map(TransactionView::status));
        }
    }

    @Test
    void aSilentCoordinatorCostsItsShareOfTheTime() {
        one.next(Reply.SILENT);
        try (Pactor pactor = patient(one.url(), two.url())
                .requestTimeout(Duration.ofMillis(200)).build()) {
            saga(pactor).submit();
            saga(pactor).submit();
        }
        assertEquals(1, one.received().size(), "the second one is asked first from now on");
        assertEquals(2, two.received().size());
    }

    @Test
    void aCoordinatorThatComesUpLateIsFound() throws Exception {
        int port = one.port();
        one.close();
        CompletableFuture<Void> submitted =
            saga(patient(one.url()).build()).submitAsync();
        try (FakeCoordinator late = new FakeCoordinator(port)) {
            submitted.get(30, TimeUnit.SECONDS);
            assertEquals("submitted", late.status("s1"));
        }
    }

    @Test
    void whoGetsNoAnswerIsToldToRepeat() {
        one.close();
        Saga saga = saga(patient(one.url(), two.url()).attempts(2).build());
        two.next(Reply.says(503, "not ready"), Reply.says(503, "not ready"));

        UnavailableException thrown = assertThrows(UnavailableException.class, saga::submit);

        assertEquals("s1", thrown.gid());
        assertEquals("no answer from a coordinator after 4 tries within 30 s (" + one.url()
            + ": no connection; " + two.url() + ": 503 not ready); it may or may not have"
            + " transaction s1; repeat with the same gid", thrown.getMessage());
    }

    @Test
    void aLongRetryAfterIsNotWaitedForWithoutTime() {
        one.next(Reply.says(503, "not ready").with("Retry-After", "5"));
        Saga saga = saga(patient(one.url()).timeout(Duration.ofSeconds(4)).build());

        assertThrows(UnavailableException.class, saga::submit);
        assertEquals(1, one.received().size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ''                            | PT0S
        3                             | PT3S
        99999999999999999999          | PT10S
        -3                            | PT0S
        soon                          | PT0S
        Sun, 01 Mar 2026 10:00:07 GMT | PT7S
        Sun, 01 Mar 2026 09:59:59 GMT | PT0S
        """)
    void retryAfterIsSecondsOrADate(String header, Duration wait) {
        assertEquals(wait, Answer.retryAfter(header, Instant.parse("2026-03-01T10:00:00Z")));
    }

    @Test
    void waitsDoubleUpToABound() {
        for (int round = 1; round < 2_000; round++) {
            Duration wait = Sending.backoff(round);
            assertTrue(wait.compareTo(Sending.BACKOFF_MAX) <= 0);
            assertTrue(wait.compareTo(Sending.BACKOFF_FIRST.dividedBy(2)) >= 0);
        }
        assertTrue(Sending.backoff(1).compareTo(Sending.BACKOFF_FIRST) <= 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        400 | {"message":"a payload must be a string"} | a payload must be a string
        401 | | URL answered 401
        404 | 404 page not found | \
        there is no coordinator at URL/api/dtmsvr/ (404 404 page not found); \
        is the url or its path wrong?
        302 | | what answers at URL is no coordinator (status 302); \
        is the url wrong, or a proxy in between?
        200 | <html>log in</html> | what answers at URL is no coordinator (status 200); \
        is the url wrong, or a proxy in between?
        409 | {"message":"gid s1 was used with other content before. FAILURE"} | \
        gid s1 was used with other content before. FAILURE
        """)
    void aRefusalIsToldInItsWordsAndNotRepeated(int status, String body, String message) {
        one.next(Reply.of(status, body == null ? "" : body));
        Saga saga = saga(patient(one.url()).build());

        RejectedException thrown = assertThrows(RejectedException.class, saga::submit);

        assertEquals("transaction s1: " + message.replace("URL", one.url()), thrown.getMessage());
        assertEquals(status, thrown.status());
        assertEquals(1, one.received().size());
    }

    @Test
    void headersAreAskedForAtEachRequestAndNeverTold() {
        AtomicInteger calls = new AtomicInteger();
        one.next(Reply.says(503, "not ready"));
        saga(patient(one.url()).header("Authorization", () -> "Bearer " + calls.incrementAndGet())
            .header("X-None", () -> null).build()).submit();
        assertEquals("Bearer 1", one.received().get(0).header("Authorization"));
        assertEquals("Bearer 2", one.received().get(1).header("Authorization"));
        assertEquals("", one.received().get(1).header("X-None"));

        Saga broken = saga(patient(one.url())
            .header("Authorization", () -> "Bearer secret\r\nX: y").build());
        for (Throwable t = assertThrows(IllegalStateException.class, broken::submit); t != null;
                t = t.getCause()) {
            assertFalse(t.getMessage().contains("secret"), t.getMessage());
            assertTrue(t.getMessage().contains("Authorization"), t.getMessage());
        }
    }

    @Test
    void anInterruptedThreadStopsWaiting() {
        one.next(Reply.SILENT);
        Saga saga = saga(patient(one.url()).build());
        Thread.currentThread().interrupt();

        assertThrows(UnavailableException.class, saga::submit);
        assertTrue(Thread.interrupted(), "and is still interrupted");
    }

    @Test
    void whoCancelsSendsNoMore() {
        Pactor pactor = Pactor.connect(one.url());
        Operation operation = pactor.operation("s1");
        CompletableFuture<Void> handedOut = operation.handedOut(new CompletableFuture<>());

        assertTrue(handedOut.cancel(true));

        CompletableFuture<?> sent =
            pactor.transport().send(Request.get("/api/ping"), operation);
        assertThrows(CompletionException.class, sent::join);
        assertTrue(one.received().isEmpty());
    }

    @Test
    void basesAreUnderstoodWithAndWithoutThePath() {
        for (String suffix : new String[] {"", "/", "/api/dtmsvr", "/api/dtmsvr/"}) {
            Pactor pactor = Pactor.connect(one.url() + suffix);
            assertEquals(one.url(), pactor.urls().get(0));
            assertEquals("v1.19.0", pactor.server().version());
        }
        assertEquals("http://gate/dtm", Pactor.connect("http://gate/dtm/").urls().get(0));
    }

    @ParameterizedTest
    @ValueSource(strings =
        {"", "localhost:8080", "ftp://a", "http://", "http://a?b=c", "http://a b"})
    void aUrlThatCannotBeOneIsRefused(String url) {
        assertThrows(IllegalArgumentException.class, () -> Pactor.connect(url));
    }

    @Test
    void aPasswordInAUrlIsRefusedAndNotTold() {
        assertFalse(assertThrows(IllegalArgumentException.class,
            () -> Pactor.connect("http://me:secret@a")).getMessage().contains("secret"));
    }

    @Test
    void reachabilityIsAPing() {
        Pactor pactor = Pactor.connect(one.url());
        assertTrue(pactor.isReachable(Duration.ofSeconds(20)));
        one.close();
        assertFalse(pactor.isReachable(Duration.ofMillis(300)));
    }

    @Test
    void afterCloseNothingIsSent() {
        Pactor pactor = Pactor.connect(one.url());
        pactor.close();
        assertThrows(IllegalStateException.class, () -> pactor.query("s1"));
        assertTrue(one.received().isEmpty());
    }

    @Test
    void settingsAreWithinBounds() {
        Pactor.Builder builder = Pactor.builder();
        assertThrows(IllegalStateException.class, builder::build);
        builder.attempts(1).attempts(1_000);
        assertThrows(IllegalArgumentException.class, () -> builder.attempts(0));
        assertThrows(IllegalArgumentException.class, () -> builder.attempts(1_001));
        builder.timeout(Duration.ofHours(1));
        assertThrows(IllegalArgumentException.class, () -> builder.timeout(Duration.ofMinutes(61)));
        assertThrows(IllegalArgumentException.class, () -> builder.requestTimeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class,
            () -> saga(Pactor.connect(one.url())).submitAndWait(Pactor.WAIT_MAX.plusNanos(1)));
    }
}
