package demo;

/** The business says no, and will say no again: the answer is FAILURE, not an error. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    Refusal(String reason) {
        super(reason);
    }
}
