package transaction;

import java.time.Instant;

/**
 * Why a transaction does nothing until an operator has it go on.
 *
 * @param key the operation whose calls went wrong more often than its initiator allows, or may
 *     not be made
 * @param reason what the last of them brought back
 * @param at since when
 */
public record Parked(CallKey key, String reason, Instant at) {

    /** In one line, for people. */
    public String text() {
        return Limits.cut("parked: " + key.branchId() + " " + key.op().wire() + ": " + reason,
            Limits.REASON_CHARS);
    }
}
