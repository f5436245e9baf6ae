package transaction;

import java.time.Instant;
import java.util.List;

/** What a transaction should do next, read off its state by its mode. */
sealed interface Step {

    /** These operations should be running, or waiting for their turn to be called again. */
    record Call(List<BranchOp> ops, Instant lookAgainAt) implements Step {}

    /** This is to be written down first. */
    record Become(Event event) implements Step {}

    /** Nothing to call until then. */
    record Rest(Instant lookAgainAt) implements Step {}

    /** The transaction has ended. */
    record Done() implements Step {}

    static Step call(List<BranchOp> ops) {
        return new Call(ops, Instant.MAX);
    }

    static Step call(BranchOp op) {
        return new Call(List.of(op), Instant.MAX);
    }
}
