package actors;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.UniqueAddress;
import transaction.Limits;
import transaction.Reply;
import transaction.TransactionIndex;
import transaction.TransactionIndex.Due;
import transaction.TransactionIndex.Share;

/**
 * Finds the unfinished whose hour has come and knocks at each, at a bounded pace.
 *
 * <p>It sweeps the index from the most overdue on, page by page, so that however many are overdue
 * each has its turn before any has a second. A transaction that is at work has its hour behind it
 * too, since it must be found after a crash; a knock is then no more than a message.
 */
public final class Waker {

    /** A transaction is not knocked at again within this time; its own timers are finer. */
    private static final Duration KNOCK_AGAIN = Duration.ofSeconds(10);

    /**
     * Those knocked at lately that are remembered, in a 32nd of the heap; beyond it some are
     * knocked at too often.
     */
    private static final int REMEMBERED =
        (int) Math.min(200_000, Runtime.getRuntime().maxMemory() / (32 * 256));

    /** No transaction has this id: it is longer than an id may be. */
    private static final String PROBE = "probe".repeat(Limits.GID_CHARS / 4);

    private static final Duration TICK = Duration.ofMillis(100);

    /**
     * @param interval from the end of one sweep to the next
     * @param page rows read at once
     * @param perSecond knocks a second at most
     * @param inFlight knocks not answered yet at most
     */
    public record Pace(Duration interval, int page, int perSecond, int inFlight) {}

    /** How the waker is spoken to. */
    public sealed interface Message {}

    private enum Order implements Message {
        TICK,
        STOP
    }

    /** Ends the waker; whom it has woken stays awake. */
    public static final Message STOP = Order.STOP;

    private record Probed(Reply reply) implements Message {}

    private record Found(List<Due> due, boolean more, Throwable failure) implements Message {}

    /** @param view in which it was knocked */
    private record Knocked(Reply reply, int view) implements Message {}

    private final ActorContext<Message> context;
    private final ShardedCoordinator coordinator;
    private final TransactionIndex index;
    private final Clock clock;
    private final Supplier<Pace> settings;
    private final Runnable onReady;
    private final Duration deadline;

    private final Deque<Due> queue = new ArrayDeque<>();
    private final Map<String, Instant> knocked = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > REMEMBERED;
        }
    };
    private Pace pace;
    private List<UniqueAddress> working = List.of();
    private int view;
    private Share share = Share.ALL;
    private Due last;
    private boolean ready;
    private boolean reading;
    private boolean failing;
    private boolean sweeping;
    private Instant nextSweep = Instant.MAX;
    private int inFlight;
    private int left;

    private Waker(ActorContext<Message> context, ShardedCoordinator coordinator, Clock clock,
            Supplier<Pace> settings, Runnable onReady, Duration deadline) {
        this.context = context;
        this.coordinator = coordinator;
        this.index = coordinator.index();
        this.clock = clock;
        this.settings = settings;
        this.onReady = onReady;
        this.deadline = deadline;
        this.pace = settings.get();
    }

    /**
     * @param settings asked at each tick, so that the pace may change
     * @param onReady told once, when the shards answer and the index can be read
     */
    public static Behavior<Message> create(ShardedCoordinator coordinator, Clock clock,
            Supplier<Pace> settings, Runnable onReady) {
        return create(coordinator, clock, settings, onReady, Deadline.READ);
    }

    /** @param deadline of a read of the index, after which it is given up and tried again */
    static Behavior<Message> create(ShardedCoordinator coordinator, Clock clock,
            Supplier<Pace> settings, Runnable onReady, Duration deadline) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers ->
            new Waker(context, coordinator, clock, settings, onReady, deadline).start(timers)));
    }

    private Behavior<Message> start(TimerScheduler<Message> timers) {
        timers.startTimerWithFixedDelay(Order.TICK, Duration.ZERO, TICK);
        context.setLoggerName(Waker.class);
        probe();
        return Behaviors.receive(Message.class)
            .onMessageEquals(Order.TICK, this::onTick)
            .onMessageEquals(Order.STOP, Behaviors::stopped)
            .onMessage(Probed.class, this::onProbed)
            .onMessage(Found.class, this::onFound)
            .onMessage(Knocked.class, this::onKnocked)
            .build();
    }

    private Behavior<Message> onTick() {
        pace = settings.get();
        left = Math.max(1, (int) (pace.perSecond() * TICK.toMillis() / 1_000));
        heedPeers();
        if (!sweeping && !clock.instant().isBefore(nextSweep)) {
            sweeping = true;
            last = null;
            share = coordinator.peers().share();
            read();
        }
        return knock();
    }

    /**
     * When a node has come or gone, what was sent to it may be lost: it is forgotten who was
     * knocked at, and the next sweep begins at once.
     */
    private void heedPeers() {
        List<UniqueAddress> now = coordinator.peers().working();
        if (!now.equals(working)) {
            working = now;
            view++;
            inFlight = 0;
            knocked.clear();
            if (ready) {
                context.getLog().info("{} nodes are at work now; looking for what is overdue",
                    now.size());
                if (!sweeping) {
                    nextSweep = Instant.MIN;
                }
            }
        }
    }

    /** The shards are up when one of them answers. Until then nothing could be woken. */
    private Behavior<Message> onProbed(Probed probed) {
        if (!(probed.reply instanceof Reply.Found)) {
            probe();
            return Behaviors.same();
        }
        nextSweep = Instant.MIN;
        return onTick();
    }

    private void probe() {
        context.pipeToSelf(Deadline.on(coordinator.find(PROBE), Deadline.READ),
            (reply, thrown) -> new Probed(reply));
    }

    private Behavior<Message> onFound(Found found) {
        reading = false;
        if (found.failure != null) {
            if (!failing) {
                failing = true;
                context.getLog().warn("the index cannot be read, and is tried again: {}",
                    Deadline.words(found.failure));
            }
            coordinator.ready("the database cannot be read");
            endSweep();
            return Behaviors.same();
        }
        failing = false;
        coordinator.ready(null);
        if (!ready) {
            ready = true;
            onReady.run();
        }
        queue.addAll(found.due);
        last = found.more ? found.due.get(found.due.size() - 1) : null;
        return knock();
    }

    private Behavior<Message> onKnocked(Knocked answer) {
        if (answer.view == view) {
            inFlight--;
        }
        return knock();
    }

    /** As many as the pace allows; the rest at the next tick or the next answer. */
    private Behavior<Message> knock() {
        Instant now = clock.instant();
        while (left > 0 && inFlight < pace.inFlight() && !queue.isEmpty()) {
            Due due = queue.poll();
            Instant before = knocked.get(due.gid());
            if (before == null || !now.isBefore(before.plus(KNOCK_AGAIN))) {
                knocked.remove(due.gid()); // So that it goes to the end of the line.
                knocked.put(due.gid(), now);
                left--;
                inFlight++;
                int present = view;
                context.pipeToSelf(coordinator.wake(due.gid()),
                    (reply, thrown) -> new Knocked(reply, present));
            }
        }
        if (queue.isEmpty() && sweeping && !reading) {
            if (last == null) {
                endSweep();
            } else {
                read();
            }
        }
        return Behaviors.same();
    }

    private void read() {
        reading = true;
        int page = pace.page();
        context.pipeToSelf(
            Deadline.on(index.due(clock.instant(), last, page, share), deadline),
            (due, thrown) -> new Found(due, due != null && due.size() == page, thrown));
    }

    private void endSweep() {
        sweeping = false;
        // Nodes that started together do not go on asking the database at one moment.
        long jitter = ThreadLocalRandom.current().nextLong(pace.interval().toMillis() / 4 + 1);
        nextSweep = clock.instant().plus(pace.interval()).plusMillis(jitter);
        Instant old = clock.instant().minus(KNOCK_AGAIN);
        knocked.values().removeIf(at -> at.isBefore(old));
    }
}
