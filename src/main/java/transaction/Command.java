package transaction;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request to one global transaction. Read from top to bottom, this file is the rule book. */
public sealed interface Command permits Command.Prepare, Command.Submit, Command.Abort,
        Command.JoinBranch, Command.PrepareWorkflow, Command.FinishWorkflow, Command.ForceStop,
        Command.RetryNow, Command.Look, Command.Resume, Command.BranchReturned, Unpark, Completion,
        Pause, Unpause, Park, Settle, RollBack, Stop, Change {

    /**
     * The facts this brings about in {@code t}, or why it is refused.
     *
     * @throws InvalidRequest if it could not be carried out in any state
     */
    Ruling rule(GlobalTransaction t, Moment moment);

    /** What is to be carried out, if it brings that along; else null. */
    default Submission submission() {
        return null;
    }

    /**
     * Asked once, when it comes in and before anything is done about it. What is on record, or
     * comes from another node, was asked there.
     *
     * @throws InvalidRequest if no transaction can have that gid, or this could not be carried out
     *     in any state
     */
    default void check(String gid) {
        TransactionId.check(gid);
        if (submission() != null) {
            submission().checked();
        }
    }

    /** The branch of which no call may be on its way when it is carried out; null if any may. */
    default String quietBranch() {
        return null;
    }

    /** Whether what it brings about is a pass, though nobody may have to be called for it. */
    default boolean setsOff() {
        return false;
    }

    /** What the host knows once this has been heard. */
    default Live remember(Live live, GlobalTransaction t, Moment moment) {
        return live.forNextPass(moment.now());
    }

    /** Write a transaction down. Its first definition wins; saying it again changes nothing. */
    record Prepare(Submission submission) implements Command {
        @Override
        public Ruling rule(GlobalTransaction t, Moment moment) {
            if (t.isAbsent()) {
                submission.mode().checkOpen(submission);
                return Ruling.accept(
                    new Event.Opened(submission, Status.PREPARED, moment.now()));
            }
            if (t.mode() != submission.mode()) {
                return Ruling.refuse(otherMode(t, submission.mode()));
            }
            return t.status() == Status.PREPARED ? Ruling.accept()
                : Ruling.refuse("current status '" + t.status().wire() + "', cannot prepare.");
        }
    }

    /**
     * Go forward. Said again in the same words it makes the transaction look at once.
     *
     * @param isRepeat whether the coordinator itself says it again, since it may have been lost
     *     with a node: if it was not, what it brought about is the answer
     */
    record Submit(Submission submission, boolean isRepeat) implements Command {

        public Submit(Submission submission) {
            this(submission, false);
        }

        @Override
        public boolean setsOff() {
            return true;
        }

        @Override
        public Ruling rule(GlobalTransaction t, Moment moment) {
            boolean waits = submission.options().waitResult();
            if (t.isAbsent()) {
                submission.mode().checkOpen(submission);
                submission.mode().checkSubmit(submission);
                return Ruling.accept(new Event.Opened(submission, Status.SUBMITTED, moment.now()))
                    .awaiting(waits, Status.SUCCEED);
            }
            if (t.mode() != submission.mode()) {
                return Ruling.refuse(otherMode(t, submission.mode()));
            }
            return switch (t.status()) {
                case PREPARED -> first(t, moment);
                case SUBMITTED -> again(t, moment);
                case ABORTING, SUCCEED, FAILED -> late(t);
            };
        }

        private Ruling late(GlobalTransaction t) {
            boolean wasSubmitted =
                t.submittedAt() != null && submission.sameWorkAs(t.submission());
            return isRepeat && wasSubmitted
                ? Ruling.accept().awaiting(submission.options().waitResult(), Status.SUCCEED)
                : Ruling.refuse(
                    "current status '" + t.status().wire() + "', cannot sumbmit."); // DTM's words.
        }

        @Override
        public Live remember(Live live, GlobalTransaction t, Moment moment) {
            return live.forNextPass(moment.now()).hurried();
        }

        private Ruling first(GlobalTransaction t, Moment moment) {
            if (!submission.steps().isEmpty() && !submission.sameStepsAs(t.submission())) {
                return Ruling.refuse(otherWork(t));
            }
            Submission refined = t.submission().refinedBy(submission.options(),
                submission.customData(), submission.details(), attributes());
            refined.mode().checkSubmit(refined);
            return Ruling.accept(news(t.submission(), moment))
                .awaiting(refined.options().waitResult(), Status.SUCCEED);
        }

        /** Of what the submit says, what is not on record in the same words. */
        private Event news(Submission stored, Moment moment) {
            boolean isNews = !submission.customData().equals(stored.customData())
                || !submission.details().equals(stored.details());
            return new Event.Submitted(
                submission.options().equals(stored.options()) ? Options.NONE
                    : submission.options(),
                isNews ? submission.customData() : "",
                isNews ? submission.details() : Details.PLAIN,
                attributes().equals(stored.context().attributes()) ? Map.of() : attributes(),
                moment.now());
        }

        private Map<String, String> attributes() {
            return submission.context().attributes();
        }

        private Ruling again(GlobalTransaction t, Moment moment) {
            if (!submission.sameWorkAs(t.submission())) {
                return Ruling.refuse(otherWork(t));
            }
            return Ruling.hurry(t, "", moment)
                .awaiting(submission.options().waitResult(), Status.SUCCEED);
        }

        private static String otherWork(GlobalTransaction t) {
            return "gid " + t.ownGid() + " was used with other content before.";
        }
    }

    /** Go backward, where the mode allows it. */
    record Abort(String gid, Optional<Mode> mode, String reason) implements Command {
        public Abort {
            reason = Limits.cut(reason, Limits.REASON_CHARS);
        }

        @Override
        public boolean setsOff() {
            return true;
        }

        @Override
        public Ruling rule(GlobalTransaction t, Moment moment) {
            return t.isAbsent() ? Ruling.refuse(missing(gid)) : t.mode().abort(t, this, moment);
        }

        @Override
        public Live remember(Live live, GlobalTransaction t, Moment moment) {
            return live.forNextPass(moment.now()).hurried();
        }

        /** What every mode answers when it cannot abort. */
        Ruling refused(GlobalTransaction t) {
            return Ruling.refuse("trans type: '" + mode.map(Mode::wire).orElse("")
                + "' current status '" + t.status().wire() + "', cannot abort.");
        }
    }

    /** A branch joins; refused once the decision has been made, which keeps late comers out. */
    record JoinBranch(BranchRegistration registration) implements Command {
        @Override
        public void check(String gid) {
            registration.check();
        }

        @Override
        public Ruling rule(GlobalTransaction t, Moment moment) {
            // While it is held its time-out does not take effect, so a no might not stay one.
            if (t.isAbsent() || t.status() != Status.PREPARED
                    || t.mode().givesUp(t, moment) && !t.isHeld()) {
                return Ruling.refuse(
                    "no trans with gid: " + TransactionId.gidOf(registration.gid())
                        + " status: prepared found");
            }
            if (t.mode() != registration.mode()) {
                return Ruling.refuse(otherMode(t, registration.mode()));
            }
            List<BranchOp> joining = t.mode().opsOf(registration, moment.now());
            joining.forEach(op -> Urls.requireCallable(op, t.submission()));
            if (joining.stream().anyMatch(op -> t.op(op.key()).isPresent())) {
                boolean same = joining.stream()
                    .allMatch(op -> t.op(op.key()).filter(op::sameAs).isPresent());
                return same ? Ruling.accept() : Ruling.refuse("branch "
                    + registration.branchId() + " was registered with other content before.");
            }
            registration.requireRoom(t, joining.size());
            return Ruling.accept(new Event.BranchesJoined(joining, moment.now()));
        }
    }

    /** Create a workflow, or see how far it is, whatever its status. */
    record PrepareWorkflow(Submission submission) implements Command {
        @Override
        public Ruling rule(GlobalTransaction t, Moment moment) {
            if (t.isAbsent()) {
                return Ruling.show(new Event.Opened(submission, Status.PREPARED, moment.now()));
            }
            return t.mode() == submission.mode() ? Ruling.show()
                : Ruling.refuse(otherMode(t, submission.mode()));
        }
    }

    /** The initiator of a workflow says how it ended; the first word stands. */
    record FinishWorkflow(String gid, Status status, String reason, String result)
            implements Command {
        public FinishWorkflow {
            reason = Limits.cut(reason, Limits.REASON_CHARS);
        }

        @Override
        public void check(String gid) {
            TransactionId.check(gid);
            InvalidRequest.require(status == Status.SUCCEED || status == Status.FAILED,
                "status of a finished workflow must be succeed or failed: " + status.wire());
            InvalidRequest.atMost("result", result, Limits.RESULT_CHARS);
        }

        @Override
        public boolean setsOff() {
            return true;
        }

        @Override
        public Ruling rule(GlobalTransaction t, Moment moment) {
            if (t.isAbsent()) {
                return Ruling.refuse(missing(gid));
            }
            if (t.mode() != Mode.WORKFLOW) {
                return Ruling.refuse(otherMode(t, Mode.WORKFLOW));
            }
            if (!t.isFinal()) {
                return Ruling.accept(new Event.Ended(status, reason, result, moment.now()));
            }
            boolean same = t.status() == status && t.result().equals(result)
                && t.reason().equals(reason);
            return same ? Ruling.accept()
                : Ruling.refuse("current status '" + t.status().wire() + "', cannot sumbmit.");
        }
    }

    /**
     * An operator ends it, whatever its branches have done.
     *
     * @param by who; empty if that is not known
     */
    record ForceStop(String gid, String by) implements Command, Intervention {
        public ForceStop {
            by = Limits.cut(by, Limits.CALLER_CHARS);
        }

        public ForceStop(String gid) {
            this(gid, "");
        }

        @Override
        public Ruling rule(GlobalTransaction t, Moment moment) {
            if (t.isAbsent()) {
                return Ruling.refuse(missing(gid));
            }
            return t.isFinal()
                ? Ruling.refuse("global transaction force stop error. status: "
                    + t.status().wire() + ". error:")
                : Ruling.accept(new Event.ForceStopped(by, moment.now()));
        }
    }

    /**
     * An operator wants the next try now.
     *
     * @param waits whether to answer only when the pass is over
     * @param by who; empty if that is not known
     */
    record RetryNow(String gid, boolean waits, String by) implements Command, Intervention {
        public RetryNow {
            by = Limits.cut(by, Limits.CALLER_CHARS);
        }

        public RetryNow(String gid, boolean waits) {
            this(gid, waits, "");
        }

        public RetryNow(String gid) {
            this(gid, false);
        }

        @Override
        public boolean setsOff() {
            return true;
        }

        @Override
        public Ruling rule(GlobalTransaction t, Moment moment) {
            if (t.isAbsent()) {
                return Ruling.refuse(missing(gid));
            }
            // Not for ever, so it is no refusal.
            if (t.isParked()) {
                return Ruling.refuse(new Reply.Ongoing(
                    t.parked().text() + "; only unpark lets it go on"));
            }
            if (t.isPaused()) {
                return Ruling.refuse(new Reply.Ongoing(
                    t.paused().text() + "; only resume lets it go on before"));
            }
            return t.isFinal() ? Ruling.accept()
                : Ruling.hurry(t, by, moment).awaiting(waits, Status.SUCCEED);
        }

        @Override
        public Live remember(Live live, GlobalTransaction t, Moment moment) {
            return live.forNextPass(moment.now()).hurried();
        }
    }

    /** Somebody wants to see it. */
    record Look(String gid) implements Command {
        /** Where there can be none, there is none to be seen. */
        @Override
        public void check(String gid) {}

        @Override
        public Ruling rule(GlobalTransaction t, Moment moment) {
            return Ruling.show();
        }

        @Override
        public Live remember(Live live, GlobalTransaction t, Moment moment) {
            return live;
        }
    }

    /** A timer, a restart or the waker says: look again. Never refused, never a fact by itself. */
    record Resume() implements Command {
        @Override
        public boolean setsOff() {
            return true;
        }

        @Override
        public Ruling rule(GlobalTransaction t, Moment moment) {
            return Ruling.accept();
        }
    }

    /** A call came back. */
    record BranchReturned(CallKey key, Outcome outcome) implements Command {
        @Override
        public Ruling rule(GlobalTransaction t, Moment moment) {
            return BranchAnswer.of(t, this, moment).map(BranchAnswer::ruling)
                .orElse(Ruling.accept());
        }

        @Override
        public Live remember(Live live, GlobalTransaction t, Moment moment) {
            Live after = live.returned(key, outcome);
            return BranchAnswer.of(t, this, moment).map(answer -> answer.remember(after))
                .orElse(after);
        }
    }

    static Reply missing(String gid) {
        return new Reply.Missing(
            "no TransGlobal with gid: " + TransactionId.gidOf(gid) + " found");
    }

    private static String otherMode(GlobalTransaction t, Mode asked) {
        return "gid " + t.ownGid() + " is a " + t.mode().wire() + ", not a " + asked.wire() + ".";
    }
}
