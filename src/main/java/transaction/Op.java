package transaction;

import java.util.Optional;

/** The operations of a branch, with the names they have on the wire. */
public enum Op {
    TRY("try"),
    CONFIRM("confirm"),
    CANCEL("cancel"),
    ACTION("action"),
    COMPENSATE("compensate"),
    COMMIT("commit"),
    ROLLBACK("rollback"),
    /** The question to the initiator of a two-phase message: did your local transaction commit? */
    MSG("msg"),
    /** A marker that a workflow records for its local transaction. */
    BUSINESS("business"),
    /** The call that lets the initiator of a workflow go on; on the wire it bears its name. */
    RESUME("resume");

    private final String wire;

    Op(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    public static Optional<Op> of(String wire) {
        for (Op op : values()) {
            if (op.wire.equals(wire)) {
                return Optional.of(op);
            }
        }
        return Optional.empty();
    }
}
