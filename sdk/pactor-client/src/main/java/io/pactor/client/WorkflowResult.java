package io.pactor.client;

/**
 * What is known of a workflow when the caller's time is over, or earlier if it has ended. Like an
 * {@link Outcome}, with what the workflow returned.
 *
 * <p>On Java 17: {@code if (result instanceof WorkflowResult.Succeeded<String> it) … it.value() …}.
 *
 * @param <R> what the workflow returns
 */
public sealed interface WorkflowResult<R> {

    /** The workflow's id. */
    String gid();

    /**
     * All its steps are done, and the result is on record.
     *
     * @param value as it is on record; null if it returned null
     */
    record Succeeded<R>(String gid, R value) implements WorkflowResult<R> {}

    /**
     * It was refused, and what had been done is undone.
     *
     * @param reason in the words of the step, or of the body, that refused
     */
    record RolledBack<R>(String gid, String reason) implements WorkflowResult<R> {}

    /**
     * Nothing is decided. The coordinator calls the url at which it is resumed, until it ends.
     *
     * @param waitsFor what held it up, for people; empty if unknown
     */
    record InProgress<R>(String gid, String waitsFor) implements WorkflowResult<R> {}
}
