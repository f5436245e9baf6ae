package security;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import transaction.LiveEvents;
import transaction.Mode;
import transaction.Notice;
import transaction.Status;

/** What a caller with a scope hears, and what it cannot tell from silence. */
class ScopedEventsTest {

    private final Deque<LiveEvents.Page> pages = new ArrayDeque<>();
    private final List<LiveEvents.Filter> filters = new ArrayList<>();

    private final LiveEvents all = (after, filter) -> {
        filters.add(filter);
        return CompletableFuture.completedFuture(Optional.of(new LiveEvents.Reader() {
            @Override
            public CompletionStage<Optional<LiveEvents.Page>> next() {
                return CompletableFuture.completedFuture(Optional.ofNullable(pages.poll()));
            }

            @Override
            public void close() {}
        }));
    };

    private final LiveEvents scoped = ScopedEvents.of(all,
        new Caller("orders", Role.CLIENT, Scope.of("orders-*:saga")));

    private static LiveEvents.Page page(String position, String... gids) {
        List<LiveEvents.Told> told = new ArrayList<>();
        for (String gid : gids) {
            told.add(new LiveEvents.Told(position, new Notice.Created(
                new Notice.Subject(gid, Mode.SAGA, Status.SUBMITTED), Instant.EPOCH)));
        }
        return new LiveEvents.Page(false, told, position, false);
    }

    private LiveEvents.Reader opened(LiveEvents.Filter filter) {
        return scoped.open("", filter).toCompletableFuture().join().orElseThrow();
    }

    private static Optional<LiveEvents.Page> next(LiveEvents.Reader reader) {
        return reader.next().toCompletableFuture().join();
    }

    @Test
    void onlyItsOwnAreTold() {
        pages.add(page("1", "stock-1", "orders-1"));
        LiveEvents.Page heard = next(opened(LiveEvents.Filter.ALL)).orElseThrow();
        assertEquals(List.of("orders-1"),
            heard.told().stream().map(each -> each.notice().subject().gid()).toList());
        assertEquals("1", heard.position());
    }

    /** A sign of life at that moment would say that something has happened. */
    @Test
    void whatOthersDoIsNotHeardAsASignOfLife() {
        pages.add(page("1", "stock-1"));
        pages.add(page("2", "stock-2"));
        pages.add(page("3"));
        LiveEvents.Page heard = next(opened(LiveEvents.Filter.ALL)).orElseThrow();
        assertEquals("3", heard.position());
        assertEquals(List.of(), heard.told());
        assertEquals(Optional.empty(), next(opened(LiveEvents.Filter.ALL)));
    }

    @Test
    void askingForOthersAsksForNothing() {
        opened(new LiveEvents.Filter(
            Optional.of("stock-1"), Optional.empty(), Optional.of(Status.FAILED)));
        opened(new LiveEvents.Filter(Optional.empty(), Optional.of(Mode.XA), Optional.empty()));
        for (LiveEvents.Filter filter : filters) {
            assertEquals(Optional.of(""), filter.gid());
            assertEquals(Optional.empty(), filter.status());
        }
    }

    @Test
    void thoseOfOtherNamespacesAreSilence() {
        LiveEvents orders = ScopedEvents.of(all,
            new Caller("somebody", Role.VIEWER, Scope.ALL, "orders", false));
        LiveEvents.Reader reader = orders.open("", new LiveEvents.Filter(
            Optional.of("g"), Optional.empty(), Optional.empty())).toCompletableFuture().join()
            .orElseThrow();
        assertEquals(Optional.of("orders\tg"), filters.get(0).gid());
        pages.add(page("1", "g", "stock\tg"));
        pages.add(page("2", "stock\tg", "orders\tg", "g"));

        LiveEvents.Page heard = next(reader).orElseThrow();
        assertEquals(List.of("g"), heard.told().stream()
            .map(told -> told.notice().subject().ownGid()).toList());
        assertEquals("2", heard.position());
        orders.open("", new LiveEvents.Filter(Optional.of("stock\tg"), Optional.empty(),
            Optional.empty()));
        assertEquals(Optional.of(""), filters.get(1).gid(), "an id is no gid");
        ScopedEvents.of(all, new Caller("somebody", Role.VIEWER, Scope.ALL)).open("",
            LiveEvents.Filter.ALL);
        assertEquals(LiveEvents.Filter.ALL, filters.get(2));
    }
}
