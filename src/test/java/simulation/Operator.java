package simulation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Change;
import transaction.Command;
import transaction.GlobalTransaction;
import transaction.Op;
import transaction.Park;
import transaction.Pause;
import transaction.Phrase;
import transaction.RollBack;
import transaction.Settle;
import transaction.Status;
import transaction.Stop;
import transaction.Unpause;

/** Somebody on call, who does whatever an operator may, at any time and without much thought. */
final class Operator {

    /** What an operator makes of a url and of a payload, for the oracle to know them by. */
    static final String CHANGED_URL = "?changed";

    static final Bytes CHANGED_PAYLOAD = Bytes.utf8("changed");

    private static final String GID = Phrase.GID;

    private final Simulator world;

    Operator(Simulator world) {
        this.world = world;
    }

    void begin() {
        int acts = 1 + world.random.nextInt(5);
        for (int i = 0; i < acts; i++) {
            world.after(world.random.nextInt(60_000), () -> world.ask(act(), reply -> { }));
        }
    }

    /** Sees a call being made, and does something about it. */
    void interfere(CallKey key) {
        world.after(world.random.nextInt(200), () -> world.journal.state().op(key).ifPresent(
            op -> world.ask(about(op, 12 + world.random.nextInt(12)), reply -> { })));
    }

    private Command act() {
        GlobalTransaction t = world.journal.state();
        List<BranchOp> open = t.submission() == null ? List.of()
            : Stream.concat(t.ops().stream(), Stream.ofNullable(t.inquiry()))
                .filter(op -> !op.isSettled() || one(4)).toList();
        int what = world.random.nextInt(open.isEmpty() ? 12 : 24);
        return switch (what) {
            case 0, 1, 2 -> new Pause(GID, null, "later", "ada");
            case 3, 4, 5 -> new Pause(
                GID, world.now().plusSeconds(1 + world.random.nextInt(40)), "", "ada");
            case 6, 7 -> new Unpause(GID, "ada");
            case 8 -> new Park(GID, "look at it", "ada");
            case 9, 10 -> new RollBack(GID, "wrong", "ada");
            case 11 -> one(3) ? new Stop(GID, one(2) ? Status.SUCCEED : Status.FAILED, "so", "ada")
                : new RollBack(GID, "wrong", "ada");
            default -> about(open.get(world.random.nextInt(open.size())), what);
        };
    }

    private Command about(BranchOp op, int what) {
        CallKey key = op.key();
        if (what < 16) {
            return new Settle(GID, key, BranchStatus.SUCCEED, true, "known", "ada");
        }
        if (what < 20) {
            return new Settle(GID, key, one(2) ? BranchStatus.SUCCEED : BranchStatus.FAILED, false,
                "known", "ada");
        }
        boolean carriesPayload = key.op() == Op.ACTION || key.op() == Op.COMPENSATE
            || key.op() == Op.CONFIRM || key.op() == Op.CANCEL;
        String url = op.url().endsWith(CHANGED_URL) ? op.url() : op.url() + CHANGED_URL;
        return new Change(GID, key, op.url().isEmpty() ? "" : url,
            carriesPayload ? Optional.of(CHANGED_PAYLOAD) : Optional.empty(), Change.AS_IT_IS,
            Change.AS_IT_IS, Change.AS_IT_IS, "moved", "ada");
    }

    private boolean one(int of) {
        return world.random.nextInt(of) == 0;
    }
}
