package actors.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.Attempt;
import transaction.CallKey;
import transaction.InvalidRequest;
import transaction.LiveEvents.Filter;
import transaction.Op;
import transaction.Outcome;
import transaction.Protocol;
import transaction.Status;

class EventFeedTest {

    private static final long PLENTY = 1 << 30;

    private final List<Long> passes = new ArrayList<>();
    private final AtomicInteger rung = new AtomicInteger();

    @Test
    void itKeepsTheNewestAndSaysWhatIsMissing() {
        EventFeed feed = feed(10, PLENTY);
        for (int i = 0; i < 25; i++) {
            feed.passed(Feeds.transaction("g" + i), Instant.EPOCH);
        }

        assertEquals(16, feed.origin().first());
        assertEquals(25, feed.origin().last());
        EventFeed.Slice all = feed.after(15, Filter.ALL, 100);
        assertFalse(all.missed());
        assertEquals(List.of(16L, 25L), List.of(all.found().get(0).number(), all.upTo()));
        assertEquals("g24", all.found().get(9).notice().subject().gid());
        assertTrue(feed.after(14, Filter.ALL, 100).missed());
        EventFeed.Slice some = feed.after(20, Filter.ALL, 2);
        assertEquals(22, some.upTo());
        assertTrue(some.more());
        assertEquals(List.of(), feed.after(25, Filter.ALL, 2).found());
        assertEquals(25, passes.get(24));
    }

    @Test
    void longTextsLeaveRoomForFewer() {
        EventFeed feed = feed(1_000, 100_000);
        for (int i = 0; i < 1_000; i++) {
            feed.called(Feeds.transaction("g"), attempt("x".repeat(1_000)), Instant.EPOCH);
        }

        EventFeed.Origin origin = feed.origin();
        List<EventFeed.Numbered> kept = new ArrayList<>();
        EventFeed.Slice slice = feed.after(origin.first() - 1, Filter.ALL, 1_000);
        assertTrue(slice.more() && slice.found().size() < 30, "it fits one message");
        for (kept.addAll(slice.found()); slice.more(); kept.addAll(slice.found())) {
            slice = feed.after(slice.upTo(), Filter.ALL, 1_000);
        }
        long weight = kept.stream().mapToLong(each -> each.notice().weight()).sum();
        assertEquals(1_000, origin.last());
        assertTrue(weight <= 100_000 && weight > 95_000, weight + " bytes in " + kept.size());
        feed.called(Feeds.transaction("g"), attempt("x".repeat(1_024)), Instant.EPOCH);
        assertEquals(1_001, feed.origin().last());
    }

    /** Even one that is larger than all that may be kept is told to those who wait for it. */
    @Test
    void oneIsAlwaysKept() {
        EventFeed feed = feed(5, 10);
        feed.passed(Feeds.transaction("a"), Instant.EPOCH);
        feed.passed(Feeds.transaction("b"), Instant.EPOCH);

        EventFeed.Slice slice = feed.after(0, Filter.ALL, 10);
        assertEquals(1, slice.found().size());
        assertEquals("b", slice.found().get(0).notice().subject().gid());
    }

    @Test
    void aFilterSkipsAndTheNumberMovesOn() {
        EventFeed feed = feed(5_000, PLENTY);
        for (int i = 0; i < 3_000; i++) {
            feed.passed(Feeds.transaction(i == 2_999 ? "rare" : "g"), Instant.EPOCH);
        }
        Filter rare = new Filter(Optional.of("rare"), Optional.empty(), Optional.empty());

        EventFeed.Slice first = feed.after(0, rare, 10);
        assertEquals(List.of(), first.found());
        assertTrue(first.more() && first.upTo() == 1_000, "it holds up nobody for long");
        assertEquals(1, feed.after(2_000, rare, 10).found().size());
        assertEquals(0, feed.after(2_000, new Filter(Optional.empty(), Optional.empty(),
            Optional.of(Status.FAILED)), 10).found().size());
    }

    @Test
    void theBellRingsOnceForWhoeverKnowsAll() {
        EventFeed feed = feed(10, PLENTY);
        feed.wake(feed.origin().name(), 0, rung::incrementAndGet);
        assertEquals(0, rung.get());
        feed.passed(Feeds.transaction("a"), Instant.EPOCH);
        feed.passed(Feeds.transaction("b"), Instant.EPOCH);
        assertEquals(1, rung.get());
        feed.wake(feed.origin().name(), 1, rung::incrementAndGet);
        assertEquals(2, rung.get(), "there is more already");
        feed.wake(feed.origin().name(), 2, rung::incrementAndGet);
        feed.clear();
        assertEquals(3, rung.get());
    }

    @Test
    void clearedItIsAnotherFeed() {
        EventFeed feed = feed(10, PLENTY);
        feed.passed(Feeds.transaction("a"), Instant.EPOCH);
        String name = feed.origin().name();

        feed.clear();
        feed.passed(Feeds.transaction("b"), Instant.EPOCH);

        assertNotEquals(name, feed.origin().name());
        assertEquals(List.of(1L, 1L), passes);
        assertEquals(1, feed.after(0, Filter.ALL, 10).found().size());
    }

    @Test
    void aPositionIsReadAsItWasWritten() {
        FeedPosition position = new FeedPosition(Map.of("b2", 7L, "a1", 0L));
        assertEquals("a1-0.b2-7", position.text());
        assertEquals(position, FeedPosition.of("a1-0.b2-7"));
        assertEquals("a1-0.b2-8", position.at("b2", 8).text());
        assertEquals("b2-7", position.without("a1").text());
        assertEquals(FeedPosition.BEGINNING, FeedPosition.of("0"));
        assertEquals("0", FeedPosition.BEGINNING.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a-", "-1", "a-1.", ".a-1", "a-1..b-1", "A-1", "a-x", "a--1",
        "a-1234567890123456789", "aaaaaaaaaaaaaaaaa-1"})
    void whatIsNoPositionIsRefused(String text) {
        assertThrows(InvalidRequest.class, () -> FeedPosition.of(text));
    }

    @Test
    void aPositionIsBounded() {
        String tooLong = "a-1.".repeat(2_000) + "a-1";
        assertThrows(InvalidRequest.class, () -> FeedPosition.of(tooLong));
    }

    private EventFeed feed(int count, long bytes) {
        return new EventFeed(
            new EventFeed.Bounds(count, bytes), pass -> passes.add(pass.number()));
    }

    private static Attempt attempt(String reason) {
        return new Attempt(new CallKey("01", Op.ACTION), "http://a/x", Protocol.HTTP,
            Outcome.failure(reason), Duration.ofMillis(1), 1);
    }
}
