package transaction;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What TCC and XA share: branches join while prepared, then all take the one decided way. */
final class TwoPhase {

    private TwoPhase() {}

    /**
     * One call at a time along {@code forth} or {@code back}, then the end; undecided for too
     * long, it turns back.
     */
    static Step next(GlobalTransaction t, Optional<BranchOp> forth, Optional<BranchOp> back,
            Moment moment) {
        Instant now = moment.now();
        return switch (t.status()) {
            case PREPARED -> {
                String late = "Timeout after "
                    + t.timeoutToFail(moment.policy()).toSeconds() + " seconds";
                yield givesUp(t, moment)
                    ? new Step.Become(new Event.TurnedBack(late, List.of(), now))
                    : new Step.Rest(t.preparedUntil(moment.policy()));
            }
            case SUBMITTED -> forth.map(Step::call).orElseGet(
                () -> new Step.Become(new Event.Ended(Status.SUCCEED, "", "", now)));
            case ABORTING -> back.map(Step::call).orElseGet(
                () -> new Step.Become(new Event.Ended(Status.FAILED, "", "", now)));
            case SUCCEED, FAILED -> new Step.Done();
        };
    }

    static boolean givesUp(GlobalTransaction t, Moment moment) {
        return t.status() == Status.PREPARED
            && !moment.now().isBefore(t.preparedUntil(moment.policy()));
    }

    static Ruling abort(GlobalTransaction t, Command.Abort abort, Moment moment) {
        if (abort.mode().filter(t.mode()::equals).isEmpty()) {
            return abort.refused(t);
        }
        return switch (t.status()) {
            case PREPARED -> Ruling
                .accept(new Event.TurnedBack(abort.reason(), List.of(), moment.now()))
                .awaiting(t.options().waitResult(), Status.FAILED);
            case ABORTING -> Ruling.hurry(t, "", moment)
                .awaiting(t.options().waitResult(), Status.FAILED);
            case SUBMITTED, SUCCEED, FAILED -> abort.refused(t);
        };
    }

    /** Until the decision; what is decided is done. */
    static Ruling rollBack(GlobalTransaction t, RollBack asked, Moment moment) {
        if (t.status() == Status.PREPARED) {
            return Ruling.accept(
                new Event.TurnedBack(asked.text(), List.of(), asked.by(), moment.now()));
        }
        return Ruling.refuse("current status '" + t.status().wire()
            + "', it was decided to go forward: cannot roll back.");
    }

    static void checkNoSteps(List<Submission.Step> steps) {
        InvalidRequest.require(steps.isEmpty(),
            "branches of this mode are registered one by one; steps cannot be given");
    }
}
