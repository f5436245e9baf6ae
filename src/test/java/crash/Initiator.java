package crash;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import crash.Ledger.Refused;
import crash.Wire.Answer;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Plays {@link Transfer}s as a careful client does: it repeats what was not answered, calls its
 * branches itself where the mode wants it, and believes only what was acknowledged. Each method
 * blocks until there is nothing more to say. Safe for many threads.
 */
final class Initiator {

    /** Age at which what an initiator left behind is given up or asked about. */
    static final int TIMEOUT_SECONDS = 3;

    /** For transactions that must not run into a time-out while the coordinator is dead. */
    private static final int LONG_TIMEOUT_SECONDS = 120;

    private static final int RETRY_SECONDS = 1;
    private static final int REQUEST_SECONDS = 2;

    private final Wire wire;
    private final BankParticipants bank;
    private final WorkflowRunner workflows;

    Initiator(Wire wire, BankParticipants bank) {
        this.wire = wire;
        this.bank = bank;
        this.workflows = new WorkflowRunner(wire, bank);
        bank.runWorkflows(workflows::resume);
    }

    /**
     * Plays it to the point where this initiator has nothing left to do.
     *
     * @throws IllegalStateException if the coordinator breaks its promises on the way
     */
    Told play(Transfer transfer) throws SQLException {
        return switch (transfer.plan()) {
            case SAGA, SAGA_WAITED, SAGA_REFUSED, SAGA_TIMED_OUT, SAGA_CONCURRENT_REFUSED ->
                saga(transfer);
            case TCC, TCC_REFUSED, TCC_ABANDONED -> tcc(transfer);
            case XA, XA_REFUSED -> xa(transfer);
            case MSG, MSG_ASKED, MSG_NOT_COMMITTED -> message(transfer);
            case WORKFLOW, WORKFLOW_REFUSED, WORKFLOW_ABANDONED -> workflows.begin(transfer);
        };
    }

    /** Promises that were broken without an initiator being stopped by it. */
    List<String> noticed() {
        return workflows.lost();
    }

    /** What is the same in every request: how often, how long. */
    static ObjectNode body(Transfer transfer) {
        return Wire.about(transfer.gid(), transfer.mode())
            .put("retry_interval", RETRY_SECONDS).put("request_timeout", REQUEST_SECONDS);
    }

    static ObjectNode out(Transfer transfer) {
        return BankParticipants.payload(transfer.from(), -transfer.cents(), "");
    }

    static ObjectNode in(Transfer transfer) {
        return BankParticipants.payload(
            transfer.to(), transfer.cents(), transfer.plan().mannerOfSecond());
    }

    /** The body of a submit; the same each time it is asked for. */
    ObjectNode sagaBody(Transfer transfer) {
        ObjectNode body = body(transfer);
        ArrayNode steps = body.putArray("steps");
        steps.addObject().put("action", bank.branchUrl()).put("compensate", bank.branchUrl());
        steps.addObject().put("action", bank.branchUrl()).put("compensate", bank.branchUrl());
        body.putArray("payloads").add(out(transfer).toString()).add(in(transfer).toString());
        if (transfer.plan() == Transfer.Plan.SAGA_WAITED) {
            body.put("wait_result", true);
        }
        if (transfer.plan() == Transfer.Plan.SAGA_TIMED_OUT) {
            body.put("timeout_to_fail", TIMEOUT_SECONDS);
        }
        if (transfer.plan() == Transfer.Plan.SAGA_CONCURRENT_REFUSED) {
            body.put("custom_data", "{\"concurrent\":true,\"orders\":{}}");
        }
        return body;
    }

    private Told saga(Transfer transfer) {
        Answer answer = wire.tell("submit", sagaBody(transfer));
        String end = transfer.plan().endsBadly() ? Told.FAILED : Told.SUCCEED;
        return answer.isAck() || answer.isOngoing() ? Told.sure(transfer, end)
            : late(transfer, answer, end);
    }

    private Told tcc(Transfer transfer) throws SQLException {
        boolean abandoned = transfer.plan() == Transfer.Plan.TCC_ABANDONED;
        ObjectNode prepare = body(transfer)
            .put("timeout_to_fail", abandoned ? TIMEOUT_SECONDS : LONG_TIMEOUT_SECONDS);
        Answer prepared = wire.tell("prepare", prepare);
        if (!prepared.isAck()) {
            return late(transfer, prepared, Told.FAILED);
        }
        ObjectNode[] work = {out(transfer), in(transfer)};
        for (int i = 0; i < work.length; i++) {
            Call attempt = new Call("tcc", transfer.gid(), "0" + (i + 1), "try", work[i]);
            ObjectNode branch = Wire.about(transfer.gid(), "tcc")
                .put("branch_id", attempt.branch()).put("data", work[i].toString())
                .put("confirm", bank.branchUrl()).put("cancel", bank.branchUrl());
            Answer joined = wire.tell("registerBranch", branch);
            if (abandoned && joined.isRefusal()) {
                // The time was over while it was dead.
                return refused(transfer, joined, Told.FAILED);
            }
            acked(joined, branch);
            try {
                bank.serve(attempt, () -> {});
            } catch (Refused e) {
                return abort(transfer);
            }
        }
        return abandoned ? Told.sure(transfer, Told.FAILED) : submit(transfer);
    }

    private Told xa(Transfer transfer) throws SQLException {
        ObjectNode prepare = body(transfer).put("timeout_to_fail", LONG_TIMEOUT_SECONDS);
        acked(wire.tell("prepare", prepare), prepare);
        ObjectNode[] work = {out(transfer), in(transfer)};
        for (int i = 0; i < work.length; i++) {
            Call action = new Call("xa", transfer.gid(), "0" + (i + 1), "action", work[i]);
            ObjectNode branch = Wire.about(transfer.gid(), "xa")
                .put("branch_id", action.branch()).put("url", bank.branchUrl());
            try {
                bank.serve(action, () -> acked(wire.tell("registerBranch", branch), branch));
            } catch (Refused e) {
                return abort(transfer);
            }
        }
        return submit(transfer);
    }

    private Told message(Transfer transfer) throws SQLException {
        boolean soon = transfer.plan() != Transfer.Plan.MSG;
        ObjectNode prepare = body(transfer)
            .put("query_prepared", bank.url("/committed"))
            .put("timeout_to_fail", soon ? TIMEOUT_SECONDS : LONG_TIMEOUT_SECONDS);
        prepare.putArray("steps").addObject().put("action", bank.branchUrl());
        prepare.putArray("payloads").add(in(transfer).toString());
        Answer prepared = wire.tell("prepare", prepare);
        if (!prepared.isAck()) {
            return late(transfer, prepared, Told.FAILED);
        }
        if (transfer.plan() == Transfer.Plan.MSG_NOT_COMMITTED) {
            return Told.sure(transfer, Told.FAILED);
        }
        try {
            bank.serve(new Call("msg", transfer.gid(), "00", "msg", out(transfer)), () -> {});
        } catch (Refused e) {
            return Told.sure(transfer, Told.FAILED); // Asked about before it could commit.
        }
        return soon ? Told.sure(transfer, Told.SUCCEED) : submit(transfer);
    }

    private Told submit(Transfer transfer) {
        Answer answer = wire.tell("submit", body(transfer));
        return answer.isAck() ? Told.sure(transfer, Told.SUCCEED)
            : late(transfer, answer, Told.SUCCEED);
    }

    private Told abort(Transfer transfer) {
        Answer answer = wire.tell("abort", body(transfer).put("rollback_reason", "refused"));
        return answer.isAck() ? Told.sure(transfer, Told.FAILED)
            : late(transfer, answer, Told.FAILED);
    }

    /**
     * Judges a refusal. It is right only for a request that was repeated, after an answer that was
     * lost, if it has done its work meanwhile.
     */
    private Told late(Transfer transfer, Answer answer, String end) {
        if (answer.attempts() == 1) {
            throw new IllegalStateException(transfer + " was answered " + answer + " at first");
        }
        return refused(transfer, answer, end);
    }

    /** A refusal must be final, and for a reason that is on record. */
    private Told refused(Transfer transfer, Answer answer, String end) {
        String status = patientStatus(wire, transfer.gid());
        boolean onItsWay = end.equals(Told.FAILED) && status.equals("aborting");
        if (!answer.isRefusal() || !status.equals(end) && !onItsWay) {
            throw new IllegalStateException(transfer + " was answered " + answer
                + " while it is " + status);
        }
        return Told.sure(transfer, end);
    }

    /** The status by a query that is repeated until it is answered. */
    static String patientStatus(Wire wire, String gid) {
        for (int attempt = 0; ; attempt++) {
            try {
                return wire.status(gid);
            } catch (IOException e) {
                if (attempt > 1_000) {
                    throw new IllegalStateException("no answer to a query of " + gid, e);
                }
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    static void acked(Answer answer, ObjectNode request) {
        if (!answer.isAck()) {
            throw new IllegalStateException(request + " was answered " + answer);
        }
    }
}
