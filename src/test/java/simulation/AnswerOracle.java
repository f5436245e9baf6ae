package simulation;

import static simulation.Invariant.C1;
import static simulation.Invariant.C15;
import static simulation.Invariant.C5;
import static simulation.Invariant.O3;
import static simulation.Invariant.W1;
import static simulation.Invariant.W2;
import static simulation.Invariant.W3;

import java.util.HashSet;
import java.util.Set;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.CallKey;
import transaction.Change;
import transaction.Command;
import transaction.GlobalTransaction;
import transaction.Intervention;
import transaction.Mode;
import transaction.Op;
import transaction.Reply;
import transaction.RollBack;
import transaction.Settle;
import transaction.Status;
import transaction.Stop;
import transaction.Submission;

/** Whether a client may be told that, by what is in the journal when it is told. */
final class AnswerOracle {

    private final Tally tally;
    private final Set<CallKey> recorded = new HashSet<>();
    private boolean submitAcknowledged;
    private String end;

    AnswerOracle(Tally tally) {
        this.tally = tally;
    }

    /** @param upToDate whether the host that answers knows all that is written */
    void answered(GlobalTransaction truth, Command command, Reply reply, boolean upToDate) {
        if (reply instanceof Reply.Done) {
            acknowledged(truth, command);
        } else if (reply instanceof Reply.Refused) {
            tally.holds(C5, isImpossible(truth, command), reply);
        } else if (reply instanceof Reply.Found found
                && command instanceof Command.PrepareWorkflow) {
            shown(truth, found.transaction(), upToDate);
        }
    }

    private void acknowledged(GlobalTransaction truth, Command command) {
        Status status = truth.status();
        if (command instanceof Command.Prepare) {
            tally.holds(C1, !truth.isAbsent(), command);
        } else if (command instanceof Command.Submit submit) {
            tally.holds(C1, truth.submittedAt() != null && !isOther(submit.submission(), truth),
                command);
            submitAcknowledged = true;
        } else if (command instanceof Command.Abort) {
            tally.holds(C1, status == Status.ABORTING || status == Status.FAILED, command);
        } else if (command instanceof Command.ForceStop) {
            tally.holds(C15, status == Status.FAILED, command);
        } else if (command instanceof Stop stop) {
            tally.holds(C15, status == stop.outcome(), command);
        } else if (command instanceof RollBack) {
            tally.holds(O3, status == Status.ABORTING || status == Status.FAILED
                || truth.mode() == Mode.WORKFLOW && truth.ops().stream()
                    .anyMatch(op -> op.status() == BranchStatus.FAILED), command);
        } else if (command instanceof Settle settle) {
            tally.holds(O3, truth.op(settle.key()).orElseThrow().status() == settle.verdict(),
                command);
        } else if (command instanceof Command.JoinBranch join) {
            String branch = join.registration().branchId();
            tally.holds(C1, truth.ops().stream()
                .anyMatch(op -> op.branchId().equals(branch)), command);
            if (truth.mode() == Mode.WORKFLOW) {
                Op op = Op.of(join.registration().field("op")).orElseThrow();
                BranchOp kept = truth.op(new CallKey(branch, op)).orElseThrow();
                tally.holds(W2, kept.payload().equals(join.registration().data())
                    && kept.status().wire().equals(join.registration().field("status")), command);
                recorded.add(kept.key());
            }
        } else if (command instanceof Command.FinishWorkflow finish) {
            tally.holds(W3, status == finish.status() && truth.result().equals(finish.result())
                && truth.reason().equals(finish.reason()), command);
        }
    }

    /** Whether what is on record rules it out for ever. */
    private static boolean isImpossible(GlobalTransaction truth, Command command) {
        Status status = truth.status();
        boolean decided = status != null && status != Status.PREPARED;
        if (command instanceof Command.Submit submit) {
            return isOther(submit.submission(), truth) || decided && status != Status.SUBMITTED;
        }
        if (command instanceof Command.Prepare prepare) {
            return decided || truth.mode() != prepare.submission().mode();
        }
        if (command instanceof Command.JoinBranch join) {
            // To an unknown gid the protocol says no too: a branch joins what was prepared.
            return truth.isAbsent() || decided || truth.mode() != join.registration().mode()
                || truth.ops().stream().anyMatch(
                    op -> op.branchId().equals(join.registration().branchId()));
        }
        if (command instanceof Command.Abort abort) {
            Mode mode = truth.mode();
            boolean never = mode == Mode.SAGA || mode == Mode.WORKFLOW
                || mode != Mode.MSG && abort.mode().filter(mode::equals).isEmpty();
            return never || decided && status != Status.ABORTING;
        }
        if (command instanceof Command.FinishWorkflow) {
            return truth.mode() != Mode.WORKFLOW || truth.isFinal();
        }
        if (command instanceof Command.PrepareWorkflow) {
            return truth.mode() != Mode.WORKFLOW;
        }
        if (command instanceof Command.ForceStop) {
            return truth.isFinal();
        }
        return command instanceof Intervention byHand && isImpossibleByHand(truth, byHand);
    }

    private static boolean isImpossibleByHand(GlobalTransaction truth, Intervention byHand) {
        if (byHand instanceof Stop stop) {
            return truth.isFinal() && truth.status() != stop.outcome()
                || truth.status() == Status.ABORTING && stop.outcome() == Status.SUCCEED;
        }
        if (byHand instanceof RollBack) {
            boolean isDecided = truth.status() != Status.PREPARED;
            return truth.mode() == Mode.MSG || truth.status() == Status.SUCCEED
                || isDecided && (truth.mode() == Mode.TCC || truth.mode() == Mode.XA);
        }
        if (byHand instanceof Settle settle) {
            BranchOp op = truth.op(settle.key()).orElseThrow();
            boolean isQuestion = op.op() == Op.RESUME || op.op() == Op.MSG && settle.isSkip();
            boolean mayFail =
                truth.mode() == Mode.SAGA && op.op() == Op.ACTION || op.op() == Op.MSG;
            return truth.isFinal() || isQuestion || op.isSettled()
                || settle.verdict() == BranchStatus.FAILED && !mayFail;
        }
        if (byHand instanceof Change change) {
            return truth.isFinal() || truth.op(change.key()).orElseThrow().isSettled();
        }
        return truth.isFinal();
    }

    private void shown(GlobalTransaction truth, GlobalTransaction shown, boolean upToDate) {
        if (upToDate) {
            tally.holds(W1, recorded.stream().allMatch(key -> shown.op(key).isPresent()), shown);
        }
        if (shown.isFinal()) {
            String told = shown.status() + " " + shown.result() + " " + shown.reason();
            end = end == null ? told : end;
            tally.holds(W3, end.equals(told) && truth.result().equals(shown.result()), told);
        }
    }

    /** Whether that is other work than what {@code t} is about. */
    static boolean isOther(Submission asked, GlobalTransaction t) {
        if (asked.mode() != t.mode()) {
            return true;
        }
        boolean differs = asked.steps().size() != t.submission().steps().size();
        for (int i = 0; i < asked.steps().size() && !differs; i++) {
            differs = !asked.steps().get(i).payload()
                .equals(t.submission().steps().get(i).payload());
        }
        return differs && !asked.steps().isEmpty();
    }

    boolean isSubmitAcknowledged() {
        return submitAcknowledged;
    }
}
