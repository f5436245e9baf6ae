package bench;

/**
 * One of those that make the load: makes a transaction, request after request, and then the next.
 * On the load's thread.
 */
final class LoadLane implements Requests.Listener {

    private final Load load;
    private final Requests requests;
    private Flight flight;
    private int at;

    LoadLane(Load load, Requests requests) {
        this.load = load;
        this.requests = requests;
    }

    /** Starts {@code flight}; the lane must be free. */
    void begin(Flight next) {
        flight = next;
        at = 0;
        requests.make(at, flight, this);
    }

    @Override
    public void answered() {
        if (++at < requests.count()) {
            requests.make(at, flight, this);
        } else {
            load.submitted(this, flight);
        }
    }

    @Override
    public void wrong(String kind, String says) {
        load.failed(this, flight, kind, says);
    }

    /** See {@link Requests#expire}. */
    void expire(long nanos) {
        requests.expire(nanos);
    }

    void close() {
        requests.close();
    }
}
