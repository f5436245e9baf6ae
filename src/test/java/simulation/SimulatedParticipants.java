package simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import transaction.BranchCall;
import transaction.Op;
import transaction.Outcome;

/**
 * All participants of one transaction, each with the barrier of the protocol (section 6.2) before
 * its business and a count of the effects behind it.
 */
final class SimulatedParticipants {

    /** How the initiator's or an XA branch's local transaction stands. */
    enum Local { NONE, OPEN, COMMITTED, ROLLED_BACK }

    /** What happens to participants, and who hears of it. */
    interface Surroundings {

        boolean happens(ToDoubleFunction<Rates> trouble);

        /** A call has arrived; nothing was done about it yet. */
        void received(BranchCall call);

        /** A workflow's initiator is called back. */
        void resumed();
    }

    private final Surroundings world;
    private final Map<String, String> barrier = new HashMap<>();
    private final Map<String, Integer> effects = new HashMap<>();
    private final Map<String, Local> locals = new HashMap<>();
    private final Set<String> prepared = new HashSet<>();
    private final Set<String> stubborn = new HashSet<>();
    private final List<BranchCall> received = new ArrayList<>();

    SimulatedParticipants(Surroundings world) {
        this.world = world;
    }

    /** This branch will always refuse its action or its try. */
    void refusesAlways(String branch) {
        stubborn.add(branch);
    }

    /** A call arrives. */
    Outcome receive(BranchCall call) {
        received.add(call);
        world.received(call);
        Op op = call.key().op();
        if (op == Op.MSG) {
            return inquiry();
        }
        if (op == Op.RESUME) {
            world.resumed();
            return world.happens(Rates::ongoing) ? Outcome.ongoing("busy") : Outcome.SUCCESS;
        }
        if (world.happens(Rates::ongoing)) {
            return Outcome.ongoing("at work");
        }
        if (world.happens(Rates::error)) {
            return Outcome.unknown("500");
        }
        if (op == Op.COMMIT || op == Op.ROLLBACK) {
            return finishXa(call.branchId(), op);
        }
        return guarded(call.branchId(), op);
    }

    /** The initiator tries a branch by itself. */
    boolean tries(String branch) {
        return guarded(branch, Op.TRY).kind() == Outcome.Kind.SUCCESS;
    }

    /** Barrier first; a refusal rolls back what the barrier noted. */
    private Outcome guarded(String branch, Op op) {
        Op origin = switch (op) {
            case CANCEL -> Op.TRY;
            case COMPENSATE -> Op.ACTION;
            default -> null;
        };
        boolean isEmpty = origin != null && note(branch, origin, op);
        boolean isRepeat = !note(branch, op, op);
        if (isEmpty || isRepeat) {
            return Outcome.SUCCESS;
        }
        boolean mayRefuse = op == Op.ACTION || op == Op.TRY;
        if (mayRefuse && stubborn.contains(branch) || world.happens(Rates::refusal)) {
            barrier.remove(branch + " " + op);
            return Outcome.failure("refused");
        }
        effects.merge(branch, op == Op.COMPENSATE || op == Op.CANCEL ? -1 : 1, Integer::sum);
        return Outcome.SUCCESS;
    }

    /** @return whether it was not there before */
    private boolean note(String branch, Op op, Op reason) {
        return barrier.putIfAbsent(branch + " " + op, reason.wire()) == null;
    }

    /** The initiator of a message answers from its barrier (protocol section 6.3). */
    private Outcome inquiry() {
        Local local = local("00");
        if (local == Local.OPEN) {
            return Outcome.unknown("its row is locked");
        }
        if (world.happens(Rates::error)) {
            return Outcome.unknown("500");
        }
        if (world.happens(Rates::ongoing)) {
            return Outcome.ongoing("at work");
        }
        note("00", Op.MSG, Op.ROLLBACK);
        return barrier.get("00 " + Op.MSG).equals(Op.ROLLBACK.wire())
            ? Outcome.failure("not committed") : Outcome.SUCCESS;
    }

    Local local(String branch) {
        return locals.getOrDefault(branch, Local.NONE);
    }

    void open(String branch) {
        locals.put(branch, Local.OPEN);
    }

    /** Ends a message's local transaction; it cannot commit once a check-back noted its row. */
    boolean closeMessage(boolean commit) {
        boolean commits = commit && note("00", Op.MSG, Op.MSG);
        locals.put("00", commits ? Local.COMMITTED : Local.ROLLED_BACK);
        return commits;
    }

    /** Starts an XA branch; not if a rollback was here first. */
    boolean startXa(String branch) {
        if (!note("xa " + branch, Op.ACTION, Op.ACTION)) {
            return false;
        }
        open(branch);
        return true;
    }

    /** Prepares the open branch, or rolls it back with its barrier row. */
    void closeXa(String branch, boolean prepare) {
        if (prepare) {
            prepared.add(branch);
            locals.put(branch, Local.NONE);
        } else {
            barrier.remove("xa " + branch + " " + Op.ACTION);
            locals.put(branch, Local.ROLLED_BACK);
        }
    }

    private Outcome finishXa(String branch, Op op) {
        if (op == Op.ROLLBACK && local(branch) == Local.OPEN) {
            return Outcome.unknown("its barrier row is locked");
        }
        boolean was = prepared.remove(branch);
        if (op == Op.COMMIT && was) {
            effects.merge(branch, 1, Integer::sum);
        }
        if (op == Op.ROLLBACK) {
            note("xa " + branch, Op.ACTION, Op.ROLLBACK);
        }
        // An unknown xid counts as done, as with the clients (protocol section 6.5).
        return Outcome.SUCCESS;
    }

    int effects(String branch) {
        return effects.getOrDefault(branch, 0);
    }

    /** Whether the branch's operation did its business, and no mere repeat. */
    boolean noted(String branch, Op op) {
        return op.wire().equals(barrier.get(branch + " " + op));
    }

    Set<String> prepared() {
        return prepared;
    }

    List<BranchCall> received() {
        return received;
    }
}
