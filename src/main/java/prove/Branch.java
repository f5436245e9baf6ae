package prove;

import branch.PlainHttp;
import transaction.BranchCall;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Op;
import transaction.Protocol;

/**
 * A branch of a transaction that no coordinator knows.
 *
 * @param isRefused whether its action has the payload that the business refuses
 */
record Branch(String gid, String id, boolean isRefused) {

    /** Stands for the gid in urls and payloads. */
    static final String GID = "{gid}";

    /** The call, as a coordinator would make it. */
    PlainHttp call(ProveOp act, ProveOptions options) {
        ProveMode mode = options.mode();
        String url = switch (act) {
            case ACTION -> options.action();
            case UNDO -> options.undo();
            case CONFIRM -> options.confirm().orElseThrow();
        };
        String action = isRefused ? options.refusedPayload().orElseThrow() : options.payload();
        String payload = act == ProveOp.ACTION ? action
            : mode.undoesWithPayload() ? options.undoPayload().orElse(action) : "";
        return PlainHttp.of(new BranchCall(gid, mode.wire(), id, mode.op(act),
            new CallKey(id, Op.of(mode.op(act)).orElseThrow()), url.replace(GID, gid),
            Bytes.utf8(payload.replace(GID, gid)), options.headers(), Protocol.HTTP,
            options.requestTimeout()));
    }
}
