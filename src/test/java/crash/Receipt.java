package crash;

/** That a participant was called: written before it acts, completed when it answers. */
final class Receipt {

    private final Call call;
    private final int attempt;
    private final boolean fromInitiator;
    private final long nanos = System.nanoTime();
    private volatile String answer = "";
    private volatile long answeredNanos;

    /**
     * @param attempt 1 for the first call of this operation of this branch by the same caller
     * @param fromInitiator whether the initiator called, and not the coordinator
     */
    Receipt(Call call, int attempt, boolean fromInitiator) {
        this.call = call;
        this.attempt = attempt;
        this.fromInitiator = fromInitiator;
    }

    /** Whether {@code other} asks the same of the same branch, and comes from the same caller. */
    boolean repeats(Call other, boolean otherFromInitiator) {
        return branch().equals(other.branch()) && op().equals(other.op())
            && fromInitiator == otherFromInitiator;
    }

    boolean fromInitiator() {
        return fromInitiator;
    }

    Call call() {
        return call;
    }

    String op() {
        return call.op();
    }

    String branch() {
        return call.branch();
    }

    int attempt() {
        return attempt;
    }

    /** When it came, by {@link System#nanoTime}. */
    long nanos() {
        return nanos;
    }

    void answered(String with) {
        answeredNanos = System.nanoTime();
        answer = with;
    }

    boolean succeeded() {
        return answer.equals("SUCCESS");
    }

    /** Whether its success was sent before {@code other} came. */
    boolean succeededBefore(Receipt other) {
        return succeeded() && answeredNanos - other.nanos <= 0;
    }

    @Override
    public String toString() {
        return call.branch() + "/" + call.op() + " #" + attempt + " "
            + (answer.isEmpty() ? "no answer" : answer);
    }
}
