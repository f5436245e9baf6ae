package http;

/**
 * How far the requests of one connection have come. Only the connection's stream changes it; others
 * may ask.
 */
final class RequestCount {

    private volatile int received;
    private volatile int answered;
    private volatile long awaitedSince = System.nanoTime();
    private int refused = -1;
    private HttpAnswer refusal;

    /** Notes that a request has come whole. */
    void received() {
        received++;
    }

    /**
     * Notes that a request was refused before it was whole.
     *
     * @param number of the request, counted from 1
     */
    void refused(int number, HttpAnswer answer) {
        received++;
        refused = number;
        refusal = answer;
    }

    /** Why that request was refused; null if it was not. */
    HttpAnswer refusal(int number) {
        return number == refused ? refusal : null;
    }

    /** Notes that an answer is sent. */
    void answered() {
        answered++;
        awaitedSince = System.nanoTime();
    }

    /** Whether it is the client's turn: no request has come whole that is without an answer. */
    boolean isClientsTurn() {
        return answered >= received;
    }

    /** Since when, by {@link System#nanoTime}, if it is. */
    long since() {
        return awaitedSince;
    }
}
