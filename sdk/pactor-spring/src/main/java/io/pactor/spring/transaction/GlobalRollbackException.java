package io.pactor.spring.transaction;

/**
 * A global transaction was rolled back, or is being rolled back, because a participant refused or
 * its time was over. The message says why, in the words of who refused.
 */
public final class GlobalRollbackException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String gid;

    GlobalRollbackException(String gid, String reason, Throwable cause) {
        super(reason, cause);
        this.gid = gid;
    }

    /** The transaction. */
    public String gid() {
        return gid;
    }
}
