package grpc;

import io.grpc.Status;

/** More messages are being received at once than there is room for. */
final class ReceiveBudgetExceeded extends RuntimeException {

    /** What a client is told whose call had to make room for another. */
    static final Status FOR_CALLS = Status.RESOURCE_EXHAUSTED.withDescription(
        "too many calls are open; nothing was done, try again soon");

    /** What a client is told. */
    static final String TEXT = "too many large messages at once; try again soon";

    /** The same, of what a client asked for: it is there, and clients take too long to read. */
    static final String ANSWER = "too many large answers are not read yet; ask again soon";

    private static final long serialVersionUID = 1L;

    ReceiveBudgetExceeded() {
        super(TEXT, null, false, false);
    }
}
