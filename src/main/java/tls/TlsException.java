package tls;

/** A certificate or key cannot be used. The message is one line for the operator. */
public final class TlsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
