package simulation;

import static simulation.Invariant.C6;
import static simulation.Invariant.O1;
import static simulation.Invariant.O2;
import static simulation.Invariant.P4;

import java.util.Objects;
import java.util.Optional;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.CallKey;
import transaction.Change;
import transaction.Command;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Mode;
import transaction.Pause;
import transaction.RollBack;
import transaction.Settle;
import transaction.Unpause;

/** Whether what operators do by hand may stand in the journal. */
final class HandOracle {

    private final Tally tally;
    private final CallOracle calls;

    HandOracle(Tally tally) {
        this.tally = tally;
        this.calls = new CallOracle(tally);
    }

    void judge(GlobalTransaction t, Event event, Command cause) {
        if (event instanceof Event.Paused paused) {
            tally.holds(P4, cause instanceof Pause pause && !t.isFinal()
                && Objects.equals(pause.until(), paused.until()), cause);
        } else if (event instanceof Event.Unpaused over) {
            boolean isOver = t.paused().until() != null
                && !t.paused().until().isAfter(over.at());
            tally.holds(P4, t.isPaused() && (cause instanceof Unpause || isOver), cause);
        } else if (event instanceof Event.Skipped skipped) {
            settled(t, event, skipped.key(), cause instanceof Settle settle && settle.isSkip()
                && settle.key().equals(skipped.key()));
        } else if (event instanceof Event.Resolved resolved) {
            resolved(t, resolved, cause);
        } else if (event instanceof Event.Changed changed) {
            Optional<BranchOp> op = t.op(changed.key());
            tally.holds(O2, cause instanceof Change change && change.key().equals(changed.key())
                && op.isPresent() && !op.get().isSettled(), cause);
            tally.holds(C6, changed.url().isEmpty()
                || changed.url().endsWith(Operator.CHANGED_URL), changed);
        }
    }

    private void resolved(GlobalTransaction t, Event.Resolved resolved, Command cause) {
        if (cause instanceof RollBack) {
            tally.holds(O1, t.mode() == Mode.WORKFLOW
                && resolved.status() == BranchStatus.FAILED, resolved);
            return;
        }
        settled(t, resolved, resolved.key(), cause instanceof Settle settle && !settle.isSkip()
            && settle.key().equals(resolved.key()) && settle.verdict() == resolved.status());
    }

    private void settled(GlobalTransaction t, Event event, CallKey key, boolean wasWanted) {
        tally.holds(O1, wasWanted && !t.op(key).orElseThrow().isSettled(), event);
        calls.inTurn(t, t.op(key).orElseThrow(), event, event.at());
    }
}
