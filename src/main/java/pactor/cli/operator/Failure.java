package pactor.cli.operator;

/** A command did not do what was asked. The message is one line for the operator. */
public final class Failure extends RuntimeException {

    /** The server refused, or there is no such thing. */
    static final int REFUSED = 1;

    /** From sysexits: the server does not answer, or cannot now. */
    static final int UNAVAILABLE = 69;

    /** From sysexits: the caller is not known, or may not do that. */
    static final int NOT_PERMITTED = 77;

    /** From sysexits: the contexts cannot be read. */
    static final int BAD_CONFIGURATION = 78;

    private static final long serialVersionUID = 1;

    private final int exitCode;

    Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** 1, 69, 77 or 78. */
    public int exitCode() {
        return exitCode;
    }
}
