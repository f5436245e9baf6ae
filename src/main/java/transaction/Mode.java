package transaction;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The rules of one kind of transaction. Each is a pure function of the state; none keeps anything.
 */
public sealed interface Mode permits Saga, Tcc, Xa, TwoPhaseMessage, Workflow {

    Mode SAGA = new Saga();
    Mode TCC = new Tcc();
    Mode XA = new Xa();
    Mode MSG = new TwoPhaseMessage();
    Mode WORKFLOW = new Workflow();

    List<Mode> ALL = List.of(SAGA, TCC, XA, MSG, WORKFLOW);

    /** The name clients use ({@code trans_type}). */
    String wire();

    /** @throws InvalidRequest if these steps could not be carried out */
    void check(List<Submission.Step> steps, Details details, Protocol protocol);

    /** @throws InvalidRequest if this cannot be written down for the first time as it is */
    default void checkOpen(Submission submission) {}

    /** @throws InvalidRequest if this cannot be submitted as it is */
    default void checkSubmit(Submission submission) {}

    /** The operations of the steps, in the order clients see them. */
    List<BranchOp> opsOf(Submission submission, Instant at);

    /** The question this mode may ask of the initiator; null if it never asks. */
    default BranchOp inquiryOf(Submission submission, Instant at) {
        return null;
    }

    /**
     * The operations of a branch that joins.
     *
     * @throws InvalidRequest if this mode's branches do not join, or a field is missing
     */
    List<BranchOp> opsOf(BranchRegistration registration, Instant at);

    /** What {@code t} should do next. Only asked while it is not final. */
    Step next(GlobalTransaction t, Moment moment);

    /** Whether it has been prepared for too long and turns back, though nobody looked yet. */
    default boolean givesUp(GlobalTransaction t, Moment moment) {
        return false;
    }

    /** What this outcome means for this operation. FAILURE ends nothing unless a mode says so. */
    default Verdict verdict(GlobalTransaction t, BranchOp op, Outcome outcome) {
        return switch (outcome.kind()) {
            case SUCCESS -> Verdict.SUCCEEDED;
            case ONGOING -> Verdict.AGAIN;
            case FAILURE, UNKNOWN -> Verdict.AGAIN_SLOWER;
            case PUT_OFF -> Verdict.PUT_OFF;
            case FORBIDDEN -> Verdict.FORBIDDEN;
        };
    }

    /** The facts that follow from a verdict on the inquiry. */
    default List<Event> answered(GlobalTransaction t, Verdict verdict, Outcome outcome,
            Instant now) {
        return List.of();
    }

    /** What the initiator's abort does, or why it is refused. */
    Ruling abort(GlobalTransaction t, Command.Abort abort, Moment moment);

    /**
     * What an operator's roll back does while it is prepared or submitted, or why it is refused.
     */
    Ruling rollBack(GlobalTransaction t, RollBack asked, Moment moment);

    /**
     * The steps of {@code ended}, as they were called last, for running it {@link Again}. Only
     * asked once it has ended.
     *
     * @return empty if its application drives it, which alone can do so again
     */
    default Optional<List<Again.Part>> partsOf(GlobalTransaction ended) {
        return Optional.empty();
    }

    /** Whether a waiting client is told of the failure as soon as the transaction turns back. */
    default boolean failsWhenTurningBack() {
        return false;
    }

    /** How the operation is named on the wire. */
    default String wireOp(GlobalTransaction t, BranchOp op) {
        return op.op().wire();
    }

    static Optional<Mode> of(String wire) {
        for (Mode mode : ALL) {
            if (mode.wire().equals(wire)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }
}
