package io.pactor.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of one step, as it is on record. The name travels in the data, which any coordinator
 * keeps as it is; branch ids alone could not tell that the code was changed.
 *
 * @param step its name; empty for the decision to roll back
 * @param isDone false if it was refused
 * @param text what it returned, as JSON text, or why it was refused; null for nothing
 */
record WorkflowEntry(String step, boolean isDone, String text) {

    static WorkflowEntry done(String step, String result) {
        return new WorkflowEntry(step, true, result);
    }

    static WorkflowEntry refused(String step, String reason) {
        return new WorkflowEntry(step, false, reason);
    }

    /** Whether an operator has it refused, so that the workflow rolls back; no step has no name. */
    boolean isByOperator() {
        return !isDone && step.isEmpty();
    }

    String status() {
        return isDone ? "succeed" : "failed";
    }

    String data() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("step", step);
        if (text != null) {
            data.put(isDone ? "result" : "reason", text);
        }
        return Json.write(data);
    }

    /** @throws WorkflowChangedException if {@code data} was written by something else */
    static WorkflowEntry of(String where, boolean isDone, String data) {
        try {
            if (Json.read(data) instanceof Map<?, ?> map
                    && map.get("step") instanceof String step) {
                return new WorkflowEntry(step, isDone,
                    map.get(isDone ? "result" : "reason") instanceof String text ? text : null);
            }
        } catch (IllegalArgumentException e) {
            // Told below: it is no JSON.
        }
        throw new WorkflowChangedException(
            "what is on record of " + where + " was not written by this client");
    }
}
