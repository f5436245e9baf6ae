package actors.feed;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import actors.Background;
import com.typesafe.config.ConfigFactory;
import health.Guard;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.Leave;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import transaction.Attempt;
import transaction.CallKey;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.LiveEvents;
import transaction.LiveEvents.Filter;
import transaction.LiveEvents.Page;
import transaction.LiveEvents.Reader;
import transaction.Notice;
import transaction.Op;
import transaction.Outcome;
import transaction.Protocol;

/** Two nodes in one cluster: whoever reads on one of them is told what happens on both. */
class ClusterEventsTest {

    private static final Duration BEAT = Duration.ofMillis(200);
    private static final int KEPT = 1_000;

    private static final Node A = new Node();
    private static final Node B = new Node();

    /** An actor system with a feed of its own. */
    private static final class Node {

        private final ActorTestKit kit = ActorTestKit.create("events", ConfigFactory
            .parseString("""
                pekko.actor.provider = cluster
                pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                pekko.cluster.jmx.enabled = off
                pekko.coordinated-shutdown.exit-jvm = off
                pekko.loglevel = ERROR
                """)
            .withFallback(ConfigFactory.defaultReference()));
        private final EventFeed feed =
            new EventFeed(new EventFeed.Bounds(KEPT, 1 << 30), pass -> {});
        private final ClusterEvents events = ClusterEvents.start(
            Background.start(kit.system(), Guard.passive()), feed, 4, BEAT);

        void pass(String gid) {
            feed.passed(Feeds.transaction(gid), Instant.EPOCH);
        }
    }

    @BeforeAll
    static void join() {
        Cluster a = Cluster.get(A.kit.system());
        a.manager().tell(Join.create(a.selfMember().address()));
        Cluster.get(B.kit.system()).manager().tell(Join.create(a.selfMember().address()));
        await().atMost(Duration.ofSeconds(20)).until(() -> B.events != null
            && Cluster.get(A.kit.system()).state().members().size() == 2);
        // Each desk has to be heard of on the other node.
        await().atMost(Duration.ofSeconds(20)).until(() -> sees(A, B) && sees(B, A));
    }

    @AfterAll
    static void shutDown() {
        B.kit.shutdownTestKit();
        A.kit.shutdownTestKit();
    }

    @Test
    void aReaderIsToldWhatHappensOnBothNodesAndGoesOnOnEither() {
        String position;
        try (Reading onA = new Reading(A, "", "both")) {
            A.pass("both-1");
            B.pass("both-2");
            assertEquals(List.of("both-1", "both-2"), onA.until(2).stream().sorted().toList());
            position = onA.position;
            assertEquals(2, position.split("\\.").length, position);
        }
        B.pass("both-3");
        A.pass("both-4");

        try (Reading onB = new Reading(B, position, "both");
                Reading anew = new Reading(B, "0", "both")) {
            B.pass("both-5");
            assertEquals(List.of("both-3", "both-4", "both-5"),
                onB.until(3).stream().sorted().toList());
            assertFalse(onB.missed);
            assertEquals(5, anew.until(5).size());
        }
    }

    @Test
    void eachKindOfNoticeCrossesTheWireUnchanged() {
        var t = Feeds.transaction("kind");
        var key = new CallKey("01", Op.ACTION);
        Instant at = Instant.parse("2026-11-22T12:00:00.123456789Z");
        try (Reading onA = new Reading(A, "", "kind"); Reading onB = new Reading(B, "", "kind")) {
            Notices.each(t, key, at).forEach(decision -> B.feed.wrote(
                decision.events().get(0) instanceof Event.Opened
                    ? GlobalTransaction.ABSENT : t, decision));
            B.feed.called(t, new Attempt(key, "http://a/ä", Protocol.HTTP,
                Outcome.failure("no funds"), Duration.ofNanos(1_234_567), 3), at);
            B.feed.paused(t, key, at.plusSeconds(10), at);
            B.feed.passed(t, at);

            onA.until(9);
            onB.until(9);
            assertEquals(onB.notices, onA.notices);
            assertEquals(9, onA.notices.size());
        }
    }

    @Test
    void aReaderThatSleepsIsToldAndEnded() {
        for (Node origin : List.of(A, B)) {
            try (Reading slow = new Reading(A, "", "slow")) {
                origin.pass("slow");
                slow.until(1);
                for (int i = 0; i < 3 * KEPT; i++) {
                    origin.pass("slow");
                }
                slow.untilEnd();
                assertTrue(slow.dropped);
                assertTrue(slow.gids.size() < 3 * KEPT, "told " + slow.gids.size());
            }
        }
    }

    @Test
    void whoComesBackTooLateIsToldSoFirst() {
        String position;
        try (Reading reading = new Reading(A, "", "late")) {
            A.pass("late");
            reading.until(1);
            position = reading.position;
        }
        for (int i = 0; i < 2 * KEPT; i++) {
            A.pass("other");
        }
        A.pass("late");
        try (Reading reading = new Reading(B, position, "late")) {
            reading.until(1);
            assertTrue(reading.missed);
            assertFalse(reading.dropped);
        }
        try (Reading reading = new Reading(B, "nobody-3", "late")) {
            reading.next();
            assertTrue(reading.missed);
        }
    }

    @Test
    void aSignOfLifeComesAndTooManyAreSentAway() {
        List<Reader> open = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            open.add(join(A.events.open("", Filter.ALL)).orElseThrow());
        }
        assertEquals(Optional.empty(), join(A.events.open("", Filter.ALL)));
        Page page = join(open.get(0).next()).orElseThrow();
        assertEquals(List.of(), page.told());
        open.forEach(Reader::close);
        assertEquals(Optional.empty(), join(open.get(0).next()));
        await().until(() -> {
            Optional<Reader> again = join(A.events.open("", Filter.ALL));
            again.ifPresent(Reader::close);
            return again.isPresent();
        });
    }

    @Test
    void clearedAndStoppedFeedsAreNoRiddle() {
        Node lone = new Node();
        try (Reading reading = new Reading(lone, "", "again")) {
            Cluster own = Cluster.get(lone.kit.system());
            own.manager().tell(Join.create(own.selfMember().address()));
            lone.pass("again");
            reading.until(1);
            lone.feed.clear();
            lone.pass("again");
            reading.until(2);
            assertFalse(reading.missed || reading.dropped);
            own.manager().tell(Leave.create(own.selfMember().address()));
            lone.events.stop();
            reading.untilEnd();
            assertFalse(reading.dropped);
        } finally {
            lone.kit.shutdownTestKit();
        }
    }

    private static boolean sees(Node reader, Node other) {
        try (Reading reading = new Reading(reader, "", "hello")) {
            other.pass("hello");
            reading.next();
            return !reading.gids.isEmpty();
        }
    }

    private static <T> T join(CompletionStage<T> stage) {
        try {
            return ((CompletableFuture<T>) stage).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A reader of the events of transactions whose gids begin so, with a memory. */
    private static final class Reading implements AutoCloseable {

        private final Reader reader;
        private final String prefix;
        private final List<String> gids = new ArrayList<>();
        private final List<Notice> notices = new ArrayList<>();
        private String position = "";
        private boolean missed;
        private boolean dropped;
        private boolean ended;

        Reading(Node node, String after, String prefix) {
            this.reader = join(node.events.open(after, LiveEvents.Filter.ALL)).orElseThrow();
            this.prefix = prefix;
        }

        void next() {
            Optional<Page> page = join(reader.next());
            ended = page.isEmpty();
            page.ifPresent(each -> {
                missed |= each.missed();
                dropped |= each.dropped();
                each.told().stream().map(LiveEvents.Told::notice)
                    .filter(notice -> notice.subject().gid().startsWith(prefix))
                    .forEach(notice -> {
                        notices.add(notice);
                        gids.add(notice.subject().gid());
                    });
                position = each.position();
            });
        }

        List<String> until(int count) {
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                next();
                return gids.size() >= count;
            });
            return gids;
        }

        void untilEnd() {
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                next();
                return ended;
            });
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
