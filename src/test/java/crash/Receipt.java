package crash;

/** That a participant was called: written before it acts, completed when it answers. */
final class Receipt {

    private final Call call;
    private final int attempt;
    private final long nanos = System.nanoTime();
    private volatile String answer = "";
    private volatile long answeredNanos;

    /** @param attempt 1 for the first call of this operation of this branch */
    Receipt(Call call, int attempt) {
        this.call = call;
        this.attempt = attempt;
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
