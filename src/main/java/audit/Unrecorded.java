package audit;

/** What was asked for could not be put on record, so the caller cannot be told that it is done. */
public final class Unrecorded extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param isDone whether it was carried out all the same, and only its result is missing */
    Unrecorded(boolean isDone, Throwable cause) {
        super(isDone ? "the audit log could not be written afterwards: it may or may not have"
                + " happened; look, and ask again"
            : "the audit log cannot be written: nothing was done, try again", cause);
    }
}
