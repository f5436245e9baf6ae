package bench;

import java.util.List;

/**
 * One connection of the load: makes a transaction, request after request, and then the next. On the
 * load's thread.
 */
final class Lane implements HttpPipe.Listener {

    private final Load load;
    private final List<Script.Request> script;
    private final HttpPipe coordinator;
    private final HttpPipe participants;
    private Flight flight;
    private int at;

    Lane(Load load, List<Script.Request> script, HttpPipe coordinator, HttpPipe participants) {
        this.load = load;
        this.script = script;
        this.coordinator = coordinator;
        this.participants = participants;
    }

    /** Starts {@code flight}; the lane must be free. */
    void begin(Flight next) {
        flight = next;
        at = 0;
        send();
    }

    private void send() {
        Script.Request request = script.get(at);
        HttpPipe pipe = request.toParticipant() ? participants : coordinator;
        pipe.send(load.fill(request.template(), flight), this);
    }

    @Override
    public void replied(HttpPipe pipe, int httpStatus) {
        Script.Request request = script.get(at);
        if (httpStatus != request.expects()) {
            fail(request.name() + ": http " + httpStatus, pipe.body());
        } else if (httpStatus == 200 && pipe.body().contains("FAILURE")) {
            // Clients of DTM take this for a failure whatever the status says.
            fail(request.name() + ": http 200 with FAILURE", pipe.body());
        } else if (++at < script.size()) {
            send();
        } else {
            load.submitted(this, flight);
        }
    }

    @Override
    public void broke(String kind) {
        fail(script.get(at).name() + ": " + kind, "");
    }

    private void fail(String kind, String says) {
        load.failed(this, flight, kind, says);
    }
}
