package transaction;

import java.time.Instant;

/**
 * Why nothing is called on behalf of a transaction for a while.
 *
 * @param until when it goes on by itself; null if an operator has to say so
 * @param reason why, as the operator said; may be empty
 * @param by who; empty if that is not known
 * @param at since when
 */
public record Paused(Instant until, String reason, String by, Instant at) {

    /** In one line, for people. */
    public String text() {
        return Intervention.text(until == null ? "paused" : "paused until " + until, reason);
    }
}
