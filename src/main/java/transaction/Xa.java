package transaction;

import java.time.Instant;
import java.util.List;

/**
 * X/Open XA: each branch registers itself from inside its local transaction; then all commit or all
 * roll back, in the order in which they registered (protocol section 4.4).
 *
 * <p>That a branch cannot join after the decision is what keeps a late participant from preparing
 * something nobody will ever finish.
 */
final class Xa implements Mode {

    Xa() {}

    @Override
    public String wire() {
        return "xa";
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
        String url = branch.url("url");
        // Unlike a confirm, a prepared XA branch cannot be left to itself.
        InvalidRequest.require(!url.isEmpty(), "no url specified");
        return List.of(
            BranchOp.pending(new CallKey(branch.branchId(), Op.ROLLBACK), url, Bytes.EMPTY, at),
            BranchOp.pending(new CallKey(branch.branchId(), Op.COMMIT), url, Bytes.EMPTY, at));
    }

    @Override
    public Step next(GlobalTransaction t, Moment moment) {
        return TwoPhase.next(t, t.first(Op.COMMIT, BranchStatus.PREPARED),
            t.first(Op.ROLLBACK, BranchStatus.PREPARED), moment);
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
}
