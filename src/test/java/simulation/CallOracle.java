package simulation;

import static simulation.Invariant.C12;
import static simulation.Invariant.C4;
import static simulation.Invariant.C6;
import static simulation.Invariant.H4;
import static simulation.Invariant.L5;
import static simulation.Invariant.M1;
import static simulation.Invariant.M2;
import static simulation.Invariant.M3;
import static simulation.Invariant.M4;
import static simulation.Invariant.M6;
import static simulation.Invariant.M7;
import static simulation.Invariant.P1;
import static simulation.Invariant.P3;
import static simulation.Invariant.S5;
import static simulation.Invariant.S6;
import static simulation.Invariant.S7;
import static simulation.Invariant.T2;
import static simulation.Invariant.T4;
import static simulation.Invariant.W5;
import static simulation.Invariant.X2;
import static simulation.Invariant.X4;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import transaction.BranchCall;
import transaction.BranchOp;
import transaction.BranchStatus;
import transaction.Details;
import transaction.GlobalTransaction;
import transaction.Mode;
import transaction.Op;
import transaction.Status;
import transaction.Submission;

/** Whether a call may be made, told from the journal alone and in words of its own. */
final class CallOracle {

    private final Tally tally;

    CallOracle(Tally tally) {
        this.tally = tally;
    }

    /** A call starts on behalf of a host that knows {@code t}. */
    void started(GlobalTransaction t, BranchCall call, Instant now) {
        tally.holds(C4, !t.isAbsent(), call);
        Optional<BranchOp> found = t.op(call.key());
        tally.holds(C4, found.isPresent(), call);
        BranchOp op = found.get();
        tally.holds(H4, !op.isSettled(), call);
        tally.holds(P1, !t.isParked(), call);
        tally.holds(P3, !t.isPaused(), call);
        tally.holds(L5, !op.backoff().notBefore().isAfter(now), call);
        says(t, op, call);
        inTurn(t, op, call, now);
    }

    /** Whether it is the turn of {@code op}, whoever wants to know. */
    void inTurn(GlobalTransaction t, BranchOp op, Object call, Instant now) {
        Op kind = op.op();
        if (kind == Op.MSG) {
            tally.holds(M2, t.status() == Status.PREPARED
                && !now.isBefore(t.openedAt().plusSeconds(timeout(t))), call);
        } else if (kind == Op.RESUME) {
            tally.holds(W5, t.status() == Status.PREPARED, call);
        } else if (t.mode() == Mode.SAGA) {
            sagaStarts(t, op, call);
        } else if (t.mode() == Mode.MSG) {
            messageStarts(t, op, call, now);
        } else {
            twoPhaseStarts(t, op, call);
        }
    }

    private static long timeout(GlobalTransaction t) {
        int asked = t.options().timeoutToFailSeconds();
        return asked > 0 ? asked : Simulator.POLICY.timeoutToFail().toSeconds();
    }

    private void sagaStarts(GlobalTransaction t, BranchOp op, Object call) {
        boolean forward = op.op() == Op.ACTION;
        tally.holds(C4, t.status() == (forward ? Status.SUBMITTED : Status.ABORTING), call);
        if (!forward) {
            tally.holds(S5, t.undo().contains(op.branchId()), call);
        }
        int step = stepOf(op);
        Details details = t.submission().details();
        boolean concurrent = details instanceof Details.Concurrent;
        boolean inTurn = true;
        for (int other = 0; other < t.submission().steps().size(); other++) {
            if (forward && waitsFor(details, step, other)) {
                inTurn &= status(t, other, Op.ACTION) == BranchStatus.SUCCEED;
            }
            if (!forward && waitsFor(details, other, step) && t.undo().contains(idOf(other))) {
                inTurn &= status(t, other, Op.COMPENSATE) == BranchStatus.SUCCEED;
            }
        }
        tally.holds(concurrent ? S7 : S6, inTurn, call);
    }

    /** Whether step {@code one} must come after step {@code other}. */
    private static boolean waitsFor(Details details, int one, int other) {
        if (details instanceof Details.Concurrent concurrent) {
            return concurrent.after().getOrDefault(one, List.of()).contains(other);
        }
        return other < one;
    }

    private void messageStarts(GlobalTransaction t, BranchOp op, Object call, Instant now) {
        tally.holds(M4, op.op() == Op.ACTION, call);
        tally.holds(M1, t.status() == Status.SUBMITTED, call);
        if (!t.options().concurrent()) {
            tally.holds(M3, t.ops().stream().takeWhile(each -> each != op)
                .allMatch(BranchOp::isSettled), call);
        }
        if (t.submission().details() instanceof Details.Delay delay) {
            tally.holds(M6, !now.isBefore(t.submittedAt().plusSeconds(delay.seconds())), call);
        }
    }

    private void twoPhaseStarts(GlobalTransaction t, BranchOp op, Object call) {
        boolean forward = isForward(op.op());
        boolean tcc = t.mode() == Mode.TCC;
        tally.holds(tcc ? T2 : X2,
            t.status() == (forward ? Status.SUBMITTED : Status.ABORTING), call);
        List<BranchOp> way = t.ops().stream().filter(each -> each.op() == op.op()).toList();
        int at = way.indexOf(op);
        List<BranchOp> before = tcc ? way.subList(at + 1, way.size()) : way.subList(0, at);
        tally.holds(tcc ? T4 : X4, before.stream().allMatch(BranchOp::isSettled), call);
    }

    /** Whether the call says what its branch was declared with. */
    private void says(GlobalTransaction t, BranchOp op, BranchCall call) {
        boolean common = call.gid().equals(t.gid()) && call.mode().equals(t.mode().wire())
            && call.headers().equals(Map.of())
            && call.timeout().equals(Simulator.POLICY.requestTimeout());
        String branch = op.branchId();
        boolean isChanged = op.url().endsWith(Operator.CHANGED_URL);
        String url = isChanged && call.url().endsWith(Operator.CHANGED_URL)
            ? call.url().replace(Operator.CHANGED_URL, "") : call.url();
        boolean isOtherPayload =
            isChanged && call.payload().equals(Operator.CHANGED_PAYLOAD);
        String text = call.payload().toUtf8();
        boolean own = switch (op.op()) {
            case MSG -> url.equals("http://initiator") && text.isEmpty();
            case RESUME -> call.op().equals("order") && text.equals("input")
                && url.equals("http://initiator");
            case CONFIRM, CANCEL -> url.equals("http://p" + branch + "/" + call.op())
                && (isOtherPayload || text.equals("payload " + branch));
            case COMMIT, ROLLBACK -> url.equals("http://p" + branch + "/xa")
                && text.isEmpty();
            default -> saysStep(t.submission(), op, url, call, isOtherPayload);
        };
        boolean named = op.op() == Op.RESUME || call.op().equals(op.op().wire());
        tally.holds(C6, common && own && named && call.branchId().equals(branch), call);
    }

    private boolean saysStep(
            Submission asked, BranchOp op, String url, BranchCall call, boolean isChanged) {
        int step = stepOf(op);
        Submission.Step declared = asked.steps().get(step);
        boolean payload = isChanged || call.payload().equals(declared.payload());
        if (declared.isTopic()) {
            boolean one = declared.subscribers().size() == 1;
            String subscriber = one ? "1" : op.branchId().substring(4);
            tally.holds(M7, url.equals("http://s" + subscriber + "/act"), call);
            return payload;
        }
        return payload && url.equals("http://p" + (step + 1)
            + (op.op() == Op.ACTION ? "/act" : "/undo"));
    }

    /** A participant gets it. */
    void received(GlobalTransaction truth, BranchCall call) {
        if (isForward(call.key().op())) {
            tally.holds(C12, truth.submittedAt() != null, call);
        }
    }

    /** Whether all calls of this transaction go one after the other. */
    static boolean isOneByOne(GlobalTransaction t) {
        boolean concurrent = t.submission().details() instanceof Details.Concurrent
            || t.options().concurrent();
        return !concurrent && t.mode() != Mode.MSG && t.status() != Status.ABORTING
            || t.mode() == Mode.TCC || t.mode() == Mode.XA;
    }

    static Invariant orderOf(GlobalTransaction t) {
        if (t.mode() == Mode.SAGA) {
            return S6;
        }
        return t.mode() == Mode.XA ? X4 : t.mode() == Mode.WORKFLOW ? W5 : T4;
    }

    static boolean isForward(Op op) {
        return op == Op.ACTION || op == Op.CONFIRM || op == Op.COMMIT;
    }

    private static BranchStatus status(GlobalTransaction t, int step, Op op) {
        return t.ops().stream()
            .filter(each -> each.op() == op && each.branchId().equals(idOf(step)))
            .map(BranchOp::status).findFirst().orElseThrow();
    }

    private static String idOf(int step) {
        return "0" + (step + 1);
    }

    private static int stepOf(BranchOp op) {
        return Integer.parseInt(op.branchId().substring(0, 2)) - 1;
    }
}
