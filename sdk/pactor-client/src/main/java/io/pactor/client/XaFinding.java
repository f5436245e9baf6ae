package io.pactor.client;

import io.pactor.client.participant.PreparedBranch;

/**
 * What an {@link XaJanitor} makes of one prepared branch.
 *
 * @param branch as the database has it
 * @param verdict what is to be done, or what was
 * @param reason why, for people
 */
public record XaFinding(PreparedBranch branch, Verdict verdict, String reason) {

    /** What is to be done with a branch, or what was. */
    public enum Verdict {

        /** Its transaction is decided: it is to commit. */
        COMMIT,

        /** Its transaction is decided: it is to roll back. */
        ROLL_BACK,

        /** It stays as it is, for a later look or for a person. */
        LEAVE,

        /** It was committed now. */
        COMMITTED,

        /** It was rolled back now. */
        ROLLED_BACK
    }

    /** Whether {@link XaJanitor#end} would end it. */
    public boolean isDecided() {
        return verdict == Verdict.COMMIT || verdict == Verdict.ROLL_BACK;
    }

    /** For a log: "order-7-01: ROLL_BACK, its transaction is failed". */
    @Override
    public String toString() {
        return branch.xid() + ": " + verdict + ", " + reason;
    }
}
