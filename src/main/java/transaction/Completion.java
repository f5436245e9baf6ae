package transaction;

import java.time.Instant;
import java.util.Optional;

/**
 * A participant that asked not to be called says how the operation went. Its token has been
 * checked: {@link CallTokens#openedAt} is the moment in it.
 *
 * @param succeeded whether it is done; if not, it is refused, as by an answer 409
 * @param reason why it is refused
 * @param openedAt when the transaction was opened of which the token speaks
 */
public record Completion(
        String gid, CallKey key, boolean succeeded, String reason, Instant openedAt)
        implements Command {

    public Completion {
        reason = Limits.cut(reason, Limits.REASON_CHARS);
    }

    @Override
    public boolean setsOff() {
        return true;
    }

    @Override
    public Ruling rule(GlobalTransaction t, Moment moment) {
        if (t.isAbsent()) {
            return Ruling.refuse(Command.missing(gid));
        }
        Optional<BranchOp> found = t.op(key);
        // An earlier transaction with that gid, which was removed since, had such a token.
        if (found.isEmpty() || !openedAt.equals(t.openedAt())) {
            return Ruling.refuse(new Reply.Forbidden("the token belongs to another call"));
        }
        BranchOp op = found.get();
        if (op == t.inquiry() && t.status() != Status.PREPARED) {
            return repeated(t, t.submittedAt() != null);
        }
        if (op.isSettled()) {
            return repeated(t, op.status() == BranchStatus.SUCCEED);
        }
        if (t.isFinal()) {
            return Ruling.refuse("current status '" + t.status().wire() + "', cannot complete.");
        }
        BranchAnswer answer = answer(t, moment).orElseThrow();
        // A refusal of what cannot be refused counts once: as the answer that is waited for.
        return answer.settles() || op.awaitedUntil() != null ? answer.ruling() : Ruling.accept();
    }

    @Override
    public Live remember(Live live, GlobalTransaction t, Moment moment) {
        return answer(t, moment).map(answer -> answer.remember(live.forNextPass(moment.now())))
            .orElse(live);
    }

    private Optional<BranchAnswer> answer(GlobalTransaction t, Moment moment) {
        return BranchAnswer.of(t, new Command.BranchReturned(key, succeeded ? Outcome.SUCCESS
            : Outcome.failure(t.op(key).map(this::refusal).orElse(""))), moment);
    }

    /** As that of a call, so that it is hidden wherever an answer is. */
    private String refusal(BranchOp op) {
        return "url:" + op.url() + " return failed: " + reason;
    }

    private Ruling repeated(GlobalTransaction t, boolean before) {
        return before == succeeded ? Ruling.accept() : Ruling.refuse("branch " + key.branchId()
            + " " + key.op().wire() + " of " + t.ownGid() + " was completed as "
            + (before ? "SUCCESS" : "FAILURE") + " before.");
    }
}
