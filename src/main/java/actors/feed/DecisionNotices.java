package actors.feed;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.CallKey;
import transaction.Event;
import transaction.EventVisitor;
import transaction.GlobalTransaction;
import transaction.Notice;
import transaction.Status;

/**
 * Turns the facts of one decision into notices, each with the status of its moment. Who watches is
 * told nothing of a call that an operator has changed, or had made at once: the call itself tells.
 */
final class DecisionNotices implements EventVisitor<Void> {

    private final GlobalTransaction after;
    private final List<Notice> notices = new ArrayList<>(4);
    private Notice.Subject subject;

    DecisionNotices(GlobalTransaction after, Status before) {
        this.after = after;
        this.subject = subject(after, before);
    }

    static Notice.Subject subject(GlobalTransaction t, Status status) {
        return new Notice.Subject(t.gid(), t.mode(), status);
    }

    List<Notice> notices() {
        return notices;
    }

    void add(Event event) {
        event.accept(this);
    }

    @Override
    public Void opened(Event.Opened event) {
        subject = subject(after, event.status());
        return add(new Notice.Created(subject, event.at()));
    }

    @Override
    public Void submitted(Event.Submitted event) {
        return became(Status.SUBMITTED, "", event.at());
    }

    @Override
    public Void branchesJoined(Event.BranchesJoined event) {
        event.ops().stream().filter(BranchOp::isSettled)
            .forEach(op -> settled(op.key(), op.status(), op.reason(), event.at()));
        return null;
    }

    @Override
    public Void opSettled(Event.OpSettled event) {
        return settled(event.key(), event.status(), event.reason(), event.at());
    }

    @Override
    public Void retryScheduled(Event.RetryScheduled event) {
        return add(new Notice.RetryScheduled(subject, event.key(), event.backoff().notBefore(),
            event.isPutOff(), event.at()));
    }

    @Override
    public Void awaited(Event.Awaited event) {
        return add(new Notice.RetryScheduled(
            subject, event.key(), event.until(), false, event.at()));
    }

    @Override
    public Void hurried(Event.Hurried event) {
        return null;
    }

    @Override
    public Void parked(Event.Parked event) {
        return add(new Notice.Parked(subject, event.key(), event.reason(), event.at()));
    }

    @Override
    public Void unparked(Event.Unparked event) {
        return add(new Notice.Unparked(subject, event.by(), event.at()));
    }

    @Override
    public Void paused(Event.Paused event) {
        return add(new Notice.Paused(
            subject, event.until(), event.reason(), event.by(), event.at()));
    }

    @Override
    public Void unpaused(Event.Unpaused event) {
        return add(new Notice.Unpaused(subject, event.by(), event.at()));
    }

    @Override
    public Void skipped(Event.Skipped event) {
        return settled(event.key(), BranchStatus.SUCCEED, event.reason(), event.at());
    }

    @Override
    public Void resolved(Event.Resolved event) {
        return settled(event.key(), event.status(), event.reason(), event.at());
    }

    @Override
    public Void changed(Event.Changed event) {
        return null;
    }

    @Override
    public Void turnedBack(Event.TurnedBack event) {
        return became(Status.ABORTING, event.reason(), event.at());
    }

    @Override
    public Void ended(Event.Ended event) {
        return became(event.status(), after.reason(), event.at());
    }

    @Override
    public Void forceStopped(Event.ForceStopped event) {
        return became(event.status(), after.reason(), event.at());
    }

    @Override
    public Void removed(Event.Removed event) {
        return null;
    }

    @Override
    public Void quarantined(Event.Quarantined event) {
        return null;
    }

    private Void settled(CallKey key, BranchStatus verdict, String reason, Instant at) {
        return add(new Notice.BranchSettled(subject, key, verdict, reason, at));
    }

    private Void became(Status status, String reason, Instant at) {
        Status from = subject.status();
        subject = subject(after, status);
        return add(new Notice.StatusChanged(subject, from, reason, at));
    }

    private Void add(Notice notice) {
        notices.add(notice);
        return null;
    }
}
