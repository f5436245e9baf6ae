package simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import transaction.Alert;
import transaction.BranchCall;
import transaction.CallKey;
import transaction.Command;
import transaction.Decision;
import transaction.Entry;
import transaction.GlobalTransaction;
import transaction.Mode;
import transaction.Moment;
import transaction.Op;
import transaction.Outcome;
import transaction.Phrase;
import transaction.Reply;
import transaction.Status;
import transaction.TransactionHost;
import transaction.TransactionHost.Turn;

/**
 * One schedule of the small scope: at most two branches, each call answered in one of five ways at
 * first and with a verdict the second time, at most one crash and at most one failed write.
 */
final class SmallScope implements SimulatedParticipants.Surroundings, EndOracle.Evidence,
        TransactionHost.Effects<Command, Boolean> {

    private static final Outcome ONGOING = Outcome.ongoing("at work");
    private static final Outcome LOST = Outcome.unknown("lost");
    private static final Outcome REFUSED = Outcome.failure("no");

    /** More steps than any schedule of this scope may take. */
    private static final int STEPS = 200;

    private record Waiter(Command request, Status hoped) {}

    private final Choices choices;
    private final Tooth tooth;
    private final Tally tally;
    private final WriteOracle writes;
    private final CallOracle calls;
    private final AnswerOracle answers;
    private final SimulatedParticipants participants = new SimulatedParticipants(this);
    private final List<Entry> journal = new ArrayList<>();
    private final Map<CallKey, Integer> attempts = new HashMap<>();
    private final Map<CallKey, Integer> answered = new HashMap<>();
    private final Map<CallKey, Integer> receipts = new HashMap<>();
    private final List<BranchCall> running = new ArrayList<>();
    private final Set<CallKey> everRunning = new HashSet<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private GlobalTransaction truth = GlobalTransaction.ABSENT;
    private GlobalTransaction state = GlobalTransaction.ABSENT;
    private TransactionHost<Command, Boolean> host = new TransactionHost<>(Duration.ZERO, this);
    private Instant now = Simulator.START;
    private Instant lookAgainAt;
    private int faultsLeft;
    private boolean crashed;
    private boolean spoiled;
    private boolean acknowledged;

    /** @param faults crashes and failed writes together, at most one of each */
    SmallScope(Choices choices, int faults, Tooth tooth, Tally tally) {
        this.choices = choices;
        this.tooth = tooth;
        this.faultsLeft = faults;
        this.tally = tally;
        this.writes = new WriteOracle(tally);
        this.calls = new CallOracle(tally);
        this.answers = new AnswerOracle(tally);
    }

    /** Plays the script of an initiator, a line after the other, then all that follows. */
    void run(List<String> script) {
        tally.schedule();
        List<String> late = new ArrayList<>();
        for (String line : script) {
            if (line.startsWith("late ")) {
                late.add(line.substring(5));
            } else {
                say(line);
            }
        }
        int steps = 0;
        boolean rests = false;
        while (!rests && state.status() != null && !state.isFinal() || !running.isEmpty()) {
            if (++steps > STEPS) {
                throw new Tally.Violation(Invariant.L1, "no end after " + steps + " steps");
            }
            if (running.isEmpty()) {
                now = lookAgainAt.isAfter(now) ? lookAgainAt : now;
                tell(new Command.Resume());
            } else {
                answer(running.remove(choices.pick(running.size())));
            }
        }
        late.forEach(this::say);
        new EndOracle(truth, participants, this, tally).judge();
    }

    private void say(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "try" -> participants.tries(words[1]);
            case "open" -> participants.startXa(words[1]);
            case "close" -> participants.closeXa(words[1], true);
            case "commit" -> participants.closeMessage(true);
            case "rollback" -> participants.closeMessage(false);
            default -> insist(Phrase.command(line));
        }
    }

    /** A client repeats its request until it is answered. */
    private void insist(Command command) {
        acknowledged = false;
        for (int i = 0; !acknowledged && i < 4; i++) {
            tell(command, command);
        }
    }

    private void tell(Command command) {
        tell(command, null);
    }

    /** @param request who is to be answered; null if nobody is */
    private void tell(Command command, Command request) {
        Moment moment = new Moment(now, Simulator.POLICY);
        Decision decision = Bites.decide(tooth, state, host.live(), command, moment);
        boolean lives = host.carryOut(
            new Turn<>(state, command, request, null, moment, true, decision));
        if (lives) {
            mayCrash();
        }
    }

    private void mayCrash() {
        if (!crashed && faultsLeft > 0 && choices.pick(2) == 1) {
            crashed = true;
            faultsLeft--;
            recover();
        }
    }

    @Override
    public Boolean nothing(Runnable then) {
        then.run();
        return true;
    }

    /** It succeeds, fails, or fails although it was carried out; a host whose write fails dies. */
    @Override
    public Boolean write(Entry entry, Turn<Command> turn, Runnable then) {
        int outcome = spoiled || faultsLeft == 0 ? 0 : choices.pick(3);
        if (outcome != 1) {
            truth = writes.written(truth, entry, turn.command());
            journal.add(entry);
        }
        if (outcome > 0) {
            spoiled = true;
            faultsLeft--;
            recover();
            return false;
        }
        then.run();
        return true;
    }

    @Override
    public void acted(Turn<Command> turn) {
        state = turn.decision().after();
        lookAgainAt = turn.decision().lookAgainAt();
        acknowledged |= turn.request() != null;
    }

    @Override
    public void answer(Command request, Reply reply) {
        answers.answered(truth, request, reply, true);
    }

    @Override
    public void await(Command request, Status hoped) {
        waiters.add(new Waiter(request, hoped));
    }

    @Override
    public void raise(Alert alert) {}

    @Override
    public void passEnded(Turn<Command> turn) {
        waiters.forEach(
            waiter -> answer(waiter.request, turn.decision().replyTo(waiter.hoped)));
        waiters.clear();
    }

    @Override
    public void call(BranchCall call, Turn<Command> turn) {
        attempts.merge(call.key(), 1, Integer::sum);
        calls.started(truth, call, now);
        everRunning.add(call.key());
        running.add(call);
    }

    @Override
    public Duration again() {
        return null;
    }

    /** The clock moves on when nothing else happens, whoever looks at it then. */
    @Override
    public void lookAgain(Duration in) {}

    @Override
    public void leaveMemory(Duration in) {}

    @Override
    public void stay() {}

    @Override
    public void resume() {
        tell(new Command.Resume());
    }

    /** A new host; of the calls on their way nobody will hear, but they may arrive. */
    private void recover() {
        for (BranchCall lost : List.copyOf(running)) {
            if (choices.pick(2) == 1) {
                participants.receive(lost);
            }
        }
        running.clear();
        waiters.clear();
        state = GlobalTransaction.ABSENT;
        for (Entry entry : journal) {
            state = entry.applyTo(state);
        }
        tally.holds(Invariant.C8, state.equals(truth), state);
        boolean atRest = state.isAbsent() || state.isFinal();
        host = new TransactionHost<>(Duration.ZERO, this);
        host.recovered(state);
        if (atRest) {
            mayCrash();
        }
    }

    private void answer(BranchCall call) {
        CallKey key = call.key();
        int before = answered.merge(key, 1, Integer::sum) - 1;
        boolean mayRefuse = key.op() == Op.ACTION && state.mode() == Mode.SAGA;
        int kinds = before == 0 ? 5 : mayRefuse ? 2 : 1;
        if (key.op() == Op.RESUME && before > 0) {
            tell(new Command.BranchReturned(key, Outcome.SUCCESS));
            say("finish succeed \"done\"");
            return;
        }
        now = now.plus(Duration.ofMillis(10));
        tell(new Command.BranchReturned(key, switch (choices.pick(kinds)) {
            case 0 -> participants.receive(call);
            case 1 -> key.op() == Op.MSG ? LOST : REFUSED;
            case 2 -> ONGOING;
            case 3 -> {
                participants.receive(call);
                yield LOST;
            }
            default -> LOST;
        }));
    }

    @Override
    public boolean happens(ToDoubleFunction<Rates> trouble) {
        return false;
    }

    @Override
    public void received(BranchCall call) {
        receipts.merge(call.key(), 1, Integer::sum);
        calls.received(truth, call);
        tally.holds(Invariant.C4, everRunning.contains(call.key()), call);
    }

    @Override
    public void resumed() {}

    @Override
    public int attempts(CallKey key) {
        return attempts.getOrDefault(key, 0);
    }

    @Override
    public int receipts(CallKey key) {
        return receipts.getOrDefault(key, 0);
    }

    @Override
    public boolean isByHand(String branch) {
        return false;
    }

    @Override
    public boolean isSubmitAcknowledged() {
        return truth.status() != Status.PREPARED;
    }
}
