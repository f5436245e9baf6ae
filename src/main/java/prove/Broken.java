package prove;

/** A participant that does not do what it must. */
final class Broken extends Exception {

    private static final long serialVersionUID = 1;

    private final String expected;
    private final String seen;

    Broken(String expected, String seen) {
        super(expected + "; " + seen);
        this.expected = expected;
        this.seen = seen;
    }

    String expected() {
        return expected;
    }

    String seen() {
        return seen;
    }
}
