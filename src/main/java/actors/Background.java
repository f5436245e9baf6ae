package actors;

import health.Guard;
import health.Heartbeat;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.Patterns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parent of all actors that work in the background of a node. Each is supervised: what it
 * throws is one line in the log, and it is started again, later each time; one that cannot be
 * brought to run is the end of the node. Each is watched: one that stops without having been told
 * to, or that does not answer, is told to the {@link Guard}.
 */
public final class Background {

    /** How often each is asked for a sign of life. */
    private static final Duration PING = Duration.ofSeconds(1);

    private static final Heartbeat.Bounds SILENCE =
        new Heartbeat.Bounds(Duration.ofSeconds(10), Duration.ofSeconds(60));

    /** Eight times within some twenty seconds. */
    private static final Restarts RESTARTS =
        new Restarts(Duration.ofMillis(200), Duration.ofSeconds(5), 8);

    private static final Duration SOON = Duration.ofSeconds(10);

    /** A name is free only some time after its actor has ended, so each start has its own. */
    private static final AtomicLong STARTS = new AtomicLong();

    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private final Guard guard;
    private final Restarts restarts;
    private final ActorRef<Order> parent;
    private final Set<ActorRef<?>> ended = ConcurrentHashMap.newKeySet();
    private final Map<ActorRef<?>, Heartbeat> heartbeats = new ConcurrentHashMap<>();

    /** How an actor that throws is started again. */
    record Restarts(Duration min, Duration max, int most) {}

    private sealed interface Order {}

    private record Spawn(String name, Behavior<Object> behavior, Heartbeat heartbeat,
            CompletableFuture<ActorRef<Object>> born) implements Order {}

    private enum Tick implements Order {
        PING,
        STOP
    }

    private Background(ActorSystem<?> system, Guard guard, Restarts restarts) {
        this.guard = guard;
        this.restarts = restarts;
        this.parent = system.systemActorOf(
            behavior(), "pactor-" + STARTS.incrementAndGet(), Props.empty());
    }

    /** Of the one node in {@code system}; what fails in it is told to {@code guard}. */
    public static Background start(ActorSystem<?> system, Guard guard) {
        return start(system, guard, RESTARTS);
    }

    static Background start(ActorSystem<?> system, Guard guard, Restarts restarts) {
        return new Background(system, guard, restarts);
    }

    /** An actor that is started again, with a new state, after it has thrown. Blocks a moment. */
    public <M> ActorRef<M> spawn(String name, Behavior<M> behavior) {
        return spawn(name, behavior, SupervisorStrategy
            .restartWithBackoff(restarts.min, restarts.max, 0.2)
            .withMaxRestarts(restarts.most)
            .withResetBackoffAfter(restarts.max.multipliedBy(4))
            .withLoggingEnabled(false));
    }

    /** An actor that goes on with the next message after it has thrown. Blocks a moment. */
    <M> ActorRef<M> spawnResuming(String name, Behavior<M> behavior) {
        return spawn(name, behavior, SupervisorStrategy.resume().withLoggingEnabled(false));
    }

    /** Tells a part to end; from now on nobody misses it. */
    public <M> void end(ActorRef<M> part, M last) {
        release(part);
        part.tell(last);
    }

    /** Ends all that are left. Completes when they have ended. */
    public CompletionStage<Boolean> stop() {
        heartbeats.keySet().forEach(this::release);
        return Patterns.gracefulStop(Adapter.toClassic(parent), SOON, Tick.STOP);
    }

    /** A transaction's actor: an Error in it is told, and does not reach the host's system. */
    <M> Behavior<M> guarded(Behavior<M> behavior) {
        return intercepted("a transaction", behavior, null).unsafeCast();
    }

    private <M> ActorRef<M> spawn(
            String name, Behavior<M> behavior, SupervisorStrategy onFailure) {
        Heartbeat heartbeat = guard.heartbeat("the actor " + name, SILENCE);
        Behavior<Object> supervised =
            Behaviors.supervise(intercepted("the actor " + name, behavior, heartbeat))
                .onFailure(RuntimeException.class, onFailure);
        CompletableFuture<ActorRef<Object>> born = new CompletableFuture<>();
        parent.tell(new Spawn(name, supervised, heartbeat, born));
        return born.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join().unsafeUpcast();
    }

    private void release(ActorRef<?> part) {
        ended.add(part);
        Heartbeat heartbeat = heartbeats.remove(part);
        if (heartbeat != null) {
            guard.release(heartbeat);
        }
    }

    private Behavior<Order> behavior() {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.PING, PING);
            return Behaviors.receive(Order.class)
                .onMessage(Spawn.class, asked -> give(context, asked))
                .onMessageEquals(Tick.PING, () -> {
                    heartbeats.keySet().forEach(Background::ping);
                    return Behaviors.same();
                })
                .onMessageEquals(Tick.STOP, Behaviors::stopped)
                .onSignal(Terminated.class, this::missed)
                .build();
        }));
    }

    private Behavior<Order> give(ActorContext<Order> context, Spawn asked) {
        ActorRef<Object> child = context.spawn(asked.behavior, asked.name);
        context.watch(child);
        heartbeats.put(child, asked.heartbeat);
        asked.born.complete(child);
        return Behaviors.same();
    }

    private Behavior<Order> missed(Terminated signal) {
        ActorRef<Void> gone = signal.getRef();
        if (!ended.contains(gone)) {
            release(gone);
            guard.fail("the actor " + gone.path().name(), signal instanceof ChildFailed failed
                ? failed.getCause() : new IllegalStateException("it has stopped"));
        }
        return Behaviors.same();
    }

    private static void ping(ActorRef<?> child) {
        child.unsafeUpcast().tell(Sign.OF_LIFE);
    }

    private <M> Behavior<Object> intercepted(
            String name, Behavior<M> behavior, Heartbeat heartbeat) {
        return Behaviors.intercept(() -> new Watched<M>(name, heartbeat), behavior);
    }

    /** In place of an Error, which has been told. */
    private static final class Ended extends RuntimeException {

        private static final long serialVersionUID = 1;

        Ended(Error cause) {
            super(cause.toString(), cause);
        }
    }

    /** What each part is asked for; it never comes to know of it. */
    private enum Sign {
        OF_LIFE
    }

    /** Stands before a part: answers pings, and lets no Error pass. */
    private final class Watched<M> extends BehaviorInterceptor<Object, M> {

        private final String name;
        private final Heartbeat heartbeat;

        Watched(String name, Heartbeat heartbeat) {
            super(Object.class);
            this.name = name;
            this.heartbeat = heartbeat;
        }

        @Override
        public Behavior<M> aroundStart(
                TypedActorContext<Object> context, PreStartTarget<M> target) {
            try {
                return target.start(context);
            } catch (RuntimeException | Error thrown) {
                return failed(thrown);
            }
        }

        @Override
        @SuppressWarnings("unchecked") // As sent: what is not a ping was meant for the part.
        public Behavior<M> aroundReceive(
                TypedActorContext<Object> context, Object message, ReceiveTarget<M> target) {
            if (message == Sign.OF_LIFE) {
                heartbeat.beat();
                return Behaviors.same();
            }
            try {
                return target.apply(context, (M) message);
            } catch (RuntimeException | Error thrown) {
                return failed(thrown);
            }
        }

        @Override
        public Behavior<M> aroundSignal(
                TypedActorContext<Object> context, Signal signal, SignalTarget<M> target) {
            try {
                return target.apply(context, signal);
            } catch (RuntimeException | Error thrown) {
                return failed(thrown);
            }
        }

        /** What a transaction throws of itself is for its own supervisor. */
        private Behavior<M> failed(Throwable thrown) {
            if (thrown instanceof RuntimeException own) {
                if (heartbeat != null) {
                    heartbeat.fail();
                    LOG.error("{} has failed and is started again", name, thrown);
                }
                throw own;
            }
            Error error = (Error) thrown;
            if (Guard.isFatal(error)) {
                guard.fail(name, error);
            }
            if (heartbeat == null) {
                return Behaviors.stopped();
            }
            throw new Ended(error);
        }
    }
}
