package prove;

/** The time for everything is over. */
final class OutOfTime extends RuntimeException {

    private static final long serialVersionUID = 1;

    OutOfTime() {
        super("the time for everything is over");
    }
}
