package bench;

/** One transaction on its way. Belongs to the load's thread. */
final class Flight {

    final int slot;
    final long number;
    /** Just before its first request was sent. */
    final long startedAtNanos;
    /** Its submit was answered; only when the submit does not wait. */
    boolean acked;
    /** When its last branch call was answered; meaningful if {@link #called}. */
    long calledAtNanos;
    boolean called;

    Flight(int slot, long number, long startedAtNanos) {
        this.slot = slot;
        this.number = number;
        this.startedAtNanos = startedAtNanos;
    }
}
