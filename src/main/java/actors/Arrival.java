package actors;

import java.time.Duration;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import transaction.Reply;

/**
 * A transaction on its way into memory. It is read back when there is room for what its history
 * takes: see {@link MemoryBudget}. If there is none in time, whoever asked is told so, and it is as
 * if nobody had asked.
 */
final class Arrival {

    /** Less than an answer may take, so that clients hear that nothing was done. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** More requests than one transaction has at one time, and in pieces. */
    private static final int STASHED = 10_000;

    static final Reply NO_ROOM = new Reply.Full("too many large transactions are in memory here;"
        + " nothing was done, try again soon");

    /** What an arrival tells itself. */
    sealed interface Word extends TransactionActor.Message {}

    /** @param bytes of its history; 0 if there is none, or if it cannot be read */
    private record Weighed(long bytes) implements Word {}

    private enum Turn implements Word { ENTERED, LATE }

    private final ActorContext<TransactionActor.Message> context;
    private final StashBuffer<TransactionActor.Message> stash;
    private final String gid;
    private final TransactionContext around;
    private final Passivation passivation;
    private final MemoryBudget.Resident resident;
    private long bytes;
    private Cancellable late = Cancellable.alreadyCancelled();

    private Arrival(ActorContext<TransactionActor.Message> context,
            StashBuffer<TransactionActor.Message> stash, String gid, TransactionContext around,
            MemoryBudget residents, Passivation passivation) {
        this.context = context;
        this.stash = stash;
        this.gid = gid;
        this.around = around;
        this.passivation = passivation;
        ActorRef<TransactionActor.Message> self = context.getSelf();
        this.resident = residents.newcomer(() -> self.tell(TransactionActor.MAKE_ROOM));
    }

    /** As {@link TransactionActor#create}, once there is room among {@code residents}. */
    static Behavior<TransactionActor.Message> create(String gid, TransactionContext around,
            MemoryBudget residents, Passivation passivation) {
        return Behaviors.setup(context -> Behaviors.withStash(
            STASHED, stash -> new Arrival(
                context, stash, gid, around, residents, passivation).weigh()));
    }

    private Behavior<TransactionActor.Message> weigh() {
        context.pipeToSelf(around.index().bytes(gid), (found, thrown) ->
            new Weighed(thrown == null ? found : 0));
        return Behaviors.receive((unused, message) -> onMessage(message), (unused, signal) -> {
            if (signal instanceof PostStop) {
                late.cancel();
                resident.leave();
            }
            return Behaviors.same();
        });
    }

    private Behavior<TransactionActor.Message> onMessage(TransactionActor.Message message) {
        if (message instanceof Weighed weighed) {
            return onWeighed(weighed);
        }
        if (message == Turn.ENTERED) {
            return onEntered();
        }
        if (message == Turn.LATE) {
            return onLate();
        }
        if (message == TransactionActor.STOP) {
            return Behaviors.stopped();
        }
        if (message != TransactionActor.MAKE_ROOM) {
            stash.stash(message);
        }
        return Behaviors.same();
    }

    private Behavior<TransactionActor.Message> onWeighed(Weighed weighed) {
        bytes = weighed.bytes;
        long wanted = MemoryBudget.TIMES_WHILE_READ * (bytes > 0 ? bytes : asked());
        var entered = resident.enter(wanted).toCompletableFuture();
        if (entered.isDone()) {
            return onEntered();
        }
        // No timer scheduler: it would stand before every message of the transaction later on.
        late = context.scheduleOnce(PATIENCE, context.getSelf(), Turn.LATE);
        context.pipeToSelf(entered, (done, thrown) -> Turn.ENTERED);
        return Behaviors.same();
    }

    /** What the first request brings. */
    private long asked() {
        return stash.nonEmpty() && stash.head() instanceof TransactionActor.Request request
            ? Admission.bytesOf(request.command()) : 0;
    }

    private Behavior<TransactionActor.Message> onEntered() {
        late.cancel();
        return stash.unstashAll(TransactionActor.create(
            gid, around, passivation,
            new TransactionActor.Weight(resident, bytes)));
    }

    /** The parts of a long request from another node are dropped; its client is told in time. */
    private Behavior<TransactionActor.Message> onLate() {
        resident.leave();
        stash.forEach(Arrival::turnAway);
        stash.clear();
        passivation.begin(context.getSelf());
        return Behaviors.receive(TransactionActor.Message.class)
            .onMessageEquals(TransactionActor.STOP, Behaviors::stopped)
            .onAnyMessage(message -> {
                turnAway(message);
                return Behaviors.same();
            })
            .build();
    }

    private static void turnAway(TransactionActor.Message message) {
        if (message instanceof TransactionActor.Request request) {
            MessageChunks.answer(request, NO_ROOM);
        }
    }
}
