package health;

/** A part of a node has failed and the node cannot go on. The message names the part and why. */
public final class NodeFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param cause null if the part only fell silent */
    public NodeFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
