package io.pactor.client;

/**
 * A request did not come through. The two kinds differ in what is known:
 * {@link RejectedException} says that nothing was done, {@link UnavailableException} that nobody
 * knows. Messages never hold what a header of the application holds.
 */
public abstract sealed class PactorException extends RuntimeException
        permits RejectedException, UnavailableException {

    private static final long serialVersionUID = 1L;

    private final String gid;

    PactorException(String gid, String message, Throwable cause) {
        super(message, cause);
        this.gid = gid;
    }

    /** The transaction it is about; empty if none. */
    public String gid() {
        return gid;
    }

    /** The same, thrown by the caller's own thread, so that its trace leads to the caller. */
    abstract PactorException here();
}
