package actors;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import transaction.Bytes;
import transaction.CallTokens;
import transaction.Command;
import transaction.Details;
import transaction.Entry;
import transaction.MemoryAttempts;
import transaction.Mode;
import transaction.Options;
import transaction.Outcome;
import transaction.Policy;
import transaction.Protocol;
import transaction.Submission;

/** One transaction over a journal in memory, and whoever it has to do with. */
class TransactionActorFixture {

    static final CallTokens TOKENS = new CallTokens(new byte[CallTokens.KEY_BYTES]);

    static ActorTestKit kit;

    private static final AtomicInteger NUMBER = new AtomicInteger();
    static final Clock NOON =
        Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

    final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
    final ScriptedInvoker participants = new ScriptedInvoker();
    final TestProbe<TransactionActor.Answer> client =
        kit.createTestProbe(TransactionActor.Answer.class);
    final TestProbe<TransactionActor.Message> shard =
        kit.createTestProbe(TransactionActor.Message.class);
    final RecordedPassivation passivation = new RecordedPassivation();
    final RecordingWatch watch = new RecordingWatch(() -> stored().size());
    final String gid = "t" + NUMBER.incrementAndGet();
    final MemoryIndex index = new MemoryIndex();
    PassGate pace = PassGate.FREE;
    Duration idle = Duration.ofSeconds(2);

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create(ConfigFactory
            .parseString("pekko.persistence.testkit.events.serialize = off")
            .withFallback(PersistenceTestKitPlugin.config())
            .withFallback(ConfigFactory.parseString("pekko.loglevel = ERROR"))
            .withFallback(ConfigFactory.defaultReference()));
    }

    @BeforeEach
    void healJournal() {
        journal.resetPolicy();
    }

    @AfterAll
    static void shutDown() {
        kit.shutdownTestKit();
    }

    ActorRef<TransactionActor.Message> spawn() {
        return kit.spawn(behavior());
    }

    Behavior<TransactionActor.Message> behavior() {
        return TransactionActor.create(gid, around(), passivation,
            new TransactionActor.Weight(MemoryBudget.unlimited().newcomer(() -> { }), 0));
    }

    TransactionContext around() {
        return new TransactionContext(NOON, () -> Policy.DEFAULT, participants, TOKENS,
            new MemoryAttempts(), index, alert -> {}, watch, (gid, self) -> pace, idle,
            "pekko.persistence.testkit.journal", each -> "transaction|" + each);
    }

    String id() {
        return "transaction|" + gid;
    }

    List<Entry> stored() {
        return journal.persistedInStorage(id()).stream().map(Entry.class::cast).toList();
    }

    void awaitCalls(String... names) {
        await().untilAsserted(() -> assertEquals(List.of(names), participants.names()));
    }

    void answer(int call, Outcome outcome) {
        participants.made().get(call).answer().complete(outcome);
    }

    TransactionActor.Request submit(Submission submission, long ticket) {
        return new TransactionActor.Request(
            new Command.Submit(submission), ticket, client.ref());
    }

    static Options waiting() {
        return new Options(true, 0, 0, 0, 0, 0, Map.of(), false);
    }

    Submission saga(Options options) {
        return new Submission(gid, Mode.SAGA, List.of(
                new Submission.Step("http://a/out", "http://a/undo", Bytes.utf8("{}")),
                new Submission.Step("http://b/in", "http://b/undo", Bytes.utf8("{}"))),
            "", Protocol.HTTP, "", Details.PLAIN, options);
    }
}
