package actors;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import transaction.Limits;
import transaction.Reply;
import transaction.TransactionIndex;
import transaction.TransactionIndex.Due;
import transaction.TransactionIndex.Share;
import transaction.Wakeups;

/**
 * Finds the unfinished whose hour has come and wakes them, as {@link Wakeups} says. It also finds
 * out when this node can work at all, since it is the first to need shards and index.
 */
public final class Waker {

    /**
     * Those woken lately that are remembered, in a 32nd of the heap; beyond it some are woken too
     * often.
     */
    private static final int REMEMBERED =
        (int) Math.min(200_000, Runtime.getRuntime().maxMemory() / (32 * 256));

    /** No transaction has this id: it is longer than an id may be. */
    private static final String PROBE = "probe".repeat(Limits.GID_CHARS / 4);

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

    /** @param view in which it was woken */
    private record Answered(String gid, int view, boolean heard) implements Message {}

    private final ActorContext<Message> context;
    private final ShardedCoordinator coordinator;
    private final TransactionIndex index;
    private final Clock clock;
    private final Supplier<Wakeups.Pace> pace;
    private final Runnable onReady;
    private final Duration deadline;
    private final Wakeups wakeups;

    private ClusterChanges.View view = ClusterChanges.View.ALONE;
    private Share share = Share.ALL;
    private boolean ready;
    private boolean failing;

    private Waker(ActorContext<Message> context, ShardedCoordinator coordinator, Clock clock,
            Supplier<Wakeups.Pace> pace, Runnable onReady, Duration deadline) {
        this.context = context;
        this.coordinator = coordinator;
        this.index = coordinator.index();
        this.clock = clock;
        this.pace = pace;
        this.onReady = onReady;
        this.deadline = deadline;
        this.wakeups = new Wakeups(new Effects(), pace.get(), REMEMBERED);
    }

    /**
     * @param pace asked at each tick, so that it may change
     * @param onReady told once, when the shards answer and the index can be read
     */
    public static Behavior<Message> create(ShardedCoordinator coordinator, Clock clock,
            Supplier<Wakeups.Pace> pace, Runnable onReady) {
        return create(coordinator, clock, pace, onReady, Deadline.READ);
    }

    /** @param deadline of a read of the index, after which it is given up and tried again */
    static Behavior<Message> create(ShardedCoordinator coordinator, Clock clock,
            Supplier<Wakeups.Pace> pace, Runnable onReady, Duration deadline) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers ->
            new Waker(context, coordinator, clock, pace, onReady, deadline).start(timers)));
    }

    private Behavior<Message> start(TimerScheduler<Message> timers) {
        timers.startTimerWithFixedDelay(Order.TICK, Duration.ZERO, Wakeups.TICK);
        context.setLoggerName(Waker.class);
        probe();
        return Behaviors.receive(Message.class)
            .onMessageEquals(Order.TICK, this::onTick)
            .onMessageEquals(Order.STOP, Behaviors::stopped)
            .onMessage(Probed.class, this::onProbed)
            .onMessage(Found.class, this::onFound)
            .onMessage(Answered.class, answered -> {
                wakeups.answered(
                    clock.instant(), answered.gid, answered.view, answered.heard);
                return Behaviors.same();
            })
            .build();
    }

    private Behavior<Message> onTick() {
        ClusterChanges.View now = coordinator.peers().view();
        if (!now.equals(view)) {
            view = now;
            wakeups.nodesChanged();
            if (ready) {
                context.getLog().info("{} nodes are at work now; looking for what is overdue",
                    coordinator.peers().working().size());
            }
        }
        wakeups.tick(clock.instant(), pace.get());
        return Behaviors.same();
    }

    /** The shards are up when one of them answers. Until then nothing could be woken. */
    private Behavior<Message> onProbed(Probed probed) {
        if (probed.reply instanceof Reply.Found) {
            wakeups.begin(clock.instant());
        } else {
            probe();
        }
        return Behaviors.same();
    }

    private void probe() {
        context.pipeToSelf(Deadline.on(coordinator.find(PROBE), Deadline.READ),
            (reply, thrown) -> new Probed(reply));
    }

    private Behavior<Message> onFound(Found found) {
        if (found.failure != null) {
            if (!failing) {
                failing = true;
                context.getLog().warn("the index cannot be read, and is tried again: {}",
                    Deadline.words(found.failure));
            }
            coordinator.ready("the database cannot be read");
            wakeups.unread(clock.instant());
            return Behaviors.same();
        }
        failing = false;
        coordinator.ready(null);
        if (!ready) {
            ready = true;
            onReady.run();
        }
        wakeups.found(clock.instant(), found.due, found.more);
        return Behaviors.same();
    }

    private final class Effects implements Wakeups.Effects {

        @Override
        public void read(Instant until, Due after, int page) {
            if (after == null) {
                share = coordinator.peers().share();
            }
            context.pipeToSelf(Deadline.on(index.due(until, after, page, share), deadline),
                (due, thrown) -> new Found(due, due != null && due.size() == page, thrown));
        }

        @Override
        public void wake(String gid, int view) {
            context.pipeToSelf(coordinator.wake(gid), (reply, thrown) ->
                new Answered(gid, view, thrown == null && !(reply instanceof Reply.Unclear)));
        }

        @Override
        public Duration jitter(Duration most) {
            return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most.toMillis() + 1));
        }
    }
}
