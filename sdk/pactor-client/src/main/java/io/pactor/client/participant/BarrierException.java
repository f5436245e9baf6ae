package io.pactor.client.participant;

/**
 * The database failed while a call was at work. Whether the work was done is unknown: it may even
 * be committed. The answer is therefore neither a success nor a refusal but an error, for which the
 * coordinator calls again; the barrier then finds out.
 */
public final class BarrierException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With the failure of the database as the cause. */
    public BarrierException(String message, Throwable cause) {
        super(message, cause);
    }
}
