package prove;

import java.util.Optional;
import transaction.Op;

/** How a participant is called: the modes in which an operation can be undone. */
public enum ProveMode {
    /** An action and its compensation. */
    SAGA(Op.ACTION, Op.COMPENSATE, null),
    /** A try, which a cancel undoes and a confirm makes final. */
    TCC(Op.TRY, Op.CANCEL, Op.CONFIRM),
    /** A first phase, which a rollback undoes and a commit makes final. */
    XA(Op.ACTION, Op.ROLLBACK, Op.COMMIT);

    private final Op action;
    private final Op undo;
    private final Op confirm;

    ProveMode(Op action, Op undo, Op confirm) {
        this.action = action;
        this.undo = undo;
        this.confirm = confirm;
    }

    /** As it goes on the wire ({@code trans_type}). */
    public String wire() {
        return switch (this) {
            case SAGA -> "saga";
            case TCC -> "tcc";
            case XA -> "xa";
        };
    }

    /** The name that an act has on the wire ({@code op}). */
    String op(ProveOp act) {
        return switch (act) {
            case ACTION -> action.wire();
            case UNDO -> undo.wire();
            case CONFIRM -> confirm().orElseThrow().wire();
        };
    }

    Optional<Op> confirm() {
        return Optional.ofNullable(confirm);
    }

    /** Whether an action must show in the state by itself. */
    boolean showsActions() {
        return this == SAGA;
    }

    /** Whether an action may be repeated: the first phase of XA belongs to one connection. */
    boolean repeatsActions() {
        return this != XA;
    }

    /** Whether the second phase gets a payload. */
    boolean undoesWithPayload() {
        return this != XA;
    }
}
