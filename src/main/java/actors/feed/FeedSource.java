package actors.feed;

import actors.Answers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import transaction.LiveEvents;

/**
 * Where one node's {@link EventFeed} is read, by readers of any node, and where the readers of this
 * node begin. A pull that finds nothing stays here until something happens, so that nobody asks in
 * vain; while nobody reads, this actor does nothing.
 */
final class FeedSource {

    /** How the desks of a cluster are found. */
    static final ServiceKey<Message> KEY = ServiceKey.create(Message.class, "pactor-events");

    /** Notices in one answer. */
    static final int BATCH = 256;

    /** A pull that has found nothing for this long is told so, as a sign of life. */
    static final Duration HELD = Duration.ofSeconds(4);

    /** How a desk is spoken to. */
    sealed interface Message permits FeedMessage.Hello, FeedMessage.Pull, Open, Signal {}

    /** @param position null for now */
    record Open(FeedPosition position, LiveEvents.Filter filter,
            CompletableFuture<Optional<LiveEvents.Reader>> opened) implements Message {}

    private enum Signal implements Message {
        GROWN,
        SWEEP,
        STOP
    }

    /** Ends all readers of this node. */
    static final Message STOP = Signal.STOP;

    /**
     * @param readers of this node at one time
     * @param heartBeat after which a reader without news is given an empty page
     */
    record Bounds(int readers, Duration heartBeat) {}

    private record Waiting(FeedMessage.Pull pull, long scanned, long deadline) {}

    private final ActorContext<Message> context;
    private final EventFeed feed;
    private final Bounds bounds;
    private final Map<ActorRef<FeedReader.Message>, Waiting> waiting = new HashMap<>();
    private int readers;
    private boolean awaitsBell;

    private FeedSource(ActorContext<Message> context, EventFeed feed, Bounds bounds) {
        this.context = context;
        this.feed = feed;
        this.bounds = bounds;
    }

    static Behavior<Message> create(EventFeed feed, Bounds bounds) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Signal.SWEEP, HELD.dividedBy(4));
            context.getSystem().receptionist().tell(
                Receptionist.register(KEY, context.getSelf()));
            return new FeedSource(context, feed, bounds).behavior();
        }));
    }

    private Behavior<Message> behavior() {
        return Behaviors.receive(Message.class)
            .onMessage(FeedMessage.Hello.class, hello -> {
                hello.reader().tell(here());
                return Behaviors.same();
            })
            .onMessage(FeedMessage.Pull.class, this::onPull)
            .onMessage(Open.class, this::onOpen)
            .onMessageEquals(Signal.GROWN, this::onGrown)
            .onMessageEquals(Signal.SWEEP, this::onSweep)
            .onMessageEquals(Signal.STOP, Behaviors::stopped)
            .onSignal(Terminated.class, ended -> {
                readers--;
                return Behaviors.same();
            })
            .build();
    }

    private Behavior<Message> onOpen(Open asked) {
        if (readers >= bounds.readers()) {
            asked.opened.complete(Optional.empty());
            return Behaviors.same();
        }
        readers++;
        context.watch(context.spawnAnonymous(
            FeedReader.create(asked, context.getSelf(), bounds.heartBeat())));
        return Behaviors.same();
    }

    private Behavior<Message> onPull(FeedMessage.Pull pull) {
        serve(new Waiting(pull, pull.after(), System.nanoTime() + HELD.toNanos()));
        awaitBell();
        return Behaviors.same();
    }

    private Behavior<Message> onGrown() {
        awaitsBell = false;
        Map.copyOf(waiting).values().forEach(this::serve);
        awaitBell();
        return Behaviors.same();
    }

    private Behavior<Message> onSweep() {
        long now = System.nanoTime();
        for (Waiting each : Map.copyOf(waiting).values()) {
            if (now - each.deadline >= 0) {
                waiting.remove(each.pull.reader());
                answer(each.pull, new EventFeed.Slice(List.of(), each.scanned, false,
                    false));
            }
        }
        return Behaviors.same();
    }

    /** Answers, or keeps it until there is an answer. */
    private void serve(Waiting asked) {
        FeedMessage.Pull pull = asked.pull;
        waiting.remove(pull.reader());
        if (!feed.origin().name().equals(pull.origin())) {
            pull.reader().tell(here());
            return;
        }
        EventFeed.Slice slice = feed.after(asked.scanned, pull.filter(), BATCH);
        while (slice.found().isEmpty() && slice.more() && !slice.missed()) {
            slice = feed.after(slice.upTo(), pull.filter(), BATCH);
        }
        if (slice.found().isEmpty() && !slice.missed()) {
            waiting.put(pull.reader(), new Waiting(pull, slice.upTo(), asked.deadline));
        } else {
            answer(pull, slice);
        }
    }

    private void answer(FeedMessage.Pull pull, EventFeed.Slice slice) {
        pull.reader().tell(new FeedMessage.Batch(
            pull.origin(), pull.after(), slice.found(), slice.upTo(), slice.missed()));
    }

    /** Asks to be told of what happens next, once, as long as somebody waits for it. */
    private void awaitBell() {
        if (!waiting.isEmpty() && !awaitsBell) {
            awaitsBell = true;
            Waiting any = waiting.values().iterator().next();
            long known = waiting.values().stream().mapToLong(Waiting::scanned).min().orElse(0);
            feed.wake(any.pull.origin(), known, () -> context.getSelf().tell(Signal.GROWN));
        }
    }

    private FeedMessage.Here here() {
        return new FeedMessage.Here(context.getSelf(), feed.origin());
    }
}
