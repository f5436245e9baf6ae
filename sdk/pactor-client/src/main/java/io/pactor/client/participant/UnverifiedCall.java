package io.pactor.client.participant;

/**
 * It is not certain that a coordinator makes this call: it bears no signature, or not the right one
 * for what it says. Nothing of it may be carried out; {@link HttpAnswer#of(Throwable)} makes 401 of
 * it, or 503 if the keys of the coordinators could not be read. For the coordinator neither is a
 * verdict: it calls again.
 */
public final class UnverifiedCall extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean isTemporary;

    /**
     * @param reason for people; it goes back to the caller, so it holds no secret
     * @param isTemporary whether the same call may be found good later
     */
    public UnverifiedCall(String reason, boolean isTemporary) {
        super(reason);
        this.isTemporary = isTemporary;
    }

    /** Whether the same call may be found good later, when the keys can be read. */
    public boolean isTemporary() {
        return isTemporary;
    }
}
