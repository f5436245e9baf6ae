package transaction;

/** There is no room for this request now. Nothing was done; it may be repeated soon. */
public final class Busy extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param message what there is too much of; for people */
    public Busy(String message) {
        super(message + "; nothing was done, try again soon", null, false, false);
    }
}
