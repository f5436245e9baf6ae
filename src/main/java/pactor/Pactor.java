package pactor;

import actors.Admission;
import actors.Background;
import actors.LostMessages;
import actors.MemoryBudget;
import actors.OpenTransactionGauges;
import actors.PassGate;
import actors.ShardedCoordinator;
import actors.TransactionActor;
import actors.TransactionContext;
import actors.TransactionListener;
import actors.TransactionLog;
import actors.Waker;
import actors.feed.ClusterEvents;
import actors.feed.EventFeed;
import actors.testmode.TestMode;
import egress.GuardedCoordinator;
import health.Guard;
import health.NodeFailure;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import meter.Meter;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pactor.cluster.Membership;
import pactor.cluster.Node;
import pactor.cluster.SteadyClock;
import pactor.settings.BadConfiguration;
import pactor.settings.HeapShare;
import pactor.settings.LiveSettings;
import pactor.settings.Settings;
import store.AttemptTable;
import store.Database;
import store.HoldTable;
import store.JournalDao;
import store.NodeTable;
import store.StoreException;
import store.Stores;
import store.TopicTable;
import store.TransactionTable;
import transaction.Alerts;
import transaction.Bulks;
import transaction.CallTokens;
import transaction.Coordinator;
import transaction.LiveEvents;
import transaction.TestControls;
import transaction.Wakeups;

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
    private final Guard guard;
    private final Opened opened;
    private final Database database;
    private final Background background;
    private final Optional<Membership> membership;
    private final Outbound outbound;
    private final HoldTable holds;
    private final Meter meter;
    private final ShardedCoordinator coordinator;
    private final Coordinator offered;
    private final ActorRef<Waker.Message> waker;
    private final LeaderWork leaderWork;
    private final ActorRef<OpenTransactionGauges.Message> census;
    private final Clock clock;
    private final EventFeed feed;
    private final ClusterEvents events;
    private final Optional<TestMode> testMode;
    private final Optional<TestControls> tests;
    private final CompletableFuture<Pactor> ready = new CompletableFuture<>();
    private final CompletableFuture<NodeFailure> failed = new CompletableFuture<>();

    private Pactor(ActorSystem<?> system, Supplier<Settings> settings, Host host, Node node,
            Guard guard, Opened opened) {
        Settings first = settings.get();
        this.system = system;
        this.guard = guard;
        this.opened = opened;
        this.testMode = first.testMode() ? Optional.of(new TestMode()) : Optional.empty();
        SteadyClock steady = new SteadyClock();
        this.clock = testMode.map(TestMode::clock).orElse(steady);
        this.feed = new EventFeed(
            new EventFeed.Bounds(first.events().keep(), first.events().keepBytes()),
            pass -> testMode.ifPresent(tests -> tests.passed(pass)));
        this.meter = host.meter();
        this.database = opened.add(Database.open(host.keys().map(first.store()::opened)
            .orElseGet(first.store()::opened), meter, guard), Database::close);
        this.membership = enter(node, first, steady);
        Stores stores = Stores.of(system.classicSystem());
        stores.install(database);
        opened.add(database, stores::remove);
        this.background = opened.add(Background.start(system, guard), Pactor::stop);
        LostMessages.count(system, background, meter);
        var isSure = membership.<BooleanSupplier>map(each -> each::isSure).orElse(() -> true);
        this.outbound = Outbound.open(system, settings, host, isSure, meter, guard, opened);
        this.holds = HoldTable.open(database, clock);
        Admission admission = new Admission(
            () -> settings.get().coordinator().limits(), meter::requestRefused);
        MemoryBudget residents = new MemoryBudget(HeapShare.TRANSACTIONS.ofThisHeap());
        this.coordinator = ShardedCoordinator.create(system, background, around(settings, host),
            new TopicTable(database, clock), new ShardedCoordinator.Bounds(
                first.coordinator().shards(), admission,
                first.coordinator().answerWithin(), first.coordinator().waitWithin(), residents,
                NamespaceQuotas.of(settings, database, meter)));
        this.offered = new GuardedCoordinator(coordinator, outbound.guard());
        coordinator.heed(guard::trouble);
        coordinator.heed(database::trouble);
        this.waker = background.spawn("waker", Waker.create(coordinator, clock,
            () -> pace(settings.get().waker()), () -> ready.complete(this)));
        admission.show(meter);
        residents.show(meter);
        this.census = background.spawn(
            "census", OpenTransactionGauges.create(coordinator.index(), clock, meter));
        this.events = ClusterEvents.start(
            background, feed, first.events().maxReaders(), first.events().heartBeat());
        this.tests = testMode.map(
            mode -> mode.control(system, coordinator, feed, database::deleteAll));
        membership.ifPresent(each -> {
            each.stay(system, guard);
            coordinator.heed(each::trouble);
            node.watchDowned(background, each::downed);
            node.probeOthers(background, guard);
        });
        this.leaderWork = LeaderWork.start(new LeaderWork.Parts(system, background, database,
            coordinator, clock, meter, () -> settings.get().retention().terms()));
        stopWithSystem();
        broken().thenAccept(reason -> coordinator.ready("the store has failed"));
        failWith();
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
        return start(system, settings, Host.plain());
    }

    /** The same, with what the host brings of its own. */
    public static Pactor start(ActorSystem<?> system, Supplier<Settings> settings, Host host) {
        String provider = system.settings().config().getString("pekko.actor.provider");
        if (!provider.equals("cluster") && !provider.endsWith("ClusterActorRefProvider")) {
            throw new IllegalStateException("Pactor needs pekko.actor.provider = cluster, and a"
                + " cluster to be a member of; this system has " + provider);
        }
        return start(system, settings, host, Guard.start());
    }

    /** A guest in somebody's system, which stops by itself when {@code guard} says so. */
    static Pactor start(
            ActorSystem<?> system, Supplier<Settings> settings, Host host, Guard guard) {
        Pactor pactor = start(system, settings, host, Node.guestOf(system), guard);
        pactor.failed().thenAccept(failure -> {
            LOG.error("{}; this coordinator stops", failure.getMessage(), failure.getCause());
            pactor.stop();
        });
        return pactor;
    }

    /**
     * The same, as a node that is known to be one. If it is refused nothing is left behind, and it
     * may be tried again.
     *
     * @param guard hears of every part that fails; closed at the end
     */
    static Pactor start(ActorSystem<?> system, Supplier<Settings> settings, Host host, Node node,
            Guard guard) {
        if (!OncePerSystem.of(system).claim()) {
            guard.close();
            throw new IllegalStateException("Pactor was started in this actor system before");
        }
        Opened opened = new Opened();
        opened.add(guard, Guard::close);
        Pactor pactor = null;
        try {
            TestModeAlone.check(node, settings.get());
            pactor = new Pactor(system, settings, host, node, guard, opened);
            OncePerSystem.of(system).started(pactor);
            return pactor;
        } finally {
            if (pactor == null) {
                opened.close();
                OncePerSystem.of(system).release();
            }
        }
    }

    /** Whether the coordinator of that system, if there is one, can serve. Does not block. */
    static boolean isReadyIn(org.apache.pekko.actor.ActorSystem system) {
        return OncePerSystem.of(Adapter.toTyped(system)).pactor()
            .filter(pactor -> pactor.coordinator.notReadyBecause().isEmpty()).isPresent();
    }

    public Coordinator coordinator() {
        return offered;
    }

    /** Completes when requests are served. */
    public CompletionStage<Pactor> ready() {
        return ready;
    }

    /** Completes, with the reason, if the store has failed for good. */
    CompletionStage<StoreException> broken() {
        return database.broken();
    }

    /**
     * Completes, with the reason, when this coordinator cannot go on: a thread or an actor of it
     * has died, an Error was met, the store has failed, or another node took its place. It refuses
     * requests from then on and stops by itself; the actor system and the process go on.
     */
    public CompletionStage<NodeFailure> failed() {
        return failed.minimalCompletionStage();
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

    Clock clock() {
        return clock;
    }

    Database database() {
        return database;
    }

    /**
     * The public keys by which participants know its calls, as a set of JSON Web Keys; empty if
     * these are not signed. A host that serves HTTP itself publishes them.
     */
    public Optional<byte[]> publishedKeys() {
        return outbound.keys().published();
    }

    /** The counters of this coordinator. */
    public Meter meter() {
        return meter;
    }

    /** What an acknowledged write survives, in one sentence. */
    public String durability() {
        return database.durability();
    }

    HoldTable holds() {
        return holds;
    }

    Bulks bulks() {
        return leaderWork.bulks();
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
            opened.close();
            return Done.done();
        }, runnable -> new Thread(runnable, "pactor-stop").start());
    }

    private TransactionContext around(Supplier<Settings> settings, Host host) {
        Settings first = settings.get();
        String hook = first.alert().webHook().reveal();
        Alerts alerts = hook.isEmpty() ? alert -> {}
            : outbound.invokers().alertsTo(hook, first.alert().interval());
        BiFunction<String, ActorRef<TransactionActor.Message>, PassGate> paces =
            testMode.isPresent() ? testMode.get()::pace : (gid, self) -> PassGate.FREE;
        CallTokens tokens = new CallTokens(database.callKey());
        return new TransactionContext(clock, () -> settings.get().policy(),
            outbound.invoker(host, tokens, holds), tokens, new AttemptTable(database),
            new TransactionTable(database), alerts,
            TransactionListener.all(new TransactionLog(meter), feed), paces,
            first.coordinator().idle(), JOURNAL, JournalDao::persistenceIdOf);
    }

    private Optional<Membership> enter(Node node, Settings first, SteadyClock steady) {
        if (!database.isShared()) {
            node.refuseOthers(database.place());
            return Optional.empty();
        }
        Membership entering = node.membership(new NodeTable(database), first, steady);
        entering.enter();
        return Optional.of(opened.add(entering, Membership::leave));
    }

    /** The first of all that ends this node, in one place for hosts. */
    private void failWith() {
        guard.failed().thenAccept(failed::complete);
        broken().thenAccept(
            reason -> failed.complete(new NodeFailure(reason.getMessage(), reason.getCause())));
        lost().exceptionally(reason -> {
            failed.complete(new NodeFailure(reason.getMessage(), reason.getCause()));
            return null;
        });
    }

    private static void stop(Background background) {
        try {
            background.stop().toCompletableFuture().get(2, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            LOG.debug("the actors in the background have not ended", late);
        }
    }

    private static Wakeups.Pace pace(Settings.Waker waker) {
        return new Wakeups.Pace(
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
                opened.close();
                return Done.done();
            }));
    }

    private void refuse() {
        coordinator.ready("stopping");
        events.stop();
        background.end(waker, Waker.STOP);
        leaderWork.end();
        background.end(census, OpenTransactionGauges.STOP);
    }
}
