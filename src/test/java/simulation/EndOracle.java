package simulation;

import static simulation.Invariant.C12;
import static simulation.Invariant.L1;
import static simulation.Invariant.M5;
import static simulation.Invariant.S1;
import static simulation.Invariant.S10;
import static simulation.Invariant.S2;
import static simulation.Invariant.S3;
import static simulation.Invariant.S4;
import static simulation.Invariant.S5;
import static simulation.Invariant.S9;
import static simulation.Invariant.T1;
import static simulation.Invariant.T7;
import static simulation.Invariant.X1;
import static simulation.Invariant.X5;

import java.util.List;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.CallKey;
import transaction.GlobalTransaction;
import transaction.Mode;
import transaction.Op;
import transaction.Status;

/** What must be true when the world has healed and nothing moves any more. */
final class EndOracle {

    private final GlobalTransaction t;
    private final SimulatedParticipants participants;
    private final Evidence seen;
    private final Tally tally;

    /** What was seen on the way to the end. */
    interface Evidence {

        int attempts(CallKey key);

        int receipts(CallKey key);

        /** Whether an operator said how something of that branch went: then nobody knows. */
        boolean isByHand(String branch);

        boolean isSubmitAcknowledged();
    }

    EndOracle(GlobalTransaction t, SimulatedParticipants participants, Evidence seen,
            Tally tally) {
        this.t = t;
        this.participants = participants;
        this.seen = seen;
        this.tally = tally;
    }

    void judge() {
        if (t.isAbsent()) {
            tally.holds(C12, participants.received().isEmpty(), "called without a transaction");
            return;
        }
        // A saga that was prepared waits for its submit, for ever if need be.
        boolean rests = t.mode() == Mode.SAGA && t.status() == Status.PREPARED;
        tally.holds(L1, rests || t.isFinal(), t);
        if (t.submittedAt() == null) {
            tally.holds(C12, participants.received().stream()
                .noneMatch(call -> CallOracle.isForward(call.key().op())), t);
        }
        boolean forced = t.reason().startsWith("stopped by force");
        if (forced || !t.isFinal()) {
            return;
        }
        if (t.mode() == Mode.SAGA) {
            saga();
        } else if (t.mode() == Mode.TCC) {
            tcc();
        } else if (t.mode() == Mode.XA) {
            xa();
        } else if (t.mode() == Mode.MSG) {
            message();
        }
    }

    private void saga() {
        boolean well = t.status() == Status.SUCCEED;
        if (seen.isSubmitAcknowledged()) {
            tally.holds(S1, t.isFinal(), t);
        }
        if (!well) {
            tally.holds(S3, t.reason().startsWith("Timeout after ")
                || t.reason().startsWith("rolled back by an operator")
                || t.reason().startsWith("RetryCount is greater than RetryLimit")
                || t.ops().stream().anyMatch(op -> op.status() == BranchStatus.FAILED), t);
        }
        t.ops(Op.ACTION).forEach(action -> {
            CallKey undo = new CallKey(action.branchId(), Op.COMPENSATE);
            BranchOp compensation = t.op(undo).orElseThrow();
            if (well) {
                tally.holds(S2, action.status() == BranchStatus.SUCCEED
                    && seen.receipts(undo) == 0, t);
            } else {
                boolean undone = compensation.status() == BranchStatus.SUCCEED;
                if (seen.attempts(action.key()) > 0) {
                    tally.holds(S4, undone, action);
                }
                tally.holds(S5, seen.receipts(undo) == 0
                    || t.undo().contains(action.branchId()), action);
                if (seen.attempts(undo) > 1) {
                    tally.holds(S10, undone, compensation);
                }
            }
            if (!compensation.url().isEmpty() && !seen.isByHand(action.branchId())) {
                tally.holds(S9, participants.effects(action.branchId()) == (well ? 1 : 0),
                    action.branchId() + " has " + participants.effects(action.branchId()));
            }
        });
    }

    private void tcc() {
        boolean well = t.status() == Status.SUCCEED;
        for (BranchOp confirm : t.ops(Op.CONFIRM).toList()) {
            String branch = confirm.branchId();
            CallKey cancel = new CallKey(branch, Op.CANCEL);
            tally.holds(T1, seen.receipts(well ? cancel : confirm.key()) == 0, t);
            int tried = participants.noted(branch, Op.TRY) ? 1 : 0;
            tally.holds(T7, seen.isByHand(branch)
                || participants.effects(branch) == (well ? tried + 1 : 0),
                branch + " has " + participants.effects(branch));
        }
    }

    private void xa() {
        boolean well = t.status() == Status.SUCCEED;
        for (BranchOp commit : t.ops(Op.COMMIT).toList()) {
            String branch = commit.branchId();
            CallKey rollback = new CallKey(branch, Op.ROLLBACK);
            tally.holds(X1, seen.receipts(well ? rollback : commit.key()) == 0, t);
            // The late comer is nobody's branch: it may have given up before it was committed.
            if (!branch.equals("09") && !seen.isByHand(branch)) {
                tally.holds(X1, participants.effects(branch) == (well ? 1 : 0),
                    branch + " has " + participants.effects(branch));
            }
        }
        tally.holds(X5, participants.prepared().stream().allMatch(seen::isByHand),
            participants.prepared());
    }

    private void message() {
        boolean well = t.status() == Status.SUCCEED;
        List<BranchOp> deliveries = t.ops(Op.ACTION).toList();
        boolean foreign = t.reason().equals("meddling") || t.submission().steps().stream()
            .anyMatch(step -> step.payload().toUtf8().startsWith("other"));
        boolean committed =
            participants.local("00") == SimulatedParticipants.Local.COMMITTED;
        if (!foreign && !seen.isByHand("00")) {
            tally.holds(M5, committed == well, "committed " + committed + ": " + t);
        }
        for (BranchOp delivery : deliveries) {
            tally.holds(M5, seen.isByHand(delivery.branchId())
                || participants.effects(delivery.branchId()) == (well ? 1 : 0),
                delivery.branchId() + " has " + participants.effects(delivery.branchId()));
        }
    }
}
