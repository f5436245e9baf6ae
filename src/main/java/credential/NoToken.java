package credential;

/** There is no token to be had at present; the message says why, for people, without secrets. */
public final class NoToken extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NoToken(String reason) {
        // Expected, and made for each call: a stack trace would tell nothing.
        super(reason, null, false, false);
    }
}
