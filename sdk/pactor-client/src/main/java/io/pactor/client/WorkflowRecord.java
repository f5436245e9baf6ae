package io.pactor.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * One workflow as the coordinator has it, and the only way to add to it. For one thread.
 *
 * <p>What is on record stands: of two runs that tell different things of one step, the first is
 * right, and the other goes on with what it said. So an answer that is no yes is never believed
 * alone. Pactor answers 409 to a step that is there with other content, and DTM 500 to any step
 * that is there; after both, the record tells.
 */
final class WorkflowRecord {

    static final String MODE = "workflow";
    static final String ACTION = "action";
    static final String ROLLBACK = "rollback";

    /** As much as the coordinator keeps of one step, and of a result. */
    static final int DATA_BYTES_MAX = 1 << 20;

    /** As much as the coordinator keeps; with more, DTM's could not end it at all. */
    static final int REASON_CHARS_MAX = 1_024;

    /** Where the decision to roll back is: no step has this number, and no undo this operation. */
    private static final String WHOLE = "00";
    private static final String DECISION = "business";

    private final Pactor pactor;
    private final String gid;
    private final Map<String, Object> body;
    private final Map<String, String> needs;
    private final Map<String, WorkflowEntry> entries = new HashMap<>();
    private TransactionView view;

    /** @param body of its prepareWorkflow */
    WorkflowRecord(Pactor pactor, Map<String, Object> body, Map<String, String> needs) {
        this.pactor = pactor;
        this.gid = (String) body.get("gid");
        this.body = body;
        this.needs = needs;
    }

    /** How a workflow ended. */
    record Ending(boolean isDone, String result, String reason) {}

    /** Out of the body: it has been ended by somebody else, and there is nothing to do. */
    static final class Ended extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Ended(String gid) {
            super("workflow " + gid + " has been ended by somebody else");
        }
    }

    String gid() {
        return gid;
    }

    /** Reads it; creates it if there is none. */
    void load() {
        Operation operation = pactor.operation(gid);
        Answer answer = send(Request.post(Transport.PATH + "prepareWorkflow", body)
            .needing(needs), operation);
        Map<String, Object> shown = new LinkedHashMap<>(answer.json());
        if (answer.status() != 200 || !(shown.get("transaction") instanceof Map)) {
            throw Refusal.of(gid, answer);
        }
        shown.put("branches", shown.get("progresses"));
        view = TransactionView.of(shown).orElseThrow(() -> Refusal.of(gid, answer));
        Work.of(MODE).check(view);
        for (TransactionView.BranchView each : view.branches()) {
            entries.put(key(each.branchId(), each.op()), WorkflowEntry.of(
                each.op() + " of branch " + each.branchId() + " in workflow " + gid,
                each.status().equals("succeed"), each.payload()));
        }
    }

    TransactionView view() {
        return view;
    }

    /** Null if there is nothing on record of it. */
    WorkflowEntry entry(String branchId, String op) {
        return entries.get(key(branchId, op));
    }

    /**
     * Puts it on record.
     *
     * @return what is there afterwards; not the same if another run was faster
     * @throws Ended if nothing can be added any more
     */
    WorkflowEntry add(String branchId, String op, WorkflowEntry entry) {
        String data = entry.data();
        checkSize("the record of step " + entry.step() + " in workflow " + gid, data);
        Map<String, Object> branch = new LinkedHashMap<>();
        branch.put("gid", gid);
        branch.put("trans_type", MODE);
        branch.put("branch_id", branchId);
        branch.put("op", op);
        branch.put("status", entry.status());
        branch.put("data", data);
        if (tell("registerBranch", branch,
                () -> view.isEnded() || entry(branchId, op) != null)) {
            entries.put(key(branchId, op), entry);
        } else if (view.isEnded()) {
            throw new Ended(gid);
        }
        return entry(branchId, op);
    }

    /** Whether it is decided that it rolls back, whatever the body says now. */
    boolean isRollingBack() {
        return entry(WHOLE, DECISION) != null;
    }

    /** Why it rolls back. */
    String decision() {
        return entry(WHOLE, DECISION).text();
    }

    /** Before the first undo, so that nobody goes forward after it. */
    void decideToRollBack(String reason) {
        if (!isRollingBack()) {
            add(WHOLE, DECISION, WorkflowEntry.refused("", reason));
        }
    }

    /** @return how it ended: so, or as somebody else said before */
    Ending end(Ending ending) {
        Map<String, Object> how = new LinkedHashMap<>();
        how.put("status", ending.isDone() ? "succeed" : "failed");
        how.put("result", base64(ending.result()));
        how.put("rollback_reason", ending.reason());
        Map<String, Object> submit = new LinkedHashMap<>();
        submit.put("gid", gid);
        submit.put("trans_type", MODE);
        submit.put("req_extra", how);
        return tell("submit", submit, () -> view.isEnded())
            ? new Ending(ending.isDone(), ending.result(), Reason.of(ending.reason())) : ending();
    }

    /** How it has ended, on record. */
    Ending ending() {
        return ending(view);
    }

    static Ending ending(TransactionView view) {
        return new Ending(view.status().equals("succeed"), fromBase64(view.result()),
            view.reason());
    }

    /**
     * @param isOnRecord whether a record that was read again shows it, or what excludes it
     * @return false if it is there, but not by this request
     */
    private boolean tell(String verb, Map<String, Object> content, BooleanSupplier isOnRecord) {
        Operation operation = pactor.operation(gid);
        Request request = Request.post(Transport.PATH + verb, content);
        Answer answer = send(request.waiting(), operation); // Trouble is told, and not repeated.
        if (answer.isDone()) {
            return true;
        }
        load();
        if (!isOnRecord.getAsBoolean() && !Refusal.isFinal(answer)) {
            answer = send(request, operation);
            if (answer.isDone()) {
                return true;
            }
            load();
        }
        if (!isOnRecord.getAsBoolean()) {
            throw Refusal.of(gid, answer);
        }
        return false;
    }

    private Answer send(Request request, Operation operation) {
        return operation.await(pactor.transport().send(request, operation));
    }

    static String checkSize(String what, String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > DATA_BYTES_MAX) {
            throw new IllegalArgumentException(what + " has " + bytes
                + " bytes; the coordinator keeps at most " + DATA_BYTES_MAX);
        }
        return text;
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What is no base64, as other clients write it, is the text itself. */
    static String fromBase64(String text) {
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static String key(String branchId, String op) {
        return branchId + "-" + op;
    }
}
