package transaction;

import java.util.Optional;

/** Where a global transaction stands, with the names clients read (note {@code succeed}). */
public enum Status {
    /** Written down; the initiator may still submit or abort. */
    PREPARED("prepared"),
    /** Going forward. */
    SUBMITTED("submitted"),
    /** Going backward; no forward call is started any more. */
    ABORTING("aborting"),
    SUCCEED("succeed"),
    FAILED("failed");

    private final String wire;

    Status(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    public boolean isFinal() {
        return this == SUCCEED || this == FAILED;
    }

    /** Whether a transaction that is {@code previous} may become this. */
    public boolean mayFollow(Status previous) {
        return switch (this) {
            case PREPARED -> false; // Only the first fact opens a transaction.
            case SUBMITTED -> previous == PREPARED;
            case ABORTING -> previous == PREPARED || previous == SUBMITTED;
            // A workflow ends from PREPARED, as its initiator says.
            case SUCCEED -> previous == PREPARED || previous == SUBMITTED;
            case FAILED -> !previous.isFinal();
        };
    }

    public static Optional<Status> of(String wire) {
        for (Status status : values()) {
            if (status.wire.equals(wire)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
