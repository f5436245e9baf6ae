package actors;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import transaction.Bulk;
import transaction.Bulks;
import transaction.Coordinator;
import transaction.Limits;
import transaction.Reply;

/**
 * Carries out bulk operations, a batch at a time, of the operation that has waited longest. What is
 * left is read for each batch, so a pause is heeded with the next one, and another node goes on
 * where this one has stopped. An operation of whose batch nothing came of any item is held up, and
 * passed over for a while.
 *
 * <p>Results that cannot be written are kept, and nothing is acted on before they are.
 *
 * <p>One node does it. A batch whose results were not written is done again, and so is one that two
 * nodes take at a time: each action may be said twice.
 */
public final class BulkRunner {

    /**
     * What a runner works with.
     *
     * @param isOurs whether this node is the one to do it
     * @param look from one look to the next where none runs
     * @param perSecond transactions that are acted on in a second, at most
     * @param patience with the answer of a transaction
     * @param deadline of each piece of work on the database
     */
    record Parts(Bulks bulks, Coordinator coordinator, Clock clock, BooleanSupplier isOurs,
            Duration look, int perSecond, Duration patience, Duration deadline) {}

    /** How the runner is spoken to. */
    public sealed interface Message {}

    /** Enough for the longest wait, and few enough for the number. */
    private static final int DOUBLINGS_MAX = 16;

    private enum Tick implements Message {
        LOOK,
        STOP
    }

    /** Ends the runner. */
    public static final Message STOP = Tick.STOP;

    private record Found(Optional<Bulks.Batch> batch, Throwable failure) implements Message {}

    /** @param tries to write it down that have failed */
    private record Answered(Bulk bulk, List<Bulk.Item> items, int tries) implements Message {

        boolean isHeldUp() {
            return !items.isEmpty() && items.stream()
                .allMatch(each -> each.result() == Bulk.Result.PENDING);
        }
    }

    private record Noted(Answered what, Throwable failure) implements Message {}

    private record LetGo(Bulk heldUp) implements Message {}

    private record Forgot(int count, Throwable failure) implements Message {}

    private final ActorContext<Message> context;
    private final TimerScheduler<Message> timers;
    private final Parts parts;
    private final Set<Bulk> heldUp = new HashSet<>();
    private Instant forgotAt = Instant.MIN;
    private boolean isTroubled;

    private BulkRunner(
            ActorContext<Message> context, TimerScheduler<Message> timers, Parts parts) {
        this.context = context;
        this.timers = timers;
        this.parts = parts;
    }

    /** Begins with a look at once. */
    public static Behavior<Message> create(
            Bulks bulks, Coordinator coordinator, Clock clock, BooleanSupplier isOurs) {
        return create(new Parts(bulks, coordinator, clock, isOurs, Limits.BULK_LOOK,
            Limits.BULK_PER_SECOND, Limits.BULK_ACT, Deadline.READ));
    }

    static Behavior<Message> create(Parts parts) {
        return Behaviors.setup(context -> Behaviors.withTimers(
            timers -> new BulkRunner(context, timers, parts).start()));
    }

    private Behavior<Message> start() {
        context.setLoggerName(BulkRunner.class);
        context.getSelf().tell(Tick.LOOK);
        return Behaviors.receive(Message.class)
            .onMessageEquals(Tick.LOOK, this::look)
            .onMessageEquals(Tick.STOP, Behaviors::stopped)
            .onMessage(Found.class, this::onFound)
            .onMessage(Answered.class, this::onAnswered)
            .onMessage(Noted.class, this::onNoted)
            .onMessage(LetGo.class, this::onLetGo)
            .onMessage(Forgot.class, this::onForgot)
            .build();
    }

    private Behavior<Message> look() {
        if (!parts.isOurs().getAsBoolean()
                || parts.coordinator().notReadyBecause().isPresent()) {
            return lookIn(parts.look());
        }
        context.pipeToSelf(within(parts.bulks().next(
            Limits.BULK_BATCH, List.copyOf(heldUp))), Found::new);
        return Behaviors.same();
    }

    private Behavior<Message> onFound(Found found) {
        if (found.failure != null) {
            return giveUp(found.failure);
        }
        if (found.batch.isEmpty()) {
            isTroubled = false;
            return idle();
        }
        Bulk bulk = found.batch.get().bulk();
        List<CompletableFuture<Bulk.Item>> acts = new ArrayList<>();
        found.batch.get().items().forEach(item -> acts.add(act(bulk, item)));
        context.pipeToSelf(
            CompletableFuture.allOf(acts.toArray(new CompletableFuture<?>[0])),
            (all, never) -> new Answered(
                bulk, acts.stream().map(CompletableFuture::join).toList(), 0));
        return Behaviors.same();
    }

    /** What fails of itself is not known to be done, and is tried again. */
    private CompletableFuture<Bulk.Item> act(Bulk bulk, Bulk.Item item) {
        CompletionStage<Reply> reply;
        try {
            reply = Deadline.on(parts.coordinator().send(
                bulk.idOf(item.gid()), bulk.commandTo(item.gid())), parts.patience());
        } catch (RuntimeException refused) {
            reply = CompletableFuture.failedFuture(refused);
        }
        return reply.handle((told, failure) -> item.after(failure == null ? told
            : new Reply.Unclear(Deadline.words(failure)), parts.clock().instant()))
            .toCompletableFuture();
    }

    private Behavior<Message> onAnswered(Answered answered) {
        context.pipeToSelf(within(parts.bulks().note(answered.bulk, answered.items)),
            (done, failure) -> new Noted(answered, failure));
        return Behaviors.same();
    }

    /** Long enough that the pace is kept, though the work itself took no time. */
    private Behavior<Message> onNoted(Noted noted) {
        Answered what = noted.what;
        if (noted.failure != null) {
            return noteLater(what, noted.failure);
        }
        isTroubled = false;
        if (what.isHeldUp()) {
            heldUp.add(what.bulk);
            LetGo later = new LetGo(what.bulk);
            timers.startSingleTimer(later, later, parts.look());
        }
        return lookIn(Duration.ofMillis(what.items.size() * 1_000L / parts.perSecond()));
    }

    /** Whichever node leads by now: a result that has been written meanwhile stays as it is. */
    private Behavior<Message> noteLater(Answered what, Throwable failure) {
        if (what.tries + 1 == Limits.BULK_NOTE_TRIES) {
            return giveUp(failure);
        }
        warn(failure);
        Duration wait = parts.look().multipliedBy(1L << Math.min(what.tries, DOUBLINGS_MAX));
        timers.startSingleTimer(new Answered(what.bulk, what.items, what.tries + 1),
            wait.compareTo(Limits.BULK_NOTE_WAIT_MAX) < 0 ? wait : Limits.BULK_NOTE_WAIT_MAX);
        return Behaviors.same();
    }

    private Behavior<Message> onLetGo(LetGo message) {
        heldUp.remove(message.heldUp);
        return Behaviors.same();
    }

    private Behavior<Message> idle() {
        Instant now = parts.clock().instant();
        if (forgotAt.isAfter(now.minus(Limits.BULK_FORGET))) {
            return lookIn(parts.look());
        }
        context.pipeToSelf(within(parts.bulks().forget(now.minus(Limits.BULK_KEPT))),
            (count, failure) -> new Forgot(failure == null ? count : 0, failure));
        return Behaviors.same();
    }

    private Behavior<Message> onForgot(Forgot done) {
        if (done.failure != null) {
            context.getLog().warn("bulk operations that are too old cannot be removed now: {}",
                Deadline.words(done.failure));
        }
        // What has failed is no more urgent than what was done.
        if (done.count == 0) {
            forgotAt = parts.clock().instant();
        }
        return lookIn(parts.look());
    }

    private Behavior<Message> lookIn(Duration wait) {
        if (wait.isZero()) {
            context.getSelf().tell(Tick.LOOK);
        } else {
            timers.startSingleTimer(Tick.LOOK, wait);
        }
        return Behaviors.same();
    }

    private Behavior<Message> giveUp(Throwable failure) {
        warn(failure);
        return lookIn(parts.look());
    }

    /** Once, until something has been written, or there is nothing to do. */
    private void warn(Throwable failure) {
        if (!isTroubled) {
            context.getLog().warn(
                "bulk operations cannot go on now: {}", Deadline.words(failure));
        }
        isTroubled = true;
    }

    private <T> CompletionStage<T> within(CompletionStage<T> work) {
        return Deadline.on(work, parts.deadline());
    }
}
