package transaction;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * An operator says how an operation went that is being called, or waits to be called again: as if
 * its participant had answered so. Only one whose turn it is, so that no order is broken; and not
 * while a call of its branch is on its way, so that the next one still waits for that.
 *
 * @param verdict SUCCEED; or FAILED, of what a participant could refuse
 * @param isSkip whether it is passed over: it counts as done, though nobody says that it is
 * @param by who; empty if that is not known
 */
public record Settle(String gid, CallKey key, BranchStatus verdict, boolean isSkip, String reason,
        String by) implements Command, Intervention {

    public Settle {
        reason = Limits.cut(reason, Limits.REASON_CHARS);
        by = Limits.cut(by, Limits.CALLER_CHARS);
    }

    @Override
    public void check(String gid) {
        TransactionId.check(gid);
        InvalidRequest.require(
            verdict == BranchStatus.SUCCEED || verdict == BranchStatus.FAILED && !isSkip,
            "an outcome is success or failure");
        InvalidRequest.require(!reason.isBlank(), "no reason specified");
    }

    @Override
    public boolean setsOff() {
        return true;
    }

    @Override
    public String quietBranch() {
        return key.branchId();
    }

    @Override
    public Ruling rule(GlobalTransaction t, Moment moment) {
        if (t.isAbsent()) {
            return Ruling.refuse(Command.missing(gid));
        }
        BranchOp op = t.op(key).orElse(null);
        if (op == null) {
            return Ruling.refuse(new Reply.Missing("no operation " + name() + " in " + t.ownGid()));
        }
        if (op.isSettled()) {
            return op.status() == verdict ? Ruling.accept() : Ruling.refuse(
                "branch " + name() + " has the status '" + op.status().wire() + "' already.");
        }
        if (t.isFinal()) {
            return Intervention.hasEnded(t, verb());
        }
        String bar = bar(t, op);
        if (!bar.isEmpty()) {
            return Ruling.refuse(bar);
        }
        boolean isItsTurn = t.mode().next(t, moment) instanceof Step.Call call
            && call.ops().stream().anyMatch(each -> each.is(key));
        // Its turn may come, so it is no refusal.
        return isItsTurn ? Ruling.accept(events(t, op, moment.now()))
            : Ruling.refuse(new Reply.Ongoing(
                "it is not the turn of branch " + name() + ": cannot " + verb() + " it."));
    }

    @Override
    public Live remember(Live live, GlobalTransaction t, Moment moment) {
        return live.forNextPass(moment.now()).settled(key);
    }

    /** Why it can never be; empty if it may. */
    private String bar(GlobalTransaction t, BranchOp op) {
        if (op.op() == Op.RESUME) {
            return "only its initiator says how a workflow goes on; roll it back, or stop it.";
        }
        if (op == t.inquiry() && isSkip) {
            return "the question whether a message was committed cannot be skipped; resolve it.";
        }
        boolean mayFail = t.mode() == Mode.SAGA && op.op() == Op.ACTION || op == t.inquiry();
        return verdict == BranchStatus.FAILED && !mayFail
            ? "branch " + name() + " cannot fail: what was decided is done, sooner or later." : "";
    }

    private Event[] events(GlobalTransaction t, BranchOp op, Instant now) {
        List<Event> events = new ArrayList<>();
        events.add(isSkip ? new Event.Skipped(key, reason, by, now)
            : new Event.Resolved(key, verdict, reason, by, now));
        if (op == t.inquiry()) {
            boolean yes = verdict == BranchStatus.SUCCEED;
            events.addAll(t.mode().answered(t, yes ? Verdict.SUCCEEDED : Verdict.FAILED,
                yes ? Outcome.SUCCESS : Outcome.failure(
                    Intervention.text("resolved by an operator", reason)), now));
        }
        // What it was parked for is no more.
        if (t.isParked() && key.equals(t.parked().key())) {
            events.add(new Event.Unparked(by, now));
        }
        return events.toArray(new Event[0]);
    }

    private String verb() {
        return isSkip ? "skip" : "resolve";
    }

    private String name() {
        return key.branchId() + " " + key.op().wire();
    }
}
