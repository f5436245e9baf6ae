package actors;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import transaction.Attempt;
import transaction.BranchCall;
import transaction.CallKey;
import transaction.Command;
import transaction.Decider;
import transaction.Decision;
import transaction.Entry;
import transaction.Event;
import transaction.Failpoints;
import transaction.GlobalTransaction;
import transaction.Live;
import transaction.Moment;
import transaction.Outcome;
import transaction.Reply;
import transaction.Status;

/**
 * Hosts one global transaction: decides, persists, answers, calls, sleeps. Holds no rule itself.
 *
 * <p>What it knows beyond the facts ({@link Live}, and who waits for an answer) it may lose at any
 * moment; after a restart the same decision function reads off the state what should be running.
 */
public final class TransactionActor
        extends EventSourcedBehavior<TransactionActor.Message, Entry, GlobalTransaction> {

    /** How this actor is spoken to. */
    public sealed interface Message permits Request, Piece, Returned, Signal, Arrival.Word {}

    /**
     * A client's command. {@code replyTo} hears once, after the facts are durable.
     *
     * @param ticket given back with the answer
     */
    public record Request(Command command, long ticket, ActorRef<Answer> replyTo)
            implements Message {}

    /** What a {@link Request} brought about. */
    public record Answer(long ticket, Reply reply) {}

    /**
     * A part of a {@link Request} or an {@link Answer} that is too long for one message between two
     * nodes; the parts come in order.
     *
     * @param from who hears the answer; null in the parts of an answer
     */
    public record Piece(
            long ticket, ActorRef<Answer> from, int index, int count, byte[] content)
            implements Message {}

    /** A call came back to the life that made it; an earlier life's calls mean nothing. */
    private record Returned(int life, CallKey key, Outcome outcome) implements Message {}

    private enum Signal implements Message {
        LOOK_AGAIN,
        PASSIVATE,
        MAKE_ROOM,
        STOP
    }

    /** What the shard sends to end this actor, once nothing is in the way. */
    public static final Message STOP = Signal.STOP;

    /** Makes it leave memory, whatever it is doing. */
    static final Message LEAVE = Signal.PASSIVATE;

    /** Makes it leave memory if it has nothing to do there. */
    static final Message MAKE_ROOM = Signal.MAKE_ROOM;

    /** @param bytes of the history, once it is read */
    record Weight(Residents.Resident resident, long bytes) {}

    /**
     * What a decision is about.
     *
     * @param request who is to be answered; null if nobody is
     * @param attempt the call that came back; null if none did
     * @param goes whether what follows may be done now
     */
    private record Turn(Command command, Request request, Attempt attempt, Moment moment,
            boolean goes) {}

    private final ActorContext<Message> context;
    private final String gid;
    private final Surroundings around;
    private final Consumer<ActorRef<Message>> passivate;
    private final Pace pace;
    private final Calls calls = new Calls();
    private final Pieces pieces = new Pieces();
    private final Clients clients;
    private final Quarantine quarantine;
    private final Weight weight;

    private int life;
    private Live live = Live.NONE;
    private boolean passBegan;
    private Cancellable timer = Cancellable.alreadyCancelled();

    private TransactionActor(ActorContext<Message> context, String gid, Surroundings around,
            Consumer<ActorRef<Message>> passivate, Weight weight) {
        super(PersistenceId.ofUniqueId(around.persistenceId().apply(gid)),
            SupervisorStrategy.restartWithBackoff(
                Duration.ofMillis(200), Duration.ofSeconds(5), 0.2).withLoggingEnabled(false));
        this.context = context;
        this.gid = gid;
        this.around = around;
        this.quarantine = new Quarantine(gid, around.index(), context.getSelf());
        this.passivate = passivate;
        this.clients = new Clients(context.getSystem().address());
        this.weight = weight;
        this.pace = around.paces().apply(gid, context.getSelf());
    }

    /** @param passivate asks the shard to send {@link #STOP} when nothing more is on its way */
    public static Behavior<Message> create(
            String gid, Surroundings around, Consumer<ActorRef<Message>> passivate) {
        return create(gid, around, passivate,
            new Weight(Residents.unlimited().newcomer(() -> {}), 0));
    }

    static Behavior<Message> create(String gid, Surroundings around,
            Consumer<ActorRef<Message>> passivate, Weight weight) {
        return Behaviors.setup(
            context -> new TransactionActor(context, gid, around, passivate, weight));
    }

    @Override
    public String journalPluginId() {
        return around.journalPluginId();
    }

    @Override
    public String snapshotPluginId() {
        return "pekko.persistence.no-snapshot-store";
    }

    @Override
    public GlobalTransaction emptyState() {
        return GlobalTransaction.ABSENT;
    }

    @Override
    public CommandHandler<Message, Entry, GlobalTransaction> commandHandler() {
        return newCommandHandlerBuilder().forAnyState()
            .onCommand(Request.class, this::onRequest)
            .onCommand(Piece.class, this::onPiece)
            .onCommand(Returned.class, this::onReturned)
            .onCommand(Signal.class, this::onSignal)
            .build();
    }

    /** A history that does not add up is kept from doing harm, and says so itself. */
    @Override
    public EventHandler<GlobalTransaction, Entry> eventHandler() {
        return (state, entry) -> {
            if (life == 0) {
                Failpoints.hit("CP-19", gid);
            }
            try {
                return entry.applyTo(state);
            } catch (RuntimeException broken) {
                return new Event.Quarantined("an event does not fit: " + broken, Instant.EPOCH)
                    .applyTo(state);
            }
        };
    }

    @Override
    public SignalHandler<GlobalTransaction> signalHandler() {
        return newSignalHandlerBuilder()
            .onSignal(RecoveryCompleted.instance(), this::onRecovered)
            .onSignal(RecoveryFailed.class,
                (state, failed) -> around.watch().unread(gid, failed.getFailure()))
            .onSignal(PreRestart.instance(), state -> leave())
            .onSignal(PostStop.instance(), state -> {
                leave();
                pace.left();
                weight.resident.leave();
            })
            .build();
    }

    private void onRecovered(GlobalTransaction state) {
        life++;
        live = Live.NONE;
        passBegan = false;
        calls.clear();
        weight.resident.settle(Residents.TIMES_WHILE_LIVE * weight.bytes);
        quarantine.recovered(state);
        if (!state.isQuarantined() && !state.isAbsent() && !state.isFinal()) {
            context.getSelf().tell(Signal.LOOK_AGAIN);
        } else {
            passivateAfter(around.idle());
        }
    }

    private void leave() {
        timer.cancel();
        clients.left();
    }

    private Effect<Entry, GlobalTransaction> onRequest(GlobalTransaction t, Request request) {
        Failpoints.hit("CP-00", gid);
        if (Quarantine.isFor(t, request.command())) {
            quarantine.carryOut(t, request.command(), around.clock().instant())
                .thenAccept(reply -> clients.answer(request, reply));
            return Effect().none();
        }
        if (!weight.resident.grow(
                Residents.TIMES_WHILE_LIVE * Admission.bytesOf(request.command()))) {
            Pieces.answer(request, Arrival.NO_ROOM);
            return Effect().none();
        }
        return carryOut(t, turn(t, request.command(), request, null));
    }

    private Effect<Entry, GlobalTransaction> onPiece(GlobalTransaction t, Piece piece) {
        return pieces.request(piece).map(whole -> onRequest(t, whole)).orElseGet(Effect()::none);
    }

    private Effect<Entry, GlobalTransaction> onReturned(GlobalTransaction t, Returned returned) {
        if (returned.life != life) {
            return Effect().none();
        }
        Failpoints.hit("CP-06", gid);
        Attempt attempt = calls.end(returned.key, returned.outcome);
        return carryOut(t, turn(
            t, new Command.BranchReturned(returned.key, returned.outcome), null, attempt));
    }

    private Effect<Entry, GlobalTransaction> onSignal(GlobalTransaction t, Signal signal) {
        return switch (signal) {
            case LOOK_AGAIN -> carryOut(t, turn(t, new Command.Resume(), null, null));
            case PASSIVATE -> {
                passivate.accept(context.getSelf());
                yield Effect().none();
            }
            case MAKE_ROOM -> {
                if (live.isIdle() && clients.isEmpty() && !timer.isCancelled()) {
                    passivateAfter(Duration.ZERO);
                }
                yield Effect().none();
            }
            case STOP -> Effect().stop();
        };
    }

    private Turn turn(GlobalTransaction t, Command command, Request request, Attempt attempt) {
        return new Turn(command, request, attempt,
            new Moment(around.clock().instant(), around.policy().get()),
            pace.lets(command, t, live));
    }

    /** Writes first; whatever reaches the outside does so from inside {@code thenRun}. */
    private Effect<Entry, GlobalTransaction> carryOut(GlobalTransaction t, Turn turn) {
        Decision decision = turn.goes ? Decider.decide(t, live, turn.command, turn.moment)
            : Decider.note(t, live, turn.command, turn.moment);
        if (decision.events().isEmpty()) {
            return Effect().none().thenRun(state -> act(t, decision, turn));
        }
        CrashPoints.beforeWriting(t, decision, turn.attempt, gid);
        clients.writing(turn.request);
        Entry entry = new Entry(
            decision.events(), Decider.summaryOf(decision, turn.moment.policy()));
        return Effect().persist(entry).thenRun(state -> {
            clients.written();
            CrashPoints.afterWriting(t, decision, turn.request, gid);
            act(t, decision, turn);
        });
    }

    private void act(GlobalTransaction before, Decision decision, Turn turn) {
        tell(before, decision, turn);
        live = decision.live();
        pace.acted(decision);
        Request request = turn.request;
        if (request != null) {
            if (decision.reply() != null) {
                clients.answer(request, decision.reply());
            } else {
                clients.await(request, decision.awaits());
            }
            Failpoints.hit("CP-02", gid);
        }
        decision.alerts().forEach(around.alerts()::raise);
        if (decision.endsPass()) {
            clients.passEnded(decision);
            reschedule(decision, turn);
        }
        decision.calls().forEach(call -> call(call, decision.after()));
        if (turn.goes) {
            sleep(decision, turn.moment.now());
        } else {
            hold();
        }
    }

    /** Where a pass ends in a wait that is not written down, lists are told of it all the same. */
    private void reschedule(Decision decision, Turn turn) {
        boolean unwritten = turn.attempt != null && decision.events().isEmpty();
        if (unwritten && decision.dueAt() != null) {
            around.index().reschedule(gid, lastSequenceNumber(context), decision.dueAt());
        }
    }

    /** Those who watch hear of it before whoever asked is answered. */
    private void tell(GlobalTransaction before, Decision decision, Turn turn) {
        Instant now = turn.moment.now();
        if (turn.attempt != null && turn.attempt.outcome().kind() != Outcome.Kind.PUT_OFF) {
            around.watch().called(before, turn.attempt, now);
        }
        if (!decision.events().isEmpty()) {
            around.watch().wrote(before, decision);
        } else if (turn.attempt != null) {
            Instant until = decision.live().paused().get(turn.attempt.key());
            if (until != null) {
                around.watch().paused(before, turn.attempt.key(), until, now);
            }
        }
        passBegan |= !decision.calls().isEmpty()
            || turn.command.setsOff() && !decision.events().isEmpty();
        if (passBegan && turn.goes && decision.endsPass()) {
            passBegan = false;
            around.watch().passed(decision.after(), now);
        }
    }

    private void call(BranchCall call, GlobalTransaction t) {
        Failpoints.hit("CP-03", gid);
        calls.begin(call, t);
        int caller = life;
        ActorRef<Message> self = context.getSelf();
        around.invoker().invoke(call).whenComplete((outcome, thrown) -> self.tell(
            new Returned(caller, call.key(),
                thrown == null ? outcome : Outcome.unknown(thrown.toString()))));
    }

    /** Sets the one timer: to look again soon, or to leave memory if that is far away. */
    private void sleep(Decision decision, Instant now) {
        timer.cancel();
        if (decision.lookAgainAt() == null) {
            if (live.isIdle()) {
                passivateAfter(decision.after().isAbsent() ? around.idle() : Duration.ZERO);
            }
            return;
        }
        Duration wait = Duration.between(now, decision.lookAgainAt());
        boolean near = wait.compareTo(around.idle().multipliedBy(2)) <= 0;
        if (near || !live.isIdle() || !live.paused().isEmpty()) {
            timer = context.scheduleOnce(wait.isNegative() ? Duration.ZERO : wait,
                context.getSelf(), Signal.LOOK_AGAIN);
        } else {
            passivateAfter(around.idle());
        }
    }

    /** After a command that was only noted: to look again when its pace says so. */
    private void hold() {
        timer.cancel();
        Duration wait = pace.again();
        if (wait != null) {
            timer = context.scheduleOnce(wait, context.getSelf(), Signal.LOOK_AGAIN);
        } else if (live.isIdle() && live.paused().isEmpty()) {
            passivateAfter(around.idle());
        }
    }

    private void passivateAfter(Duration wait) {
        timer.cancel();
        if (wait.isZero()) {
            passivate.accept(context.getSelf());
        } else {
            timer = context.scheduleOnce(wait, context.getSelf(), Signal.PASSIVATE);
        }
    }
}
