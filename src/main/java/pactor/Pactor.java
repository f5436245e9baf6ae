package pactor;

import actors.Admission;
import actors.Census;
import actors.ClusterEvents;
import actors.EventFeed;
import actors.LostMessages;
import actors.Pace;
import actors.ShardedCoordinator;
import actors.Surroundings;
import actors.Sweeper;
import actors.TestMode;
import actors.TransactionActor;
import actors.TransactionLog;
import actors.Waker;
import actors.Watch;
import branch.Invokers;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import meter.Meter;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import store.Database;
import store.HistoryTable;
import store.JournalDao;
import store.NodeTable;
import store.StoreException;
import store.Stores;
import store.TopicTable;
import store.TransactionTable;
import transaction.Alerts;
import transaction.Coordinator;
import transaction.LiveEvents;
import transaction.TestControls;

/**
 * A coordinator inside an actor system: the same as in the server, without HTTP.
 *
 * <p>The system must use the cluster provider and be a member of a cluster; one node that joined
 * itself is enough. Nothing else of the host's configuration is touched: the journal has a name of
 * its own, and all settings are below {@code pactor}.
 */
public final class Pactor {

    private static final Logger LOG = LoggerFactory.getLogger(Pactor.class);

    private static final String JOURNAL = JournalDao.PLUGIN_ID;

    /** How long a shard may take to stop its transactions. */
    private static final Duration SHARDS_STOP = Duration.ofSeconds(20);

    private final ActorSystem<?> system;
    private final Database database;
    private final Optional<Membership> membership;
    private final Invokers invokers;
    private final Meter meter;
    private final ShardedCoordinator coordinator;
    private final ActorRef<Waker.Message> waker;
    private final ActorRef<Sweeper.Message> sweeper;
    private final Cancellable census;
    private final Clock clock;
    private final EventFeed feed;
    private final ClusterEvents events;
    private final Optional<TestMode> testMode;
    private final Optional<TestControls> tests;
    private final CompletableFuture<Pactor> ready = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Pactor(ActorSystem<?> system, Supplier<Settings> settings, Node node) {
        Settings first = settings.get();
        this.system = system;
        this.testMode = first.testMode() ? Optional.of(new TestMode()) : Optional.empty();
        SteadyClock steady = new SteadyClock();
        this.clock = testMode.map(TestMode::clock).orElse(steady);
        this.feed = new EventFeed(
            new EventFeed.Bounds(first.events().keep(), first.events().keepBytes()),
            pass -> testMode.ifPresent(tests -> tests.passed(pass)));
        this.meter = Meter.create();
        this.database = Database.open(first.store().opened(), meter);
        Stores.of(system.classicSystem()).install(database);
        LostMessages.count(system, meter);
        this.membership = enter(node, first, steady);
        BooleanSupplier isSure = membership.<BooleanSupplier>map(each -> each::isSure)
            .orElse(() -> true);
        this.invokers = Invokers.create(first.calls(), isSure, meter);
        Admission admission = new Admission(
            () -> settings.get().coordinator().limits(), meter::requestRefused);
        this.coordinator = ShardedCoordinator.create(system, around(settings),
            new TopicTable(database, clock), new ShardedCoordinator.Bounds(
                first.coordinator().shards(), admission,
                first.coordinator().answerWithin(), first.coordinator().waitWithin()));
        this.waker = system.systemActorOf(Waker.create(coordinator, clock,
            () -> pace(settings.get().waker()), () -> ready.complete(this)),
            "pactor-waker", Props.empty());
        meter.gauge("pactor_requests_in_flight", "Requests under way", admission::requests);
        meter.gauge("pactor_requests_waiting", "Requests whose clients wait for a result",
            admission::waiting);
        meter.gauge("pactor_requests_in_flight_bound",
            "Requests that may be under way at present", admission::bound);
        meter.gauge("pactor_requests_in_flight_bytes", "Payloads of requests under way",
            admission::bytes);
        this.census = Census.start(system, coordinator.index(), clock, meter);
        this.events = ClusterEvents.start(
            system, feed, first.events().maxReaders(), first.events().heartBeat());
        this.tests = testMode.map(
            mode -> mode.control(system, coordinator, feed, database::deleteAll));
        membership.ifPresent(each -> {
            each.stay(system, coordinator::hinder);
            node.watchDowned(each::downed);
        });
        this.sweeper = system.systemActorOf(Sweeper.create(new Sweeper.Parts(
            new HistoryTable(database), clock, meter, () -> settings.get().retention().terms(),
            this::leads)), "pactor-sweeper", Props.empty());
        stopWithSystem();
        broken().thenAccept(reason -> coordinator.ready(reason.getMessage()));
    }

    /**
     * Starts a coordinator with the settings of the system's own configuration.
     *
     * @throws IllegalStateException if this system has one already, or is no member of a cluster
     * @throws BadConfiguration if a setting is wrong
     * @throws StoreException if the database cannot be used
     */
    public static Pactor start(ActorSystem<?> system) {
        return start(system, LiveSettings.fixed(Settings.of(system.settings().config())));
    }

    /**
     * Starts a coordinator. Blocks while it opens the database; requests may be made at once, and
     * are answered when {@link #ready()} completes.
     *
     * @param settings asked again at each use for what may change while it runs
     */
    public static Pactor start(ActorSystem<?> system, Supplier<Settings> settings) {
        String provider = system.settings().config().getString("pekko.actor.provider");
        if (!provider.equals("cluster") && !provider.endsWith("ClusterActorRefProvider")) {
            throw new IllegalStateException("Pactor needs pekko.actor.provider = cluster, and a"
                + " cluster to be a member of; this system has " + provider);
        }
        return start(system, settings, Node.guestOf(system));
    }

    /** The same, as a node that is known to be one. */
    static Pactor start(ActorSystem<?> system, Supplier<Settings> settings, Node node) {
        if (!Once.of(system).started.compareAndSet(false, true)) {
            throw new IllegalStateException("Pactor was started in this actor system before");
        }
        try {
            refuseTestModeInCluster(node, settings.get());
            Pactor pactor = new Pactor(system, settings, node);
            Once.of(system).pactor.set(pactor);
            return pactor;
        } catch (RuntimeException failed) {
            Once.of(system).started.set(false);
            throw failed;
        }
    }

    /** Whether the coordinator of that system, if there is one, can serve. Does not block. */
    static boolean isReadyIn(org.apache.pekko.actor.ActorSystem system) {
        Pactor pactor = Once.of(Adapter.toTyped(system)).pactor.get();
        return pactor != null && pactor.coordinator.notReadyBecause().isEmpty();
    }

    public Coordinator coordinator() {
        return coordinator;
    }

    /** Completes when requests are served. */
    public CompletionStage<Pactor> ready() {
        return ready;
    }

    /**
     * Completes, with the reason, if the store has failed for good: health says so, and requests
     * fail. Nothing acknowledged is lost; another process goes on with it.
     */
    public CompletionStage<StoreException> broken() {
        return database.broken();
    }

    /** Fails, with the reason, if another cluster works on the database and this one must end. */
    CompletionStage<Void> lost() {
        return membership.map(Membership::lost).orElseGet(CompletableFuture::new);
    }

    /** What happens to transactions on all nodes, while it happens. */
    public LiveEvents events() {
        return events;
    }

    /** Time that can be skipped, and more for tests; empty unless the test mode is on. */
    public Optional<TestControls> tests() {
        return tests;
    }

    /** The counters of this coordinator. */
    public Meter meter() {
        return meter;
    }

    /** What an acknowledged write survives, in one sentence. */
    public String durability() {
        return database.durability();
    }

    /** Where the facts are, without any secret. */
    public String storing() {
        return database.place();
    }

    /**
     * Stops what runs here and lets go of the database; the actor system goes on. What is under
     * way is resumed by the next start. It cannot be started again in the same system.
     */
    public CompletionStage<Done> stop() {
        refuse();
        return coordinator.stop(SHARDS_STOP).thenApplyAsync(stopped -> {
            close();
            return Done.done();
        }, runnable -> new Thread(runnable, "pactor-stop").start());
    }

    private Surroundings around(Supplier<Settings> settings) {
        Settings first = settings.get();
        String hook = first.alert().webHook().reveal();
        Alerts alerts = hook.isEmpty() ? alert -> {} : invokers.alertsTo(hook);
        BiFunction<String, ActorRef<TransactionActor.Message>, Pace> paces =
            testMode.isPresent() ? testMode.get()::pace : (gid, self) -> Pace.FREE;
        return new Surroundings(clock, () -> settings.get().policy(), invokers,
            new TransactionTable(database), alerts, Watch.all(new TransactionLog(meter), feed),
            paces, first.coordinator().idle(), JOURNAL, JournalDao::persistenceIdOf);
    }

    /** Lets go of the database again if it may not be used. */
    private Optional<Membership> enter(Node node, Settings first, SteadyClock steady) {
        try {
            if (!database.isShared()) {
                node.refuseOthers(database.place());
                return Optional.empty();
            }
            Membership entering = node.membership(new NodeTable(database), first, steady);
            entering.enter();
            return Optional.of(entering);
        } catch (RuntimeException refused) {
            database.close();
            throw refused;
        }
    }

    private static void refuseTestModeInCluster(Node node, Settings settings) {
        int members = node.members().size();
        if (settings.testMode() && members > 1) {
            throw new BadConfiguration("pactor.test-mode cannot be on in a cluster of more than"
                + " one node; this one has " + members);
        }
        if (settings.testMode()) {
            LOG.warn("TEST MODE IS ON. Whoever reaches the API can move the clock and delete"
                + " every transaction. It is for tests alone, never for production");
        }
    }

    private static Waker.Pace pace(Settings.Waker waker) {
        return new Waker.Pace(
            waker.interval(), waker.pageSize(), waker.perSecond(), waker.inFlight());
    }

    /** The shards stop in a phase of their own in between. */
    private void stopWithSystem() {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "pactor-refuse", () -> {
            refuse();
            return CompletableFuture.completedFuture(Done.done());
        });
        shutdown.addTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "pactor-close",
            () -> CompletableFuture.supplyAsync(() -> {
                close();
                return Done.done();
            }));
    }

    private void refuse() {
        coordinator.ready("stopping");
        events.stop();
        waker.tell(Waker.STOP);
        sweeper.tell(Sweeper.STOP);
        census.cancel();
    }

    /** One node of a cluster leads it; two may think so while they do not hear each other. */
    private boolean leads() {
        Cluster cluster = Cluster.get(system);
        return cluster.selfMember().address().equals(cluster.state().getLeader());
    }

    private void close() {
        if (closed.compareAndSet(false, true)) {
            invokers.close();
            membership.ifPresent(Membership::leave);
            database.close();
        }
    }

    /** Remembers that a system has its coordinator. */
    private static final class Once implements Extension {

        private static final Id ID = new Id();

        private final AtomicBoolean started = new AtomicBoolean();
        private final AtomicReference<Pactor> pactor = new AtomicReference<>();

        static Once of(ActorSystem<?> system) {
            return ID.apply(system);
        }

        private static final class Id extends ExtensionId<Once> {
            @Override
            public Once createExtension(ActorSystem<?> system) {
                return new Once();
            }
        }
    }
}
