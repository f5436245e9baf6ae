package grpc;

/** More messages are being received at once than there is room for. */
final class NoRoom extends RuntimeException {

    /** What a client is told. */
    static final String TEXT = "too many large messages at once; try again soon";

    private static final long serialVersionUID = 1L;

    NoRoom() {
        super(TEXT, null, false, false);
    }
}
