package simulation;

import static simulation.Invariant.C15;
import static simulation.Invariant.C2;
import static simulation.Invariant.C3;
import static simulation.Invariant.C7;
import static simulation.Invariant.C9;
import static simulation.Invariant.H4;
import static simulation.Invariant.L5;
import static simulation.Invariant.M2;
import static simulation.Invariant.P2;
import static simulation.Invariant.S11;
import static simulation.Invariant.S2;
import static simulation.Invariant.S4;
import static simulation.Invariant.T2;
import static simulation.Invariant.T3;
import static simulation.Invariant.T6;
import static simulation.Invariant.W2;
import static simulation.Invariant.W6;
import static simulation.Invariant.X2;
import static simulation.Invariant.X3;
import static simulation.Invariant.X4;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.Command;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Mode;
import transaction.Op;
import transaction.Outcome;
import transaction.Park;
import transaction.RollBack;
import transaction.Settle;
import transaction.Status;
import transaction.Stop;
import transaction.Unpark;

/** Whether an entry may stand in the journal after those before it, given what caused it. */
final class WriteOracle {

    private static final Set<String> ARROWS = Set.of(
        "saga null PREPARED", "saga null SUBMITTED", "saga PREPARED SUBMITTED",
        "saga PREPARED ABORTING",
        "saga SUBMITTED ABORTING", "saga SUBMITTED SUCCEED", "saga ABORTING FAILED",
        "tcc null PREPARED", "tcc null SUBMITTED", "tcc PREPARED SUBMITTED",
        "tcc PREPARED ABORTING", "tcc SUBMITTED SUCCEED", "tcc ABORTING FAILED",
        "xa null PREPARED", "xa null SUBMITTED", "xa PREPARED SUBMITTED",
        "xa PREPARED ABORTING", "xa SUBMITTED SUCCEED", "xa ABORTING FAILED",
        "msg null PREPARED", "msg null SUBMITTED", "msg PREPARED SUBMITTED",
        "msg PREPARED FAILED", "msg SUBMITTED SUCCEED",
        "workflow null PREPARED", "workflow PREPARED SUCCEED", "workflow PREPARED FAILED");

    private final Tally tally;
    private final HandOracle byHand;

    WriteOracle(Tally tally) {
        this.tally = tally;
        this.byHand = new HandOracle(tally);
    }

    GlobalTransaction written(GlobalTransaction before, Entry entry, Command cause) {
        GlobalTransaction t = before;
        for (Event event : entry.events()) {
            tally.holds(C2, !t.isFinal(), event);
            judge(t, event, cause);
            byHand.judge(t, event, cause);
            GlobalTransaction next = event.applyTo(t);
            if (next.status() != t.status()) {
                boolean forced = event instanceof Event.ForceStopped;
                tally.holds(C3, forced || ARROWS.contains(
                    next.mode().wire() + " " + t.status() + " " + next.status()), event);
            }
            t = next;
        }
        boolean rests = t.isFinal() || t.isParked()
            || t.isPaused() && t.paused().until() == null;
        tally.holds(C9, rests == (entry.summary().dueAt() == null), entry.summary());
        return t;
    }

    private void judge(GlobalTransaction t, Event event, Command cause) {
        if (event instanceof Event.OpSettled settled) {
            settled(t, settled, cause);
        } else if (event instanceof Event.RetryScheduled retry) {
            scheduled(t, retry, cause);
        } else if (event instanceof Event.TurnedBack back) {
            turnedBack(t, back, cause);
        } else if (event instanceof Event.Submitted) {
            submitted(t, cause);
        } else if (event instanceof Event.Ended ended) {
            ended(t, ended, cause);
        } else if (event instanceof Event.BranchesJoined joined) {
            joined(t, joined, cause);
        } else if (event instanceof Event.ForceStopped stopped) {
            tally.holds(C15, cause instanceof Command.ForceStop
                && stopped.status() == Status.FAILED
                || cause instanceof Stop stop && stop.outcome() == stopped.status()
                    && !(t.status() == Status.ABORTING && stop.outcome() == Status.SUCCEED), cause);
        } else if (event instanceof Event.Parked parked) {
            parked(t, parked, cause);
        } else if (event instanceof Event.Unparked) {
            tally.holds(P2, t.isParked() && (cause instanceof Unpark || cause instanceof RollBack
                || cause instanceof Settle settle
                    && settle.key().equals(t.parked().key())), cause);
        }
    }

    private void parked(GlobalTransaction t, Event.Parked parked, Command cause) {
        if (cause instanceof Park) {
            tally.holds(P2, parked.key() == null && !t.isParked(), parked);
            return;
        }
        BranchOp op = t.op(parked.key()).orElseThrow();
        boolean isForbidden = cause instanceof Command.BranchReturned returned
            && returned.outcome().kind() == Outcome.Kind.FORBIDDEN
            && returned.key().equals(parked.key());
        boolean isExhausted = t.options().parksWhenExhausted()
            && op.backoff().attempts() == t.options().retryLimit() + 1;
        tally.holds(
            P2, (isForbidden || isExhausted) && !t.isParked() && !op.isSettled(), parked);
    }

    private void settled(GlobalTransaction t, Event.OpSettled settled, Command cause) {
        BranchOp op = t.op(settled.key()).orElseThrow();
        tally.holds(H4, !op.isSettled(), settled);
        if (op.url().isEmpty()) {
            return;
        }
        Outcome.Kind kind = cause instanceof Command.BranchReturned returned
            && returned.key().equals(settled.key()) ? returned.outcome().kind() : null;
        boolean refusal = settled.status() == BranchStatus.FAILED;
        tally.holds(C7, refusal
            ? kind == Outcome.Kind.FAILURE && t.mode() == Mode.SAGA && op.op() == Op.ACTION
            : kind == Outcome.Kind.SUCCESS, cause);
    }

    private void scheduled(GlobalTransaction t, Event.RetryScheduled retry, Command cause) {
        BranchOp op = t.op(retry.key()).orElseThrow();
        Duration base = t.retryInterval(Simulator.POLICY);
        Duration cap = base.compareTo(Simulator.POLICY.retryIntervalMax()) > 0 ? base
            : Simulator.POLICY.retryIntervalMax();
        Duration wait = Duration.between(retry.at(), retry.backoff().notBefore());
        tally.holds(L5, wait.compareTo(cap) <= 0, retry);
        int limit = t.options().retryLimit();
        boolean counted = limit > 0 && !t.options().parksWhenExhausted()
            && op.op() == Op.ACTION && t.mode() == Mode.SAGA;
        Outcome.Kind kind = ((Command.BranchReturned) cause).outcome().kind();
        tally.holds(P2, kind != Outcome.Kind.FORBIDDEN, retry);
        if (kind == Outcome.Kind.PUT_OFF) {
            tally.holds(S11, retry.backoff().attempts() == op.backoff().attempts(), retry);
        } else if (counted) {
            tally.holds(S11, t.actionsRetried() <= limit
                && retry.backoff().attempts() == op.backoff().attempts() + 1, retry);
        } else if (kind == Outcome.Kind.UNKNOWN || kind == Outcome.Kind.FAILURE) {
            Duration before = op.backoff().interval().isZero() ? base : op.backoff().interval();
            Duration twice = before.multipliedBy(2);
            tally.holds(L5, wait.compareTo(twice.compareTo(cap) < 0 ? twice : cap) >= 0, retry);
        }
    }

    private void turnedBack(GlobalTransaction t, Event.TurnedBack back, Command cause) {
        if (t.mode() == Mode.SAGA) {
            int timeout = t.options().timeoutToFailSeconds();
            boolean late = timeout > 0
                && !back.at().isBefore(t.openedAt().plusSeconds(timeout));
            int limit = t.options().retryLimit();
            boolean failed = t.ops().stream()
                .anyMatch(op -> op.status() == BranchStatus.FAILED);
            boolean wanted = cause instanceof RollBack;
            tally.holds(S11, t.status() == Status.SUBMITTED
                && (wanted || failed || late || limit > 0 && t.actionsRetried() > limit)
                || wanted && t.status() == Status.PREPARED && back.enabled().isEmpty(), back);
            return;
        }
        int asked = t.options().timeoutToFailSeconds();
        long timeout = asked > 0 ? asked : Simulator.POLICY.timeoutToFail().toSeconds();
        boolean late = !back.at().isBefore(t.openedAt().plusSeconds(timeout));
        tally.holds(t.mode() == Mode.TCC ? T2 : X2, cause instanceof Command.Abort
            || cause instanceof RollBack && t.status() == Status.PREPARED || late, back);
        if (late) {
            tally.holds(T6, t.status() == Status.PREPARED, back);
        }
    }

    private void submitted(GlobalTransaction t, Command cause) {
        if (cause instanceof Command.Submit) {
            return;
        }
        boolean yes = cause instanceof Command.BranchReturned returned
            && returned.key().op() == Op.MSG
            && returned.outcome().kind() == Outcome.Kind.SUCCESS
            || isAnsweredByHand(cause, BranchStatus.SUCCEED);
        tally.holds(M2, t.mode() == Mode.MSG && yes, cause);
    }

    private void ended(GlobalTransaction t, Event.Ended ended, Command cause) {
        Mode mode = t.mode();
        boolean well = ended.status() == Status.SUCCEED;
        if (mode == Mode.WORKFLOW) {
            tally.holds(W6, cause instanceof Command.FinishWorkflow finish
                && finish.status() == ended.status(), cause);
        } else if (mode == Mode.MSG && !well) {
            boolean no = cause instanceof Command.BranchReturned returned
                && returned.key().op() == Op.MSG
                && returned.outcome().kind() == Outcome.Kind.FAILURE;
            tally.holds(M2, no || isAnsweredByHand(cause, BranchStatus.FAILED)
                || cause instanceof Command.Abort, cause);
        } else if (well) {
            Op way = mode == Mode.TCC ? Op.CONFIRM : mode == Mode.XA ? Op.COMMIT : Op.ACTION;
            tally.holds(mode == Mode.XA ? X4 : mode == Mode.TCC ? T3 : S2,
                t.all(way, BranchStatus.SUCCEED), t.ops());
        } else if (mode == Mode.SAGA) {
            tally.holds(S4, t.ops().stream()
                .filter(op -> op.op() == Op.COMPENSATE && t.undo().contains(op.branchId()))
                .allMatch(op -> op.status() == BranchStatus.SUCCEED), t.ops());
        } else {
            tally.holds(mode == Mode.XA ? X4 : T3,
                t.all(mode == Mode.XA ? Op.ROLLBACK : Op.CANCEL, BranchStatus.SUCCEED), t.ops());
        }
    }

    private static boolean isAnsweredByHand(Command cause, BranchStatus verdict) {
        return cause instanceof Settle settle && settle.key().op() == Op.MSG
            && settle.verdict() == verdict && !settle.isSkip();
    }

    private void joined(GlobalTransaction t, Event.BranchesJoined joined, Command cause) {
        boolean timely = t.status() == Status.PREPARED && (cause instanceof Command.JoinBranch
            || cause instanceof RollBack && t.mode() == Mode.WORKFLOW);
        tally.holds(t.mode() == Mode.XA ? X3 : T3, timely, joined);
        List<BranchOp> known = t.ops();
        tally.holds(W2, joined.ops().stream().noneMatch(
            op -> known.stream().anyMatch(each -> each.key().equals(op.key()))), joined);
    }
}
