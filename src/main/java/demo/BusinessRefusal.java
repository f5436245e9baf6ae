package demo;

/** The business says no, and will say no again: the answer is FAILURE, not an error. */
final class BusinessRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    BusinessRefusal(String reason) {
        super(reason);
    }
}
