package io.pactor.client;

/**
 * A try brought no verdict: no answer in time, or one that is neither 200 nor 409. It may have done
 * its work, so the transaction is rolled back, and {@link Tcc#run} throws this.
 */
public final class BranchUnknownException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String branchId;

    BranchUnknownException(String branchId, String message, Throwable cause) {
        super(message, cause);
        this.branchId = branchId;
    }

    /** Such as {@code 01}. */
    public String branchId() {
        return branchId;
    }
}
