package transaction;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Try, confirm, cancel: the initiator registers each branch before it tries it; then all are
 * confirmed or all cancelled, from the last registered back to the first (protocol section 4.3).
 */
final class Tcc implements Mode {

    Tcc() {}

    @Override
    public String wire() {
        return "tcc";
    }

    @Override
    public void check(List<Submission.Step> steps, Details details, Protocol protocol) {
        TwoPhase.checkNoSteps(steps);
    }

    @Override
    public List<BranchOp> opsOf(Submission submission, Instant at) {
        return List.of();
    }

    @Override
    public List<BranchOp> opsOf(BranchRegistration branch, Instant at) {
        return List.of(
            BranchOp.pending(new CallKey(branch.branchId(), Op.CANCEL), branch.saidUrl("cancel"),
                branch.data(), at),
            BranchOp.pending(new CallKey(branch.branchId(), Op.CONFIRM), branch.saidUrl("confirm"),
                branch.data(), at));
    }

    @Override
    public Step next(GlobalTransaction t, Moment moment) {
        return TwoPhase.next(t, last(t, Op.CONFIRM), last(t, Op.CANCEL), moment);
    }

    @Override
    public boolean givesUp(GlobalTransaction t, Moment moment) {
        return TwoPhase.givesUp(t, moment);
    }

    @Override
    public Ruling abort(GlobalTransaction t, Command.Abort abort, Moment moment) {
        return TwoPhase.abort(t, abort, moment);
    }

    @Override
    public Ruling rollBack(GlobalTransaction t, RollBack asked, Moment moment) {
        return TwoPhase.rollBack(t, asked, moment);
    }

    private static Optional<BranchOp> last(GlobalTransaction t, Op op) {
        return t.ops(op).filter(each -> !each.isSettled()).reduce((one, later) -> later);
    }
}
