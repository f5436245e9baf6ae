package io.pactor.client;

/**
 * The coordinator refuses the request, or would ignore a part of it; nothing was changed. A repeat
 * gets the same answer: the request or the configuration must change.
 */
public final class RejectedException extends PactorException {

    private static final long serialVersionUID = 1L;

    private final int status;

    RejectedException(String gid, int status, String message) {
        this(gid, status, message, null);
    }

    private RejectedException(String gid, int status, String message, Throwable cause) {
        super(gid, message, cause);
        this.status = status;
    }

    /** The HTTP status of the refusal; 0 if the request was not sent. */
    public int status() {
        return status;
    }

    @Override
    RejectedException here() {
        return new RejectedException(gid(), status, getMessage(), this);
    }
}
