package transaction;

import java.time.Duration;

/**
 * The order in which the host of one transaction carries out its decisions: write; once that is
 * durable, remember, answer and call; then wait or leave memory. Each step itself is an
 * {@link Effects effect}, so the coordinator and the simulation of it go through the same order.
 *
 * <p>Lives as long as the host keeps the transaction in memory. For one thread at a time.
 *
 * @param <R> a request that waits for an answer
 * @param <E> what the driver returns for a turn
 */
public final class TransactionHost<R, E> {

    /**
     * One decision, and what it is about.
     *
     * @param before the transaction when it was decided
     * @param request who is to be answered; null if nobody is
     * @param attempt the call that came back; null if none did, or nobody asks
     * @param goes whether what follows may be done now
     */
    public record Turn<R>(
            GlobalTransaction before,
            Command command,
            R request,
            Attempt attempt,
            Moment moment,
            boolean goes,
            Decision decision) {}

    /** What a host does to the world. None may be done before the one that comes before it here. */
    public interface Effects<R, E> {

        /** Nothing is to be written: runs {@code then}. */
        E nothing(Runnable then);

        /** Writes {@code entry}, and runs {@code then} once it is durable; never otherwise. */
        E write(Entry entry, Turn<R> turn, Runnable then);

        /** What was decided is durable, and nobody has been told of it. */
        void acted(Turn<R> turn);

        void answer(R request, Reply reply);

        /** @param hoped what {@code request} waits for until the pass ends */
        void await(R request, Status hoped);

        void raise(Alert alert);

        /** Whoever waits is to be answered. */
        void passEnded(Turn<R> turn);

        void call(BranchCall call, Turn<R> turn);

        /** When to look again after a turn that does not go; null if not by itself. */
        Duration again();

        /** Sets the one timer, to decide anew. */
        void lookAgain(Duration in);

        /** Sets the one timer, to leave memory. */
        void leaveMemory(Duration in);

        /** Stops the timer: a call that is running, or a message, brings what comes next. */
        void stay();

        /** Decides anew, after what has come in already. */
        void resume();
    }

    private final Effects<R, E> effects;
    private final Duration idle;
    private Live live = Live.NONE;

    /** @param idle how long to stay in memory with nothing to do */
    public TransactionHost(Duration idle, Effects<R, E> effects) {
        this.effects = effects;
        this.idle = idle;
    }

    /** What is known beyond the facts, for the next decision. */
    public Live live() {
        return live;
    }

    /** The facts have been read, for the first time or anew; beyond them nothing is known. */
    public void recovered(GlobalTransaction t) {
        live = Live.NONE;
        if (!t.isQuarantined() && !t.isAbsent() && !t.isFinal()) {
            effects.resume();
        } else {
            effects.leaveMemory(idle);
        }
    }

    /** Writes first; nothing reaches the outside before that is durable. */
    public E carryOut(Turn<R> turn) {
        Decision decision = turn.decision;
        if (decision.events().isEmpty()) {
            return effects.nothing(() -> act(turn));
        }
        Entry entry = new Entry(decision.events(),
            Decider.summaryOf(decision, turn.moment.policy()), turn.attempt);
        return effects.write(entry, turn, () -> act(turn));
    }

    private void act(Turn<R> turn) {
        Decision decision = turn.decision;
        live = decision.live();
        effects.acted(turn);
        if (turn.request != null) {
            if (decision.reply() != null) {
                effects.answer(turn.request, decision.reply());
            } else {
                effects.await(turn.request, decision.awaits());
            }
        }
        decision.alerts().forEach(effects::raise);
        if (decision.endsPass()) {
            effects.passEnded(turn);
        }
        decision.calls().forEach(call -> effects.call(call, turn));
        if (turn.goes) {
            sleep(turn);
        } else {
            hold();
        }
    }

    /** Looks again soon, or leaves memory if that is far away. */
    private void sleep(Turn<R> turn) {
        Decision decision = turn.decision;
        if (decision.lookAgainAt() != null) {
            Duration wait = Duration.between(turn.moment.now(), decision.lookAgainAt());
            boolean near = wait.compareTo(idle.multipliedBy(2)) <= 0;
            if (near || isBusy()) {
                effects.lookAgain(wait.isNegative() ? Duration.ZERO : wait);
            } else {
                effects.leaveMemory(idle);
            }
        } else if (live.isIdle()) {
            effects.leaveMemory(decision.after().isAbsent() ? idle : Duration.ZERO);
        } else {
            effects.stay();
        }
    }

    /** After a command that was only noted: looks again when its pace says so. */
    private void hold() {
        Duration wait = effects.again();
        if (wait != null) {
            effects.lookAgain(wait);
        } else if (isBusy()) {
            effects.stay();
        } else {
            effects.leaveMemory(idle);
        }
    }

    /** Whether it knows of something that it would lose with its memory. */
    private boolean isBusy() {
        return !live.isIdle() || !live.paused().isEmpty();
    }
}
