package actors;

import java.time.Duration;
import java.time.Instant;
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
import transaction.Alert;
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
import transaction.Moment;
import transaction.Outcome;
import transaction.Reply;
import transaction.Status;
import transaction.TransactionHost;
import transaction.TransactionHost.Turn;

/**
 * Hosts one global transaction: decides, persists, answers, calls, sleeps. Holds no rule itself;
 * the order of what it does is {@link TransactionHost}'s.
 *
 * <p>What it knows beyond the facts ({@link transaction.Live}, and who waits for an answer) it may
 * lose at any moment; after a restart the same decision function reads off the state what should
 * be running.
 */
public final class TransactionActor
        extends EventSourcedBehavior<TransactionActor.Message, Entry, GlobalTransaction> {

    /** How this actor is spoken to. */
    public sealed interface Message
            permits Request, Piece, Locate, Returned, Signal, Arrival.Word {}

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

    /**
     * Asks whether the {@link Request} with that ticket is here. {@code replyTo} hears
     * {@link Reply.Pending} or {@link Reply.UnknownRequest}; nobody answers for a dead node.
     */
    public record Locate(long ticket, ActorRef<Answer> replyTo) implements Message {}

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
    public static final Message LEAVE = Signal.PASSIVATE;

    /** Makes it leave memory if it has nothing to do there by then. */
    static final Message MAKE_ROOM = Signal.MAKE_ROOM;

    /** @param bytes of the history, once it is read */
    record Weight(MemoryBudget.Resident resident, long bytes) {}

    private final ActorContext<Message> context;
    private final String gid;
    private final TransactionContext around;
    private final Passivation passivation;
    private final PassGate pace;
    private final Calls calls = new Calls();
    private final MessageChunks pieces = new MessageChunks();
    private final Clients clients;
    private final QuarantineBehavior quarantine;
    private final TransactionNotifier witness;
    private final Weight weight;
    private final TransactionHost<Request, Effect<Entry, GlobalTransaction>> host;

    private int life;
    private boolean leaving;
    private Cancellable timer = Cancellable.alreadyCancelled();

    private TransactionActor(ActorContext<Message> context, String gid, TransactionContext around,
            Passivation passivation, Weight weight) {
        super(PersistenceId.ofUniqueId(around.persistenceId().apply(gid)),
            SupervisorStrategy.restartWithBackoff(
                Duration.ofMillis(200), Duration.ofSeconds(5), 0.2).withLoggingEnabled(false));
        this.context = context;
        this.gid = gid;
        this.around = around;
        this.quarantine = new QuarantineBehavior(gid, around, context.getSelf());
        this.witness = new TransactionNotifier(around.watch());
        this.passivation = passivation;
        this.clients = new Clients(context.getSystem().address());
        this.weight = weight;
        this.pace = around.paces().apply(gid, context.getSelf());
        this.host = new TransactionHost<>(around.idle(), new Effects());
    }

    static Behavior<Message> create(String gid, TransactionContext around,
            Passivation passivation, Weight weight) {
        return Behaviors.setup(
            context -> new TransactionActor(context, gid, around, passivation, weight));
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
        var handlers = newCommandHandlerBuilder();
        handlers.forState(t -> leaving)
            .onCommand(Request.class, this::onTooLate)
            .onCommand(Piece.class, this::onTooLate)
            .onCommand(Locate.class, this::onTooLate);
        handlers.forAnyState()
            .onCommand(Request.class, this::onRequest)
            .onCommand(Piece.class, this::onPiece)
            .onCommand(Locate.class, this::onLocate)
            .onCommand(Returned.class, this::onReturned)
            .onCommand(Signal.class, this::onSignal)
            // That it is late may have been on its way when it arrived.
            .onCommand(Arrival.Word.class, (t, late) -> Effect().none());
        return handlers.build();
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
                (state, failed) -> around.watch().unread(
                    gid, Deadline.words(failed.getFailure())))
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
        witness.recovered();
        calls.clear();
        weight.resident.settle(MemoryBudget.TIMES_WHILE_LIVE * weight.bytes);
        quarantine.recovered(state);
        host.recovered(state);
    }

    private void leave() {
        timer.cancel();
        clients.left();
    }

    private Effect<Entry, GlobalTransaction> onRequest(GlobalTransaction t, Request request) {
        Failpoints.hit("CP-00", gid);
        if (Decider.isForQuarantine(t, request.command())) {
            quarantine.carryOut(t, request.command(), around.clock().instant())
                .thenAccept(reply -> clients.answer(request, reply));
            return Effect().none();
        }
        if (!weight.resident.grow(
                MemoryBudget.TIMES_WHILE_LIVE * Admission.bytesOf(request.command()))) {
            MessageChunks.answer(request, Arrival.NO_ROOM);
            return Effect().none();
        }
        return carryOut(t, request.command(), request, null);
    }

    private Effect<Entry, GlobalTransaction> onTooLate(GlobalTransaction t, Message message) {
        passivation.redeliver(message);
        return Effect().none();
    }

    private Effect<Entry, GlobalTransaction> onPiece(GlobalTransaction t, Piece piece) {
        return pieces.request(piece).map(whole -> onRequest(t, whole)).orElseGet(Effect()::none);
    }

    private Effect<Entry, GlobalTransaction> onLocate(GlobalTransaction t, Locate locate) {
        locate.replyTo().tell(new Answer(locate.ticket(), clients.isWaiting(locate)
            ? Reply.PENDING : Reply.UNKNOWN_REQUEST));
        return Effect().none();
    }

    private Effect<Entry, GlobalTransaction> onReturned(GlobalTransaction t, Returned returned) {
        if (returned.life != life) {
            return Effect().none();
        }
        Failpoints.hit("CP-06", gid);
        Attempt attempt = calls.end(returned.key, returned.outcome);
        return carryOut(
            t, new Command.BranchReturned(returned.key, returned.outcome), null, attempt);
    }

    private Effect<Entry, GlobalTransaction> onSignal(GlobalTransaction t, Signal signal) {
        return switch (signal) {
            case LOOK_AGAIN -> carryOut(t, new Command.Resume(), null, null);
            case PASSIVATE -> {
                passivate();
                yield Effect().none();
            }
            case MAKE_ROOM -> {
                if (host.live().isIdle() && clients.isEmpty() && !timer.isCancelled()) {
                    timer.cancel();
                    passivate();
                }
                yield Effect().none();
            }
            case STOP -> Effect().stop();
        };
    }

    private Effect<Entry, GlobalTransaction> carryOut(
            GlobalTransaction t, Command command, Request request, Attempt attempt) {
        Moment moment = new Moment(around.clock().instant(), around.policy().get());
        boolean goes = pace.lets(command, t, host.live());
        Decision decision = goes ? Decider.decide(t, host.live(), command, moment)
            : Decider.note(t, host.live(), command, moment);
        return host.carryOut(
            new Turn<>(t, command, request, attempt, moment, goes, decision));
    }

    private void passivate() {
        leaving = true;
        passivation.begin(context.getSelf());
    }

    /** What {@link TransactionHost} has done, and when. */
    private final class Effects
            implements TransactionHost.Effects<Request, Effect<Entry, GlobalTransaction>> {

        @Override
        public Effect<Entry, GlobalTransaction> nothing(Runnable then) {
            return Effect().none().thenRun(state -> then.run());
        }

        @Override
        public Effect<Entry, GlobalTransaction> write(
                Entry entry, Turn<Request> turn, Runnable then) {
            CrashPoints.beforeWriting(turn.before(), turn.decision(), turn.attempt(), gid);
            clients.writing(turn.request());
            return Effect().persist(entry).thenRun(state -> {
                clients.written();
                CrashPoints.afterWriting(turn.before(), turn.decision(), turn.request(), gid);
                then.run();
            });
        }

        @Override
        public void acted(Turn<Request> turn) {
            witness.acted(turn);
            if (turn.attempt() != null && turn.decision().events().isEmpty()
                    && turn.attempt().outcome().wasTried()) {
                around.attempts().note(turn.before(), turn.attempt(), turn.moment().now());
            }
            pace.acted(turn.decision());
        }

        @Override
        public void answer(Request request, Reply reply) {
            clients.answer(request, reply);
            Failpoints.hit("CP-02", gid);
        }

        @Override
        public void await(Request request, Status hoped) {
            clients.await(request, hoped);
            Failpoints.hit("CP-02", gid);
        }

        @Override
        public void raise(Alert alert) {
            around.alerts().raise(alert);
        }

        /** Lists are told of the wait that follows, even if it is not written down. */
        @Override
        public void passEnded(Turn<Request> turn) {
            Decision decision = turn.decision();
            clients.passEnded(decision);
            boolean unwritten = turn.attempt() != null && decision.events().isEmpty();
            if (unwritten && decision.dueAt() != null) {
                around.index().reschedule(gid, lastSequenceNumber(context), decision.dueAt());
            }
        }

        @Override
        public void call(BranchCall call, Turn<Request> turn) {
            Failpoints.hit("CP-03", gid);
            calls.begin(call, turn.decision().after());
            int caller = life;
            ActorRef<Message> self = context.getSelf();
            around.invoker().invoke(call).whenComplete((outcome, thrown) -> self.tell(
                new Returned(caller, call.key(),
                    thrown == null ? outcome : Outcome.unknown(thrown.toString()))));
        }

        @Override
        public Duration again() {
            return pace.again();
        }

        @Override
        public void lookAgain(Duration in) {
            after(in, Signal.LOOK_AGAIN);
        }

        @Override
        public void leaveMemory(Duration in) {
            if (in.isZero()) {
                stay();
                passivate();
            } else {
                after(in, Signal.MAKE_ROOM);
            }
        }

        private void after(Duration wait, Signal signal) {
            timer.cancel();
            timer = context.scheduleOnce(wait, context.getSelf(), signal);
        }

        @Override
        public void stay() {
            timer.cancel();
        }

        @Override
        public void resume() {
            context.getSelf().tell(Signal.LOOK_AGAIN);
        }
    }
}
