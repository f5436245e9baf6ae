package simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import transaction.Alert;
import transaction.BranchCall;
import transaction.Command;
import transaction.Decision;
import transaction.Entry;
import transaction.GlobalTransaction;
import transaction.Moment;
import transaction.Phrase;
import transaction.Reply;
import transaction.Status;
import transaction.TransactionHost;
import transaction.TransactionHost.Turn;
import transaction.Transcript;

/**
 * One incarnation of a transaction's host, which goes through the same {@link TransactionHost} as
 * the real one. What it knows beyond the journal dies with it.
 */
final class SimulatedHost implements TransactionHost.Effects<SimulatedHost.Letter, Void> {

    /** How long it stays in memory with nothing to do. */
    private static final Duration IDLE = Duration.ofSeconds(2);

    /** @param answer who is to be answered; null if nobody is */
    record Letter(Command command, Consumer<Reply> answer) {}

    private record Waiter(Letter request, Status hoped) {}

    private final Simulator world;
    private final TransactionHost<Letter, Void> host = new TransactionHost<>(IDLE, this);
    private final Deque<Letter> stash = new ArrayDeque<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private GlobalTransaction state = GlobalTransaction.ABSENT;
    private int known;
    private boolean up;
    private boolean dead;
    private boolean writing;
    private boolean isSuperseded;
    private int timer;

    SimulatedHost(Simulator world) {
        this.world = world;
        world.after(1 + world.random.nextInt(300), this::recover);
    }

    private void recover() {
        if (dead) {
            return;
        }
        up = true;
        known = world.journal.size();
        state = world.checker.replayed();
        if (world.tooth == Tooth.CLOCK_IN_REPLAY && known > 0) {
            state = Bites.touchedAt(state, world.now());
        }
        host.recovered(state);
        if (world.tooth == Tooth.REPLAY_CALLS && !state.isAbsent()) {
            Bites.callsSettled(state).forEach(call -> world.call(this, call));
        }
        work();
    }

    /** @param answer who is to be answered; null if nobody is */
    void tell(Command command, Consumer<Reply> answer) {
        if (!dead) {
            stash.add(new Letter(command, answer));
            work();
        }
    }

    private void work() {
        while (up && !dead && !writing && !stash.isEmpty()) {
            handle(stash.remove());
        }
    }

    private void handle(Letter letter) {
        Command command = letter.command;
        Moment moment = new Moment(world.now(), Simulator.POLICY);
        Decision decision = Bites.decide(world.tooth, state, host.live(), command, moment);
        world.checker.decided(this, command, decision, moment);
        if (world.isNoted()) {
            note(command, decision);
        }
        host.carryOut(new Turn<>(state, command, letter.answer == null ? null : letter, null,
            moment, true, decision));
    }

    @Override
    public Void nothing(Runnable then) {
        then.run();
        return null;
    }

    @Override
    public Void write(Entry entry, Turn<Letter> turn, Runnable then) {
        Decision decision = turn.decision();
        if (world.tooth == Tooth.CALL_BEFORE_WRITE) {
            decision.calls().forEach(call -> world.call(this, call));
        }
        if (world.tooth == Tooth.ACK_BEFORE_WRITE && turn.request() != null
                && decision.reply() != null) {
            answer(turn.request(), decision.reply());
        }
        writing = true;
        append(Bites.entry(world.tooth, entry, decision), turn, then);
        return null;
    }

    private void append(Entry entry, Turn<Letter> turn, Runnable then) {
        world.journal.append(known, entry, turn.command(),
            result -> written(result, entry, turn, then));
    }

    private void written(
            SimulatedJournal.Result result, Entry entry, Turn<Letter> turn, Runnable then) {
        if (dead) {
            return;
        }
        boolean taken = result == SimulatedJournal.Result.TAKEN;
        if (taken && world.tooth == Tooth.SKIPS_A_NUMBER) {
            known = world.journal.size();
            append(entry, turn, then);
            return;
        }
        boolean goesOn = taken && world.tooth == Tooth.STALE_GOES_ON;
        if (result != SimulatedJournal.Result.WRITTEN && !goesOn) {
            world.note("# the write failed: " + result);
            if (turn.request() != null) {
                turn.request().answer.accept(new Reply.Unclear("ask again"));
            }
            die();
            world.restart(this);
            return;
        }
        writing = false;
        known++;
        state = turn.decision().after();
        then.run();
        work();
    }

    @Override
    public void acted(Turn<Letter> turn) {}

    @Override
    public void answer(Letter request, Reply reply) {
        world.checker.answers(this, request.command, reply);
        request.answer.accept(reply);
    }

    @Override
    public void await(Letter request, Status hoped) {
        waiters.add(new Waiter(request, hoped));
    }

    @Override
    public void raise(Alert alert) {}

    @Override
    public void passEnded(Turn<Letter> turn) {
        waiters.forEach(
            waiter -> answer(waiter.request, turn.decision().replyTo(waiter.hoped)));
        waiters.clear();
    }

    @Override
    public void call(BranchCall call, Turn<Letter> turn) {
        boolean called = world.tooth == Tooth.CALL_BEFORE_WRITE
            && !turn.decision().events().isEmpty();
        if (!called) {
            world.call(this, call);
        }
    }

    /** Nothing holds it back. */
    @Override
    public Duration again() {
        return null;
    }

    @Override
    public void lookAgain(Duration in) {
        int mine = ++timer;
        world.after(in.toMillis(), () -> {
            if (mine == timer) {
                resume();
            }
        });
    }

    @Override
    public void leaveMemory(Duration in) {
        int mine = ++timer;
        world.after(in.toMillis(), () -> {
            if (mine == timer && !writing && stash.isEmpty()) {
                dead = true;
            }
        });
    }

    @Override
    public void stay() {
        timer++;
    }

    @Override
    public void resume() {
        if (world.tooth != Tooth.TIMER_LOST) {
            tell(new Command.Resume(), null);
        }
    }

    private void note(Command command, Decision decision) {
        world.note("");
        world.note("# at " + world.now() + (isSuperseded ? ", superseded" : ""));
        world.note(Phrase.of(command));
        world.note("----");
        Transcript.lines(decision, command, world.now()).forEach(world::note);
    }

    void die() {
        dead = true;
    }

    /** Another has been started in its place. */
    void supersede() {
        isSuperseded = true;
    }

    boolean isUp() {
        return up && !dead;
    }

    boolean isDead() {
        return dead;
    }

    /** How many entries it knows of. */
    int known() {
        return known;
    }

    GlobalTransaction state() {
        return state;
    }
}
