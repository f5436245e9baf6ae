package actors;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import transaction.Alerts;
import transaction.BranchCall;
import transaction.BranchInvoker;
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
import transaction.Policy;
import transaction.Reply;
import transaction.Status;
import transaction.TransactionIndex;

/**
 * Hosts one global transaction: decides, persists, answers, calls, sleeps. Holds no rule itself.
 *
 * <p>What it knows beyond the facts ({@link Live}, and who waits for an answer) it may lose at any
 * moment; after a restart the same decision function reads off the state what should be running.
 */
public final class TransactionActor
        extends EventSourcedBehavior<TransactionActor.Message, Entry, GlobalTransaction> {

    /** How this actor is spoken to. */
    public sealed interface Message {}

    /**
     * A client's command. {@code replyTo} hears once, after the facts are durable.
     *
     * @param ticket given back with the answer
     */
    public record Request(Command command, long ticket, ActorRef<Answer> replyTo)
            implements Message {}

    /** What a {@link Request} brought about. */
    public record Answer(long ticket, Reply reply) {}

    /** A call came back to the life that made it; an earlier life's calls mean nothing. */
    private record Returned(int life, CallKey key, Outcome outcome) implements Message {}

    private enum Signal implements Message {
        LOOK_AGAIN,
        PASSIVATE,
        STOP
    }

    /** What the shard sends to end this actor, once nothing is in the way. */
    public static final Message STOP = Signal.STOP;

    private record Waiter(Request request, Status hoped) {}

    private final ActorContext<Message> context;
    private final String gid;
    private final Surroundings around;
    private final Consumer<ActorRef<Message>> passivate;

    private int life;
    private Live live = Live.NONE;
    private final List<Waiter> waiters = new ArrayList<>();
    private Request unanswered;
    private Cancellable timer = Cancellable.alreadyCancelled();

    private TransactionActor(ActorContext<Message> context, String gid, Surroundings around,
            Consumer<ActorRef<Message>> passivate) {
        super(PersistenceId.ofUniqueId(around.persistenceId().apply(gid)),
            SupervisorStrategy.restartWithBackoff(
                Duration.ofMillis(200), Duration.ofSeconds(5), 0.2));
        this.context = context;
        this.gid = gid;
        this.around = around;
        this.passivate = passivate;
    }

    /** @param passivate asks the shard to send {@link #STOP} when nothing more is on its way */
    public static Behavior<Message> create(
            String gid, Surroundings around, Consumer<ActorRef<Message>> passivate) {
        return Behaviors.setup(
            context -> new TransactionActor(context, gid, around, passivate));
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
            .onSignal(PreRestart.instance(), state -> leaveUnclear())
            .onSignal(PostStop.instance(), state -> leaveUnclear())
            .build();
    }

    private void onRecovered(GlobalTransaction state) {
        life++;
        live = Live.NONE;
        if (state.isQuarantined()) {
            context.getLog().error("gid={} is in quarantine: {}", gid, state.quarantine());
            around.index().quarantine(gid, state.quarantine());
        } else if (!state.isAbsent() && !state.isFinal()) {
            context.getSelf().tell(Signal.LOOK_AGAIN);
        } else {
            passivateAfter(around.idle());
        }
    }

    /** Nobody is told anything that is not known: the write may have happened. */
    private void leaveUnclear() {
        timer.cancel();
        if (unanswered != null) {
            answer(unanswered, unclear());
            unanswered = null;
        }
        waiters.forEach(waiter -> answer(waiter.request, unclear()));
        waiters.clear();
    }

    private static Reply unclear() {
        return new Reply.Unclear(
            "it may or may not have been written; ask again with the same gid");
    }

    private Effect<Entry, GlobalTransaction> onRequest(GlobalTransaction t, Request request) {
        Failpoints.hit("CP-00", gid);
        return carryOut(t, request.command(), request);
    }

    private Effect<Entry, GlobalTransaction> onReturned(GlobalTransaction t, Returned returned) {
        if (returned.life != life) {
            return Effect().none();
        }
        Failpoints.hit("CP-06", gid);
        return carryOut(t, new Command.BranchReturned(returned.key, returned.outcome), null);
    }

    private Effect<Entry, GlobalTransaction> onSignal(GlobalTransaction t, Signal signal) {
        return switch (signal) {
            case LOOK_AGAIN -> carryOut(t, new Command.Resume(), null);
            case PASSIVATE -> {
                passivate.accept(context.getSelf());
                yield Effect().none();
            }
            case STOP -> Effect().stop();
        };
    }

    /** Writes first; whatever reaches the outside does so from inside {@code thenRun}. */
    private Effect<Entry, GlobalTransaction> carryOut(
            GlobalTransaction t, Command command, Request request) {
        Moment moment = new Moment(around.clock().instant(), around.policy().get());
        Decision decision = Decider.decide(t, live, command, moment);
        if (decision.events().isEmpty()) {
            return Effect().none().thenRun(state -> act(decision, request, moment));
        }
        if (turnsBack(t, decision)) {
            Failpoints.hit(command instanceof Command.BranchReturned ? "CP-08" : "CP-09", gid);
        }
        unanswered = request;
        Entry entry = new Entry(
            decision.events(), Decider.summaryOf(decision, moment.policy()));
        return Effect().persist(entry).thenRun(state -> {
            unanswered = null;
            Failpoints.hit(pointAfterWriting(t, decision, request), gid);
            around.watch().wrote(t, decision);
            act(decision, request, moment);
        });
    }

    private static boolean turnsBack(GlobalTransaction t, Decision decision) {
        return decision.after().status() == Status.ABORTING && t.status() != Status.ABORTING;
    }

    private static String pointAfterWriting(
            GlobalTransaction t, Decision decision, Request request) {
        if (decision.after().isFinal()) {
            return "CP-17";
        }
        if (turnsBack(t, decision)) {
            return "CP-10";
        }
        return request == null ? "CP-07" : "CP-01";
    }

    private void act(Decision decision, Request request, Moment moment) {
        live = decision.live();
        if (request != null) {
            if (decision.reply() != null) {
                answer(request, decision.reply());
            } else {
                waiters.add(new Waiter(request, decision.awaits()));
            }
            Failpoints.hit("CP-02", gid);
        }
        decision.alerts().forEach(around.alerts()::raise);
        if (decision.endsPass()) {
            waiters.forEach(
                waiter -> answer(waiter.request, decision.replyTo(waiter.hoped)));
            waiters.clear();
        }
        decision.calls().forEach(this::call);
        sleep(decision, moment.now());
    }

    private void call(BranchCall call) {
        Failpoints.hit("CP-03", gid);
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

    private void passivateAfter(Duration wait) {
        timer.cancel();
        if (wait.isZero()) {
            passivate.accept(context.getSelf());
        } else {
            timer = context.scheduleOnce(wait, context.getSelf(), Signal.PASSIVATE);
        }
    }

    private static void answer(Request request, Reply reply) {
        request.replyTo().tell(new Answer(request.ticket(), reply));
    }

    /**
     * What a transaction needs from the world around it.
     *
     * @param clock tells the time
     * @param policy the settings now in force
     * @param invoker calls participants
     * @param index hears of a history that cannot be trusted
     * @param alerts hears of branches that keep failing
     * @param watch sees each decision that was written
     * @param idle how long to stay in memory with nothing to do
     * @param journalPluginId the journal to write to
     * @param persistenceId from a gid to the journal's key
     */
    public record Surroundings(
            Clock clock,
            Supplier<Policy> policy,
            BranchInvoker invoker,
            TransactionIndex index,
            Alerts alerts,
            Watch watch,
            Duration idle,
            String journalPluginId,
            UnaryOperator<String> persistenceId) {}

    /** Sees what was written, to count and to log it. Does not block, does not throw. */
    @FunctionalInterface
    public interface Watch {
        void wrote(GlobalTransaction before, Decision decision);
    }
}
