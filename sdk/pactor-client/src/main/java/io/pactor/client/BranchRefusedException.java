package io.pactor.client;

/**
 * A participant refuses its try or action, or the transaction takes no more branches. The
 * transaction is then rolled back, and {@link Tcc#run} or {@link Xa#run} returns
 * {@link Outcome.RolledBack}: an application need not catch this, and cannot go on after it.
 */
public final class BranchRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String branchId;

    BranchRefusedException(String branchId, String reason) {
        super(reason);
        this.branchId = branchId;
    }

    /** Such as {@code 01}. The message is the participant's own reason. */
    public String branchId() {
        return branchId;
    }
}
