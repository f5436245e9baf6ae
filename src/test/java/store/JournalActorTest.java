package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Entry;
import transaction.GlobalTransaction;
import transaction.History;
import transaction.Mode;
import transaction.Status;

/** The journal under a real persistent actor, by the configuration that is shipped. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class JournalActorTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    Path dir;

    @Parameter
    String kind;

    private Place place;

    private Database database;
    private ActorTestKit kit;

    @BeforeEach
    void start() {
        place = Place.fresh(kind, dir);
        database = Database.open(place.settings(), H2Files.meter());
        kit = ActorTestKit.create("journal", ConfigFactory.load("no-such-application"));
        Stores.of(kit.system()).install(database);
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        database.close();
    }

    @Test
    void what_was_written_is_there_after_a_restart() {
        String gid = "odd | \"gid\" %00 ü";
        List<Entry> entries = Samples.sagaThatSucceeds(gid);
        ActorRef<Ask> actor = kit.spawn(Keeper.create(gid));

        assertEquals(Status.SUBMITTED, ask(actor, entries.get(0)).status());
        assertEquals(Status.SUBMITTED, ask(actor, entries.get(1)).status());
        GlobalTransaction living = ask(actor, entries.get(2));
        kit.stop(actor);
        GlobalTransaction replayed = ask(kit.spawn(Keeper.create(gid)), null);

        assertEquals(Status.SUCCEED, living.status());
        assertEquals(living, replayed);
    }

    @Test
    void an_unknown_transaction_is_absent() {
        assertEquals(GlobalTransaction.ABSENT, ask(kit.spawn(Keeper.create("nobody")), null));
    }

    @Test
    void damage_is_told_by_the_transaction_itself() {
        String gid = "damaged";
        ActorRef<Ask> actor = kit.spawn(Keeper.create(gid));
        for (Entry entry : Samples.sagaThatSucceeds(gid)) {
            ask(actor, entry);
        }
        kit.stop(actor);
        place.execute("DELETE FROM pactor_journal WHERE ordinal = 2");

        GlobalTransaction replayed = ask(kit.spawn(Keeper.create(gid)), null);

        assertEquals("entry 2 is missing; the next one is 3", replayed.quarantine());
        assertEquals(Status.SUBMITTED, replayed.status());
    }

    /** As on a node that was frozen: it lives on while another node ends and removes the rest. */
    @Test
    void an_actor_that_outlives_its_transaction_cannot_write() {
        String gid = "removed";
        List<Entry> entries = Samples.sagaThatSucceeds(gid);
        ActorRef<Ask> frozen = kit.spawn(Keeper.create(gid));
        ask(frozen, entries.get(0));
        ActorRef<Ask> unaware = kit.spawn(Keeper.create("unaware"));
        assertEquals(GlobalTransaction.ABSENT, ask(unaware, null));
        Journals.append(database, gid, 2, entries.get(1)).join();
        Journals.append(database, gid, 3, entries.get(2)).join();
        Journals.append(database, "unaware", Samples.sagaThatSucceeds("unaware")).join();
        HistoryTable history = new HistoryTable(database);
        assertEquals(2, history.finished(new History.Walk(Mode.SAGA, Status.SUCCEED),
                Instant.now(), null, 10).thenCompose(all -> history.remove(all, Instant.now()))
            .toCompletableFuture().join());

        for (ActorRef<Ask> each : List.of(frozen, unaware)) {
            TestProbe<GlobalTransaction> probe = kit.createTestProbe();
            each.tell(new Ask(each == frozen ? entries.get(1)
                : Samples.opened("unaware"), probe.ref()));
            probe.expectTerminated(each);
        }

        assertEquals(List.of("0"), place.query("SELECT COUNT(*) FROM pactor_journal"));
        assertEquals(GlobalTransaction.REMOVED, ask(kit.spawn(Keeper.create(gid)), null));
        assertEquals(GlobalTransaction.REMOVED, ask(kit.spawn(Keeper.create("unaware")), null));
    }

    /** As after a fail-over to a standby that lacked the last commits: rows and index agree. */
    @Test
    void an_actor_whose_last_entry_the_database_has_lost_cannot_go_on_from_it() {
        String gid = "lost";
        List<Entry> entries = Samples.sagaThatSucceeds(gid);
        ActorRef<Ask> actor = kit.spawn(Keeper.create(gid));
        ask(actor, entries.get(0));
        GlobalTransaction there = ask(kit.spawn(Keeper.create(gid)), null);
        ask(actor, entries.get(1));
        place.execute("DELETE FROM pactor_journal WHERE ordinal = 2");
        place.execute("UPDATE pactor_transaction SET ordinal = 1");

        TestProbe<GlobalTransaction> probe = kit.createTestProbe();
        actor.tell(new Ask(entries.get(2), probe.ref()));
        probe.expectTerminated(actor);

        assertEquals(there, ask(kit.spawn(Keeper.create(gid)), null));
    }

    @Test
    void a_system_has_one_store() {
        try (Database other =
                Database.open(StoreSettings.at("jdbc:h2:mem:other"), H2Files.meter())) {
            assertThrows(IllegalStateException.class,
                () -> Stores.of(kit.system()).install(other));
        }
    }

    private GlobalTransaction ask(ActorRef<Ask> actor, Entry entry) {
        TestProbe<GlobalTransaction> probe = kit.createTestProbe();
        actor.tell(new Ask(entry, probe.ref()));
        return probe.receiveMessage(LONG);
    }

    record Ask(Entry entry, ActorRef<GlobalTransaction> replyTo) {}

    /** Writes what it is told and says what it has become. */
    private static final class Keeper extends EventSourcedBehavior<Ask, Entry, GlobalTransaction> {

        private Keeper(String gid) {
            super(PersistenceId.ofUniqueId(JournalDao.persistenceIdOf(gid)));
        }

        static Behavior<Ask> create(String gid) {
            return new Keeper(gid);
        }

        @Override
        public String journalPluginId() {
            return JournalDao.PLUGIN_ID;
        }

        @Override
        public GlobalTransaction emptyState() {
            return GlobalTransaction.ABSENT;
        }

        @Override
        public CommandHandler<Ask, Entry, GlobalTransaction> commandHandler() {
            return newCommandHandlerBuilder().forAnyState().onCommand(Ask.class, (state, ask) ->
                ask.entry() == null ? Effect().none().thenRun(now -> ask.replyTo().tell(now))
                    : Effect().persist(ask.entry()).thenRun(now -> ask.replyTo().tell(now)))
                .build();
        }

        @Override
        public EventHandler<GlobalTransaction, Entry> eventHandler() {
            return (state, entry) -> entry.applyTo(state);
        }
    }
}
