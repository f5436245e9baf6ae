package simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import transaction.Command;
import transaction.Decision;
import transaction.Entry;
import transaction.GlobalTransaction;
import transaction.Live;
import transaction.Moment;
import transaction.Phrase;
import transaction.Reply;
import transaction.Status;
import transaction.Transcript;

/**
 * One incarnation of a transaction's host, in the order of the real one: decide, write, then answer
 * and call. What it knows beyond the journal dies with it.
 */
final class SimulatedHost {

    /** How long it stays in memory with nothing to do, in milliseconds. */
    private static final long IDLE = 2_000;

    private record Letter(Command command, Consumer<Reply> answer) {}

    private record Waiter(Status hoped, Command command, Consumer<Reply> answer) {}

    private final Simulator world;
    private final Deque<Letter> stash = new ArrayDeque<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private GlobalTransaction state = GlobalTransaction.ABSENT;
    private Live live = Live.NONE;
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
        if (!state.isAbsent() && !state.isFinal() && world.tooth != Tooth.TIMER_LOST) {
            stash.addFirst(new Letter(new Command.Resume(), answer -> { }));
        }
        if (world.tooth == Tooth.REPLAY_CALLS && !state.isAbsent()) {
            Bites.callsSettled(state).forEach(call -> world.call(this, call));
        }
        work();
    }

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
        Moment moment = new Moment(world.now(), Simulator.POLICY);
        Decision decision = Bites.decide(world.tooth, state, live, letter.command, moment);
        world.checker.decided(this, letter.command, decision, moment);
        if (world.isNoted()) {
            note(letter.command, decision);
        }
        if (world.tooth == Tooth.CALL_BEFORE_WRITE) {
            decision.calls().forEach(call -> world.call(this, call));
        }
        if (decision.events().isEmpty()) {
            act(decision, letter);
            return;
        }
        if (world.tooth == Tooth.ACK_BEFORE_WRITE && decision.reply() != null) {
            answer(letter.command, decision.reply(), letter.answer);
        }
        writing = true;
        Entry entry = Bites.entryOf(world.tooth, decision);
        world.journal.append(known, entry, letter.command,
            result -> written(result, decision, letter));
    }

    private void written(SimulatedJournal.Result result, Decision decision, Letter letter) {
        if (dead) {
            return;
        }
        boolean goesOn = result == SimulatedJournal.Result.TAKEN
            && world.tooth == Tooth.STALE_GOES_ON;
        if (result == SimulatedJournal.Result.TAKEN && world.tooth == Tooth.SKIPS_A_NUMBER) {
            known = world.journal.size();
            world.journal.append(known, Bites.entryOf(world.tooth, decision), letter.command,
                again -> written(again, decision, letter));
            return;
        }
        if (result != SimulatedJournal.Result.WRITTEN && !goesOn) {
            world.note("# the write failed: " + result);
            letter.answer.accept(new Reply.Unclear("ask again"));
            die();
            world.restart(this);
            return;
        }
        writing = false;
        known++;
        state = decision.after();
        act(decision, letter);
        work();
    }

    private void act(Decision decision, Letter letter) {
        live = decision.live();
        if (decision.reply() != null) {
            answer(letter.command, decision.reply(), letter.answer);
        } else {
            waiters.add(new Waiter(decision.awaits(), letter.command, letter.answer));
        }
        if (decision.endsPass()) {
            List<Waiter> all = List.copyOf(waiters);
            waiters.clear();
            all.forEach(waiter -> answer(
                waiter.command, decision.replyTo(waiter.hoped), waiter.answer));
        }
        if (world.tooth != Tooth.CALL_BEFORE_WRITE || decision.events().isEmpty()) {
            decision.calls().forEach(call -> world.call(this, call));
        }
        sleep(decision);
    }

    private void answer(Command command, Reply reply, Consumer<Reply> answer) {
        world.checker.answers(this, command, reply);
        answer.accept(reply);
    }

    /** Looks again when the transaction wants to be looked at, or leaves memory if that is far. */
    private void sleep(Decision decision) {
        int mine = ++timer;
        Instant look = decision.lookAgainAt();
        if (look == null) {
            if (live.isIdle()) {
                world.after(state.isAbsent() ? IDLE : 0, () -> leave(mine));
            }
            return;
        }
        long wait = Duration.between(world.now(), look).toMillis();
        if (wait <= 2 * IDLE || !live.isIdle() || !live.paused().isEmpty()) {
            world.after(Math.max(0, wait), () -> lookAgain(mine));
        } else {
            world.after(IDLE, () -> leave(mine));
        }
    }

    private void leave(int mine) {
        if (mine == timer && !writing && stash.isEmpty()) {
            dead = true;
        }
    }

    private void lookAgain(int mine) {
        if (mine == timer && !dead && world.tooth != Tooth.TIMER_LOST) {
            tell(new Command.Resume(), answer -> { });
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
