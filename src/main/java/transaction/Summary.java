package transaction;

import java.time.Duration;
import java.time.Instant;

/**
 * A transaction in one row: what the index keeps of it, and what a list shows.
 *
 * @param submission what was asked for; a summary read from the index has no steps in it
 * @param status where it stands
 * @param reason why it turned back or failed
 * @param result what a workflow returned
 * @param openedAt when it was first written
 * @param updatedAt when it was last written; if it is final, when it ended
 * @param dueAt when somebody should look at it if nothing else happens; null exactly if it is
 *     final, quarantined, parked, or paused without an end
 * @param retryInterval the wait between tries now in force
 * @param quarantine why its history cannot be trusted; empty if it can
 * @param waiting what it waits for
 * @param trouble what keeps it from going on
 */
public record Summary(
        Submission submission,
        Status status,
        String reason,
        String result,
        Instant openedAt,
        Instant updatedAt,
        Instant dueAt,
        Duration retryInterval,
        String quarantine,
        Waiting waiting,
        Trouble trouble) {

    /** With nothing that keeps it from going on. */
    public Summary(Submission submission, Status status, String reason, String result,
            Instant openedAt, Instant updatedAt, Instant dueAt, Duration retryInterval,
            String quarantine, Waiting waiting) {
        this(submission, status, reason, result, openedAt, updatedAt, dueAt, retryInterval,
            quarantine, waiting, Trouble.NONE);
    }

    /** Without a cause of waiting. */
    public Summary(Submission submission, Status status, String reason, String result,
            Instant openedAt, Instant updatedAt, Instant dueAt, Duration retryInterval,
            String quarantine) {
        this(submission, status, reason, result, openedAt, updatedAt, dueAt, retryInterval,
            quarantine, Waiting.NOTHING);
    }

    static Summary of(GlobalTransaction t, Instant dueAt, Policy policy) {
        return new Summary(t.submission(), t.status(), t.reason(), t.result(), t.openedAt(),
            t.updatedAt(), dueAt, t.retryIntervalInForce(policy), t.quarantine(),
            Waiting.of(t), Trouble.of(t));
    }

    /** The same with what keeps it from going on. */
    public Summary in(Trouble what) {
        return new Summary(submission, status, reason, result, openedAt, updatedAt, dueAt,
            retryInterval, quarantine, waiting, what);
    }
}
