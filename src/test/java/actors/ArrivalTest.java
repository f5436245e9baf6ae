package actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.typesafe.config.ConfigFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.CallTokens;
import transaction.Command;
import transaction.MemoryAttempts;
import transaction.Policy;
import transaction.Reply;

/** A transaction is read back when there is room, and whoever asked in vain is told (K10.5). */
class ArrivalTest {

    private static final CallTokens TOKENS = new CallTokens(new byte[CallTokens.KEY_BYTES]);

    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory
        .parseString("pekko.persistence.testkit.events.serialize = off")
        .withFallback(PersistenceTestKitPlugin.config())
        .withFallback(ConfigFactory.parseString("pekko.loglevel = ERROR"))
        .withFallback(ConfigFactory.defaultReference()));
    private static final long MIB = 1 << 20;

    /** Room for one history of 10 MiB: it takes four times as much while it is read. */
    private final MemoryBudget residents = new MemoryBudget(60 * MIB);
    private final Map<String, Long> bytes = new ConcurrentHashMap<>();
    private final TestProbe<TransactionActor.Answer> client =
        KIT.createTestProbe(TransactionActor.Answer.class);
    private final TestProbe<String> shard = KIT.createTestProbe(String.class);

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    @AfterEach
    void leaveNobody() {
        assertEquals(0, residents.waiting());
    }

    @Test
    void aSecondLargeOneIsReadBackWhenTheFirstHasLeft() {
        bytes.putAll(Map.of("first", 20 * MIB, "second", 10 * MIB));
        ActorRef<TransactionActor.Message> first = spawn("first");
        look(first, 1);
        assertInstanceOf(Reply.Found.class, client.receiveMessage().reply());
        ActorRef<TransactionActor.Message> second = spawn("second");
        look(second, 2);
        Awaitility.await().until(() -> residents.waiting() == 1);

        first.tell(TransactionActor.STOP);

        TransactionActor.Answer answer = client.receiveMessage();
        assertEquals(2, answer.ticket());
        assertInstanceOf(Reply.Found.class, answer.reply());
        second.tell(TransactionActor.STOP);
        Awaitility.await().until(() -> residents.bytes() == 0);
    }

    @Test
    void whoeverHasNothingToDoLeavesWhenSomebodyWaits() {
        bytes.putAll(Map.of("idle", 20 * MIB, "late", 10 * MIB));
        ActorRef<TransactionActor.Message> idle = spawn("idle");
        look(idle, 1);
        client.receiveMessage();

        ActorRef<TransactionActor.Message> late = spawn("late");

        assertEquals("idle", shard.receiveMessage());
        idle.tell(TransactionActor.STOP);
        look(late, 2);
        assertInstanceOf(Reply.Found.class, client.receiveMessage().reply());
        late.tell(TransactionActor.STOP);
        Awaitility.await().until(() -> residents.bytes() == 0);
    }

    @Test
    void whoeverWaitsInVainIsToldThatNothingWasDone() {
        MemoryBudget.Resident other = residents.newcomer(() -> {});
        other.enter(50 * MIB);
        bytes.put("large", 10 * MIB);
        ActorRef<TransactionActor.Message> large = spawn("large");
        look(large, 1);

        TransactionActor.Answer answer = client.receiveMessage(Duration.ofSeconds(30));

        assertInstanceOf(Reply.Full.class, answer.reply());
        assertEquals("large", shard.receiveMessage());
        look(large, 2);
        assertInstanceOf(Reply.Full.class, client.receiveMessage().reply());
        large.tell(TransactionActor.STOP);
        client.expectTerminated(large, Duration.ofSeconds(10));
        assertEquals(50 * MIB, residents.bytes());
    }

    @Test
    void smallOnesComeInHoweverFullItIs() {
        residents.newcomer(() -> {}).enter(50 * MIB);
        bytes.put("small", 4_000L);

        look(spawn("small"), 1);
        look(spawn("new"), 2);

        for (int i = 0; i < 2; i++) {
            assertInstanceOf(Reply.Found.class, client.receiveMessage().reply());
        }
    }

    private void look(ActorRef<TransactionActor.Message> actor, long ticket) {
        actor.tell(new TransactionActor.Request(
            new Command.Look("whoever"), ticket, client.ref()));
    }

    private ActorRef<TransactionActor.Message> spawn(String gid) {
        MemoryIndex index = new MemoryIndex() {
            @Override
            public CompletionStage<Long> bytes(String asked) {
                return CompletableFuture.completedFuture(bytes.getOrDefault(asked, 0L));
            }
        };
        Clock noon = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);
        return KIT.spawn(Arrival.create(gid, new TransactionContext(noon, () -> Policy.DEFAULT,
            new ScriptedInvoker(), TOKENS, new MemoryAttempts(), index, alert -> {},
            new RecordingWatch(() -> 0),
            (each, self) -> PassGate.FREE, Duration.ofHours(1), "pekko.persistence.testkit.journal",
            each -> "transaction|" + each), residents, toShard(gid)));
    }

    private Passivation toShard(String gid) {
        return new Passivation() {
            @Override
            public void begin(ActorRef<TransactionActor.Message> self) {
                shard.ref().tell(gid);
            }

            @Override
            public void redeliver(TransactionActor.Message message) {
                shard.ref().tell("again " + gid);
            }
        };
    }
}
