package branch;

/** A call that cannot be put on the wire as it stands; the message says why, for people. */
final class Unsendable extends Exception {

    private static final long serialVersionUID = 1L;

    Unsendable(String reason) {
        // Expected, and thrown for each attempt: a stack trace would tell nothing.
        super(reason, null, false, false);
    }
}
