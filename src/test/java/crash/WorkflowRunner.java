package crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import crash.Ledger.Refused;
import crash.Wire.Answer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Runs a workflow of two steps as DTM's clients do: what is on record is not done again, what is
 * done is put on record, and the end is told to the coordinator. The coordinator may ask for a
 * second run at any time, also while the first goes on.
 */
final class WorkflowRunner {

    private static final String NAME = "transfer";
    private static final int RUNS_MAX = 20;

    private enum Step { SUCCEEDED, FAILED, OVERTAKEN }

    private final Wire wire;
    private final BankParticipants bank;
    private final Map<String, Transfer> transfers = new ConcurrentHashMap<>();

    /** When the coordinator acknowledged the result of a step. */
    private final Map<String, Long> recorded = new ConcurrentHashMap<>();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();

    WorkflowRunner(Wire wire, BankParticipants bank) {
        this.wire = wire;
        this.bank = bank;
    }

    /** Results that were acknowledged and are not on record. */
    List<String> lost() {
        return List.copyOf(lost);
    }

    /** The first run, by the initiator. */
    Told begin(Transfer transfer) throws SQLException {
        transfers.put(transfer.gid(), transfer);
        return run(transfer, transfer.plan() == Transfer.Plan.WORKFLOW_ABANDONED);
    }

    /** A later run, asked for by the coordinator. */
    void resume(Call call) {
        try {
            run(transfers.get(call.gid()), false);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs it, and again if another run was faster: then its results count, not these. */
    private Told run(Transfer transfer, boolean leaves) throws SQLException {
        String end = transfer.plan().endsBadly() ? Told.FAILED : Told.SUCCEED;
        for (int attempt = 1; attempt <= RUNS_MAX; attempt++) {
            long began = System.nanoTime();
            JsonNode known = prepare(transfer);
            if (!known.path("transaction").path("status").asText().equals("prepared")) {
                return Told.sure(transfer, end);
            }
            requireRecorded(transfer, began, known);
            if (isThrough(transfer, known, leaves)) {
                return Told.sure(transfer, end);
            }
        }
        throw new IllegalStateException(transfer + " is refused, and does not say why");
    }

    /** @return false if the coordinator refused a result: it knows another one already */
    private boolean isThrough(Transfer transfer, JsonNode known, boolean leaves)
            throws SQLException {
        Step first = step(transfer, known, "01", "action", Initiator.out(transfer));
        if (leaves || first == Step.OVERTAKEN) {
            return first != Step.OVERTAKEN;
        }
        Step second = step(transfer, known, "02", "action", Initiator.in(transfer));
        boolean fine = second == Step.SUCCEEDED;
        boolean overtaken = second == Step.OVERTAKEN || !fine
            && (step(transfer, known, "02", "rollback", Initiator.in(transfer)) == Step.OVERTAKEN
            || step(transfer, known, "01", "rollback", Initiator.out(transfer)) == Step.OVERTAKEN);
        if (overtaken) {
            return false;
        }
        ObjectNode finish = Wire.about(transfer.gid(), transfer.mode());
        finish.putObject("req_extra").put("status", fine ? Told.SUCCEED : Told.FAILED)
            .put("result", fine ? base64("done") : "")
            .put("rollback_reason", fine ? "" : "refused");
        return wire.tell("submit", finish).isAck();
    }

    private JsonNode prepare(Transfer transfer) {
        ObjectNode prepare = Initiator.body(transfer)
            .put("query_prepared", bank.url("/workflow"))
            .put("custom_data", Wire.JSON.createObjectNode().put("name", NAME)
                .put("data", base64("{}")).toString());
        Answer answer = wire.tell("prepareWorkflow", prepare);
        Initiator.acked(answer, prepare);
        return answer.json();
    }

    /**
     * W1: whatever was acknowledged before this run began is on record, so that it is not redone.
     */
    private void requireRecorded(Transfer transfer, long began, JsonNode known) {
        recorded.forEach((step, at) -> {
            if (step.startsWith(transfer.gid() + " ") && at - began < 0) {
                boolean there = false;
                for (JsonNode each : known.path("progresses")) {
                    there |= step.equals(key(transfer, each.path("branch_id").asText(),
                        each.path("op").asText()));
                }
                if (!there) {
                    lost.add("W1 " + transfer + ": the result of " + step + " is lost");
                }
            }
        });
    }

    /** Does the step if it is not on record, and records it. */
    private Step step(Transfer transfer, JsonNode known, String branch, String op,
            ObjectNode work) throws SQLException {
        for (JsonNode each : known.path("progresses")) {
            if (each.path("branch_id").asText().equals(branch)
                    && each.path("op").asText().equals(op)) {
                return each.path("status").asText().equals(Told.SUCCEED)
                    ? Step.SUCCEEDED : Step.FAILED;
            }
        }
        boolean fine = true;
        try {
            bank.serve(new Call("workflow", transfer.gid(), branch, op, work), () -> {});
        } catch (Refused e) {
            fine = false;
        }
        ObjectNode result = Wire.about(transfer.gid(), transfer.mode())
            .put("branch_id", branch).put("op", op)
            .put("status", fine ? Told.SUCCEED : Told.FAILED).put("data", "done");
        Answer answer = wire.tell("registerBranch", result);
        if (!answer.isAck()) {
            return Step.OVERTAKEN;
        }
        recorded.putIfAbsent(key(transfer, branch, op), System.nanoTime());
        return fine ? Step.SUCCEEDED : Step.FAILED;
    }

    private static String key(Transfer transfer, String branch, String op) {
        return transfer.gid() + " " + branch + "-" + op;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
