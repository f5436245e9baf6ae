package transaction;

import java.time.Instant;

/**
 * Why a transaction does nothing until an operator has it go on.
 *
 * @param key the operation whose calls went wrong more often than its initiator allows, or may
 *     not be made; null if an operator wants it so
 * @param reason what the last of them brought back, or the operator said
 * @param by the operator; empty if none wanted it
 * @param at since when
 */
public record Parked(CallKey key, String reason, String by, Instant at) {

    /** In one line, for people. */
    public String text() {
        return Intervention.text(key == null ? "parked by an operator"
            : "parked: " + key.branchId() + " " + key.op().wire(), reason);
    }
}
