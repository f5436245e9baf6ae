package transaction;

import java.util.Optional;

/** Where one branch operation stands. */
public enum BranchStatus {
    /** No verdict yet: not called, or called without a verdict. */
    PREPARED("prepared"),
    SUCCEED("succeed"),
    /** Only actions of a saga, and steps that a workflow recorded, ever fail. */
    FAILED("failed");

    private final String wire;

    BranchStatus(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    public static Optional<BranchStatus> of(String wire) {
        for (BranchStatus status : values()) {
            if (status.wire.equals(wire)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
