package transaction;

import java.time.Instant;
import java.util.List;

/**
 * A workflow: the initiator drives, the coordinator keeps what it has done and calls it back when
 * it falls silent. Only the initiator ends it (protocol section 4.6).
 */
final class Workflow implements Mode {

    private static final CallKey CALLBACK = new CallKey("00", Op.RESUME);

    Workflow() {}

    @Override
    public String wire() {
        return "workflow";
    }

    @Override
    public void check(List<Submission.Step> steps, Details details, Protocol protocol) {
        TwoPhase.checkNoSteps(steps);
    }

    @Override
    public void checkSubmit(Submission submission) {
        throw new InvalidRequest("a workflow is prepared first and finished by its initiator");
    }

    @Override
    public List<BranchOp> opsOf(Submission submission, Instant at) {
        return List.of();
    }

    @Override
    public BranchOp inquiryOf(Submission submission, Instant at) {
        Bytes data = submission.details() instanceof Details.Named named ? named.data()
            : Bytes.EMPTY;
        return submission.queryPrepared().isEmpty() ? null
            : BranchOp.pending(CALLBACK, submission.queryPrepared(), data, at);
    }

    /** One step's outcome, exactly as the initiator tells it. */
    @Override
    public List<BranchOp> opsOf(BranchRegistration branch, Instant at) {
        Op op = Op.of(branch.field("op"))
            .filter(each -> each != Op.RESUME)
            .orElseThrow(() -> new InvalidRequest("unknown op: " + branch.field("op")));
        BranchStatus status = BranchStatus.of(branch.field("status"))
            .filter(each -> each != BranchStatus.PREPARED)
            .orElseThrow(() -> new InvalidRequest(
                "status of a step must be succeed or failed: " + branch.field("status")));
        return List.of(BranchOp
            .pending(new CallKey(branch.branchId(), op), "", branch.data(), at)
            .settled(status, "", at));
    }

    /** It is left alone as long as its last word is younger than one interval. */
    @Override
    public Step next(GlobalTransaction t, Moment moment) {
        Instant silentFrom = t.progressAt().plus(t.retryInterval(moment.policy()));
        if (t.inquiry() == null) {
            return new Step.Rest(Instant.MAX);
        }
        return moment.now().isBefore(silentFrom) ? new Step.Rest(silentFrom)
            : Step.call(t.inquiry());
    }

    /** Nothing the callback answers ends the workflow; a yes only says that it is alive. */
    @Override
    public Verdict verdict(GlobalTransaction t, BranchOp op, Outcome outcome) {
        return outcome.kind() == Outcome.Kind.SUCCESS ? Verdict.AGAIN_AFRESH
            : Mode.super.verdict(t, op, outcome);
    }

    @Override
    public Ruling abort(GlobalTransaction t, Command.Abort abort, Moment moment) {
        return abort.refused(t);
    }

    /**
     * Its initiator alone can undo what was done. It finds its next step refused, as if that had
     * been tried, and rolls back as it does then.
     */
    @Override
    public Ruling rollBack(GlobalTransaction t, RollBack asked, Moment moment) {
        List<BranchOp> actions = t.ops(Op.ACTION).toList();
        if (actions.stream().anyMatch(op -> op.status() == BranchStatus.FAILED)) {
            return Ruling.accept();
        }
        if (t.ops().size() > actions.size()) {
            return Ruling.refuse(
                "its initiator has decided already how it ends: cannot roll back.");
        }
        for (int i = 0; i < actions.size(); i++) {
            if (!actions.get(i).branchId().equals(BranchOp.idOf(i))) {
                return Ruling.refuse("its steps are not numbered from 01 on, so its initiator"
                    + " could not be told: cannot roll back; stop it.");
            }
        }
        CallKey next = new CallKey(BranchOp.idOf(actions.size()), Op.ACTION);
        Instant now = moment.now();
        Event step = new Event.BranchesJoined(
            List.of(BranchOp.pending(next, "", refusal(asked.text()), now)), now);
        Event refused = new Event.Resolved(
            next, BranchStatus.FAILED, asked.reason(), asked.by(), now);
        return Ruling.accept(step, refused, new Event.Hurried(asked.by(), now));
    }

    /** In the form of pactor-client; the clients of DTM show it as it is. */
    private static Bytes refusal(String reason) {
        StringBuilder json = new StringBuilder("{\"step\":\"\",\"reason\":\"");
        reason.chars().forEach(each -> {
            if (each == '"' || each == '\\' || each < ' ') {
                json.append(String.format("\\u%04x", each));
            } else {
                json.append((char) each);
            }
        });
        return Bytes.utf8(json.append("\"}").toString());
    }

    @Override
    public String wireOp(GlobalTransaction t, BranchOp op) {
        return t.submission().details() instanceof Details.Named named ? named.name()
            : op.op().wire();
    }
}
