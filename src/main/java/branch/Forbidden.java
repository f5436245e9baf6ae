package branch;

/** None of a host's addresses may be called; the message says why, for people. */
final class Forbidden extends Exception {

    private static final long serialVersionUID = 1L;

    Forbidden(String reason) {
        // Expected, and made for each look-up: a stack trace would tell nothing.
        super(reason, null, false, false);
    }
}
