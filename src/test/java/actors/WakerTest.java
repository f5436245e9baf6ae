package actors;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import health.Guard;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import transaction.Bytes;
import transaction.CallTokens;
import transaction.Details;
import transaction.Entry;
import transaction.Event;
import transaction.MemoryAttempts;
import transaction.Mode;
import transaction.Options;
import transaction.Policy;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;
import transaction.TransactionIndex.Due;
import transaction.Wakeups;

/** A node comes up and finds transactions that another left behind. */
class WakerTest {

    private static final CallTokens TOKENS = new CallTokens(new byte[CallTokens.KEY_BYTES]);

    private static final int LEFT_BEHIND = 250;

    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory
        .parseString("""
            pekko.actor.provider = cluster
            pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            pekko.persistence.testkit.events.serialize = off
            pekko.loglevel = ERROR
            """)
        .withFallback(PersistenceTestKitPlugin.config())
        .withFallback(ConfigFactory.defaultReference()));

    private final ScriptedInvoker participants = new ScriptedInvoker();
    private final MemoryIndex index = new MemoryIndex();

    @BeforeAll
    static void joinItself() {
        Cluster cluster = Cluster.get(KIT.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
    }

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    @Test
    void eachOverdueTransactionIsWokenThoughOnlyAFewAreReadAtOnce() {
        List<String> gids = IntStream.range(0, LEFT_BEHIND).mapToObj(i -> "left" + i).toList();
        PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
        Instant before = Instant.now().minusSeconds(60);
        // One that does not come back holds up nothing for ever.
        index.lost.set(1);
        gids.forEach(gid -> {
            journal.persistForRecovery("transaction|" + gid, List.of(new Entry(
                List.of(new Event.Opened(message(gid), Status.SUBMITTED, before)), null)));
            index.due.add(new Due(gid, before));
        });

        var coordinator = ShardedCoordinator.create(KIT.system(),
            Background.start(KIT.system(), Guard.passive()), around(), null,
            new ShardedCoordinator.Bounds(16, new Admission(
                    () -> new Admission.Limits(100, 100, 16, 1 << 20, Duration.ofSeconds(1)),
                    reason -> {}),
                Duration.ofSeconds(5), Duration.ofSeconds(5)));
        assertEquals(Optional.of("starting"), coordinator.notReadyBecause());
        KIT.spawn(Waker.create(coordinator, Clock.systemUTC(),
            () -> new Wakeups.Pace(Duration.ofMillis(50), 40, 100_000, 16), () -> {},
            Duration.ofMillis(200)));

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertEquals(
            new HashSet<>(gids), new HashSet<>(
                participants.made().stream().map(made -> made.call().gid()).toList())));
        assertEquals(LEFT_BEHIND, participants.made().size());
        assertEquals(Optional.empty(), coordinator.notReadyBecause());
    }

    private TransactionContext around() {
        return new TransactionContext(Clock.systemUTC(), () -> Policy.DEFAULT,
            participants, TOKENS, new MemoryAttempts(), index, alert -> {},
            (before, decision) -> {},
            (gid, self) -> PassGate.FREE, Duration.ofSeconds(2),
            "pekko.persistence.testkit.journal", each -> "transaction|" + each);
    }

    private static Submission message(String gid) {
        return new Submission(gid, Mode.MSG,
            List.of(new Submission.Step("http://a/in", "", Bytes.utf8("{}"))),
            "", Protocol.HTTP, "", Details.PLAIN,
            new Options(false, 0, 0, 0, 0, 0, Map.of(), false));
    }
}
