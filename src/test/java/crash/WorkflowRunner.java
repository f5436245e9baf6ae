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

    private Told run(Transfer transfer, boolean leaves) throws SQLException {
        long began = System.nanoTime();
        JsonNode known = prepare(transfer);
        String end = transfer.plan().endsBadly() ? Told.FAILED : Told.SUCCEED;
        if (!known.path("transaction").path("status").asText().equals("prepared")) {
            return Told.sure(transfer, end);
        }
        requireRecorded(transfer, began, known);
        boolean fine = step(transfer, known, "01", "action", Initiator.out(transfer));
        if (leaves) {
            return Told.sure(transfer, end);
        }
        fine = fine && step(transfer, known, "02", "action", Initiator.in(transfer));
        if (!fine) {
            step(transfer, known, "02", "rollback", Initiator.in(transfer));
            step(transfer, known, "01", "rollback", Initiator.out(transfer));
        }
        ObjectNode finish = Wire.about(transfer.gid(), transfer.mode());
        finish.putObject("req_extra").put("status", fine ? Told.SUCCEED : Told.FAILED)
            .put("result", fine ? base64("done") : "")
            .put("rollback_reason", fine ? "" : "refused");
        Initiator.acked(wire.tell("submit", finish), finish);
        return Told.sure(transfer, end);
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

    /** W1: whatever was acknowledged before this run began is on record, so that it is not redone. */
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

    /** Does the step if it is not on record, and records it. @return whether it succeeded */
    private boolean step(Transfer transfer, JsonNode known, String branch, String op,
            ObjectNode work) throws SQLException {
        for (JsonNode each : known.path("progresses")) {
            if (each.path("branch_id").asText().equals(branch)
                    && each.path("op").asText().equals(op)) {
                return each.path("status").asText().equals(Told.SUCCEED);
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
        // Another run of the same workflow may have come to its end before this one.
        if (!answer.isAck()
                && Initiator.patientStatus(wire, transfer.gid()).equals("prepared")) {
            throw new IllegalStateException(result + " was answered " + answer);
        }
        if (answer.isAck()) {
            recorded.putIfAbsent(key(transfer, branch, op), System.nanoTime());
        }
        return fine;
    }

    private static String key(Transfer transfer, String branch, String op) {
        return transfer.gid() + " " + branch + "-" + op;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
