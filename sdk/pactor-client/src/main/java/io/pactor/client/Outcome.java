package io.pactor.client;

/**
 * What is known of a transaction when the caller's time is over, or earlier if it has ended. None
 * of the three is an exception: a refusal is an answer.
 *
 * <p>On Java 17: {@code if (outcome instanceof Outcome.RolledBack it) … it.reason() …}.
 */
public sealed interface Outcome {

    /** The transaction's id. */
    String gid();

    /** Every branch is done, durably. */
    record Succeeded(String gid) implements Outcome {}

    /**
     * It was refused, and what had been done is undone, durably.
     *
     * @param reason in the words of the participant that refused, or of the coordinator, such as
     *     {@code Timeout after 60 seconds}
     */
    record RolledBack(String gid, String reason) implements Outcome {}

    /**
     * The coordinator has it and goes on with it; nobody knows yet how it ends. Ask again by
     * {@link Pactor#query}.
     *
     * @param status {@code prepared}, {@code submitted}, or {@code aborting} while it is being
     *     rolled back; empty if the coordinator did not say
     * @param waitsFor the branch it waits for and what that one answered last; empty if unknown
     */
    record InProgress(String gid, String status, String waitsFor) implements Outcome {}
}
