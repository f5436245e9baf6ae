package transaction;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A two-phase message: prepared before the initiator's local transaction, submitted after it, and
 * then delivered until every branch has taken it. If the submit is lost the initiator is asked
 * whether its local transaction committed; it is never guessed (protocol section 4.5).
 */
final class TwoPhaseMessage implements Mode {

    private static final CallKey INQUIRY = new CallKey("00", Op.MSG);

    TwoPhaseMessage() {}

    @Override
    public String wire() {
        return "msg";
    }

    @Override
    public void check(List<Submission.Step> steps, Details details, Protocol protocol) {
        for (Submission.Step step : steps) {
            InvalidRequest.require(!step.saysHowToUndo(),
                "a message has no compensation, so compensate_options has no meaning");
            if (step.isTopic()) {
                InvalidRequest.require(!step.topic().isEmpty(), "empty topic");
                step.subscribers().forEach(url -> Urls.requireCallable(
                    "a subscriber of topic " + step.topic(), url, protocol));
            } else {
                Urls.requireCallable("action", step.action(), protocol);
            }
        }
    }

    @Override
    public void checkOpen(Submission submission) {
        int ops = 0;
        for (Submission.Step step : submission.steps()) {
            InvalidRequest.require(!step.isTopic() || !step.subscribers().isEmpty(),
                "topic not found: " + step.action());
            ops += step.isTopic() ? step.subscribers().size() : 1;
        }
        InvalidRequest.require(ops <= Limits.OPS,
            "more than " + Limits.OPS + " deliveries: " + ops);
    }

    @Override
    public List<BranchOp> opsOf(Submission submission, Instant at) {
        List<BranchOp> ops = new ArrayList<>();
        for (int i = 0; i < submission.steps().size(); i++) {
            Submission.Step step = submission.steps().get(i);
            List<String> urls = step.isTopic() ? step.subscribers() : List.of(step.action());
            String id = BranchOp.idOf(i);
            for (int j = 0; j < urls.size(); j++) {
                String branch = urls.size() == 1 ? id : id + "-" + BranchOp.idOf(j);
                ops.add(BranchOp.pending(
                    new CallKey(branch, Op.ACTION), urls.get(j), step.payload(),
                    step.actionOptions(), at));
            }
        }
        return List.copyOf(ops);
    }

    @Override
    public BranchOp inquiryOf(Submission submission, Instant at) {
        return submission.queryPrepared().isEmpty() ? null
            : BranchOp.pending(INQUIRY, submission.queryPrepared(), Bytes.EMPTY, at);
    }

    @Override
    public List<BranchOp> opsOf(BranchRegistration registration, Instant at) {
        throw new InvalidRequest("the branches of a message are its steps; none can be registered");
    }

    @Override
    public Step next(GlobalTransaction t, Moment moment) {
        return switch (t.status()) {
            case PREPARED -> prepared(t, moment);
            case SUBMITTED -> deliver(t, moment.now());
            case ABORTING, SUCCEED, FAILED -> new Step.Done();
        };
    }

    @Override
    public Verdict verdict(GlobalTransaction t, BranchOp op, Outcome outcome) {
        return op == t.inquiry() && outcome.kind() == Outcome.Kind.FAILURE
            ? Verdict.FAILED : Mode.super.verdict(t, op, outcome);
    }

    @Override
    public List<Event> answered(
            GlobalTransaction t, Verdict verdict, Outcome outcome, Instant now) {
        return List.of(verdict == Verdict.SUCCEEDED ? submitted(now)
            : new Event.Ended(Status.FAILED, outcome.reason(), "", now));
    }

    /** Nothing has been delivered yet, so there is nothing to undo. */
    @Override
    public Ruling abort(GlobalTransaction t, Command.Abort abort, Moment moment) {
        return t.status() == Status.PREPARED
            ? Ruling.accept(new Event.Ended(Status.FAILED, abort.reason(), "", moment.now()))
            : abort.refused(t);
    }

    @Override
    public Ruling rollBack(GlobalTransaction t, RollBack asked, Moment moment) {
        return Ruling.refuse("a message has nothing to undo: cannot roll back.");
    }

    @Override
    public Optional<List<Again.Part>> partsOf(GlobalTransaction ended) {
        List<Again.Part> parts = new ArrayList<>();
        boolean mayBeCalled = true;
        for (BranchOp op : ended.ops(Op.ACTION).toList()) {
            CallOptions options = ended.options().parksWhenExhausted()
                ? op.options() : op.options().withoutRetryLimit();
            parts.add(new Again.Part(op.branchId(),
                new Submission.Step(op.url(), "", op.payload(), List.of(), options,
                    CallOptions.NONE, op.payload()),
                op.status() == BranchStatus.SUCCEED ? Again.Standing.DONE
                    : mayBeCalled ? Again.Standing.UNKNOWN : Again.Standing.NOT_DONE));
            // One after the other: those behind the first that is open were never called.
            mayBeCalled &= op.isSettled() || ended.options().concurrent();
        }
        return Optional.of(parts);
    }

    private static Step prepared(GlobalTransaction t, Moment moment) {
        Instant deadline = t.preparedUntil(moment.policy());
        if (moment.now().isBefore(deadline)) {
            return new Step.Rest(deadline);
        }
        // Nobody to ask counts as a yes, as in DTM.
        return t.inquiry() == null ? new Step.Become(submitted(moment.now()))
            : Step.call(t.inquiry());
    }

    private static Step deliver(GlobalTransaction t, Instant now) {
        if (t.submission().details() instanceof Details.Delay delay) {
            Instant from = t.submittedAt().plus(Duration.ofSeconds(delay.seconds()));
            if (now.isBefore(from)) {
                return new Step.Rest(from);
            }
        }
        List<BranchOp> left = t.ops(Op.ACTION).filter(op -> !op.isSettled()).toList();
        if (left.isEmpty()) {
            return new Step.Become(new Event.Ended(Status.SUCCEED, "", "", now));
        }
        return Step.call(t.options().concurrent() ? left : left.subList(0, 1));
    }

    private static Event submitted(Instant now) {
        return new Event.Submitted(Options.NONE, "", Details.PLAIN, now);
    }
}
