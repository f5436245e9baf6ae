package actors;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import meter.Meter;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import transaction.History;
import transaction.History.Finished;
import transaction.History.Walk;
import transaction.Mode;

/**
 * Removes what has been finished for long enough, and later its ids, a batch at a time and at a
 * bounded pace.
 *
 * <p>One node does it; should two at a time think that they are the one, the work is done once all
 * the same. A transaction has its place by when it was opened, so one that took long is passed over
 * until it is old enough; nothing is read twice in one round.
 */
public final class Sweeper {

    /**
     * What is kept, and how fast the rest goes.
     *
     * @param enabled whether anything is removed
     * @param keep from a mode to how long its finished transactions stay
     * @param refuse how long the id of a removed transaction cannot be used again
     * @param interval from the end of one round to the next
     * @param batch transactions removed in one database transaction
     * @param perSecond transactions removed in a second, at most
     */
    public record Terms(boolean enabled, Function<Mode, Duration> keep, Duration refuse,
            Duration interval, int batch, int perSecond) {}

    /**
     * What a sweeper works with.
     *
     * @param terms asked at each round
     * @param isOurs whether this node is the one to do it
     * @param deadline of each piece of work, after which the round is given up
     */
    record Parts(History history, Clock clock, Meter meter, Supplier<Terms> terms,
            BooleanSupplier isOurs, Duration deadline) {}

    /** How the sweeper is spoken to. */
    public sealed interface Message {}

    private enum Order implements Message {
        ROUND,
        GO_ON,
        STOP
    }

    /** Ends the sweeper. */
    public static final Message STOP = Order.STOP;

    private record Looked(Optional<Instant> oldest, Throwable failure) implements Message {}

    private record Found(List<Finished> page, Throwable failure) implements Message {}

    private record Removed(int count, Throwable failure) implements Message {}

    private record Forgot(int count, Throwable failure) implements Message {}

    private final ActorContext<Message> context;
    private final TimerScheduler<Message> timers;
    private final Parts parts;
    private final AtomicReference<Instant> oldest;

    private final Deque<Walk> walks = new ArrayDeque<>();
    private final Deque<Mode> forgetting = new ArrayDeque<>();
    private Terms terms;
    private Finished last;
    private int removed;

    private Sweeper(ActorContext<Message> context, TimerScheduler<Message> timers, Parts parts,
            AtomicReference<Instant> oldest) {
        this.oldest = oldest;
        this.context = context;
        this.timers = timers;
        this.parts = parts;
        this.terms = parts.terms().get();
    }

    /** Begins with a round at once. */
    public static Behavior<Message> create(History history, Clock clock, Meter meter,
            Supplier<Terms> terms, BooleanSupplier isOurs) {
        return create(new Parts(history, clock, meter, terms, isOurs, Deadline.READ));
    }

    static Behavior<Message> create(Parts parts) {
        AtomicReference<Instant> oldest = new AtomicReference<>();
        return Behaviors.setup(context -> Behaviors.withTimers(
            timers -> new Sweeper(context, timers, parts, oldest).start()));
    }

    private Behavior<Message> start() {
        parts.meter().gauge("pactor_transaction_oldest_finished_seconds",
            "Time since the oldest finished transaction that is still there ended", Map.of(),
            this::oldestSeconds);
        context.setLoggerName(Sweeper.class);
        context.getSelf().tell(Order.ROUND);
        return Behaviors.receive(Message.class)
            .onMessageEquals(Order.ROUND, this::begin)
            .onMessageEquals(Order.GO_ON, this::goOn)
            .onMessageEquals(Order.STOP, Behaviors::stopped)
            .onMessage(Looked.class, this::onLooked)
            .onMessage(Found.class, this::onFound)
            .onMessage(Removed.class, this::onRemoved)
            .onMessage(Forgot.class, this::onForgot)
            .build();
    }

    private Behavior<Message> begin() {
        terms = parts.terms().get();
        context.pipeToSelf(within(parts.history().oldest()), Looked::new);
        return Behaviors.same();
    }

    private Behavior<Message> onLooked(Looked looked) {
        if (looked.failure != null) {
            return giveUp(looked.failure);
        }
        oldest.set(looked.oldest.orElse(null));
        walks.clear();
        forgetting.clear();
        if (terms.enabled() && parts.isOurs().getAsBoolean()) {
            for (Mode mode : Mode.ALL) {
                History.FINAL.forEach(status -> walks.add(new Walk(mode, status)));
            }
            forgetting.addAll(Mode.ALL);
        }
        removed = 0;
        last = null;
        return goOn();
    }

    /** The next batch, or the end of the round. */
    private Behavior<Message> goOn() {
        Instant now = parts.clock().instant();
        if (!walks.isEmpty()) {
            Walk walk = walks.peek();
            context.pipeToSelf(within(parts.history().finished(
                walk, now.minus(terms.keep().apply(walk.mode())), last, terms.batch())),
                Found::new);
        } else if (!forgetting.isEmpty()) {
            context.pipeToSelf(within(parts.history().forget(
                forgetting.peek(), now.minus(terms.refuse()), terms.batch())), Forgot::new);
        } else {
            if (removed > 0) {
                context.getLog().info("{} finished transactions were removed", removed);
            }
            timers.startSingleTimer(Order.ROUND, terms.interval());
        }
        return Behaviors.same();
    }

    private Behavior<Message> onFound(Found found) {
        if (found.failure != null) {
            return giveUp(found.failure);
        }
        if (found.page.size() < terms.batch()) {
            last = null;
        } else {
            last = found.page.get(found.page.size() - 1);
        }
        Instant now = parts.clock().instant();
        Instant endedBy = now.minus(terms.keep().apply(walks.peek().mode()));
        List<Finished> old =
            found.page.stream().filter(each -> !each.endedAt().isAfter(endedBy)).toList();
        context.pipeToSelf(within(parts.history().remove(old, now)),
            (count, failure) -> new Removed(failure == null ? count : 0, failure));
        return Behaviors.same();
    }

    private Behavior<Message> onRemoved(Removed done) {
        if (done.failure != null) {
            return giveUp(done.failure);
        }
        removed += done.count;
        parts.meter().transactionsRemoved(walks.peek().mode().wire(), done.count);
        if (last == null) {
            walks.remove();
        }
        return pause(done.count);
    }

    private Behavior<Message> onForgot(Forgot done) {
        if (done.failure != null) {
            return giveUp(done.failure);
        }
        if (done.count < terms.batch()) {
            forgetting.remove();
        }
        return pause(done.count);
    }

    /** Long enough that the pace is kept, though the work itself took no time. */
    private Behavior<Message> pause(int count) {
        long millis = count * 1_000L / terms.perSecond();
        if (millis == 0) {
            context.getSelf().tell(Order.GO_ON);
        } else {
            timers.startSingleTimer(Order.GO_ON, Duration.ofMillis(millis));
        }
        return Behaviors.same();
    }

    private Behavior<Message> giveUp(Throwable failure) {
        context.getLog().warn("finished transactions cannot be removed now: {}",
            Deadline.words(failure));
        timers.startSingleTimer(Order.ROUND, terms.interval());
        return Behaviors.same();
    }

    private <T> CompletionStage<T> within(CompletionStage<T> work) {
        return Deadline.on(work, parts.deadline());
    }

    private double oldestSeconds() {
        Instant since = oldest.get();
        return since == null ? 0
            : Duration.between(since, parts.clock().instant()).toMillis() / 1e3;
    }
}
