package bench;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;

/** Over HTTP, with one connection to the coordinator and one to the participants. */
final class HttpRequests implements Requests {

    private final List<Script.Request> script;
    private final HttpPipe coordinator;
    private final HttpPipe participants;

    HttpRequests(List<Script.Request> script, HttpPipe coordinator, HttpPipe participants) {
        this.script = script;
        this.coordinator = coordinator;
        this.participants = participants;
    }

    @Override
    public int count() {
        return script.size();
    }

    @Override
    public void make(int index, Flight flight, Listener hears) {
        Script.Request request = script.get(index);
        HttpPipe pipe = request.toParticipant() ? participants : coordinator;
        pipe.send(request.template().fill(
                PooledByteBufAllocator.DEFAULT, flight.slot, flight.number),
                new Answer(request, hears));
    }

    @Override
    public void expire(long nanos) {
        coordinator.expire(nanos);
        participants.expire(nanos);
    }

    @Override
    public void close() {
        coordinator.close();
        participants.close();
    }

    private record Answer(Script.Request request, Listener hears) implements HttpPipe.Listener {

        @Override
        public void replied(HttpPipe pipe, int httpStatus) {
            if (httpStatus != request.expects()) {
                hears.wrong(request.name() + ": http " + httpStatus, pipe.body());
            } else if (httpStatus == 200 && pipe.body().contains("FAILURE")) {
                // Clients of DTM take this for a failure whatever the status says.
                hears.wrong(request.name() + ": http 200 with FAILURE", pipe.body());
            } else {
                hears.answered();
            }
        }

        @Override
        public void broke(String kind) {
            hears.wrong(request.name() + ": " + kind, "");
        }
    }
}
