package bench;

import io.grpc.Status;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Over gRPC, one call at a time. */
final class GrpcRequests implements Requests {

    /** Shared with other lanes. */
    record Pipes(GrpcPipe coordinator, GrpcPipe participants) {}

    private final List<GrpcScript.Request> script;
    private final RequestTemplate gid;
    private final Pipes pipes;
    private Outstanding outstanding;

    /** @param gid of which the gids in headers are made */
    GrpcRequests(List<GrpcScript.Request> script, RequestTemplate gid, Pipes pipes) {
        this.script = script;
        this.gid = gid;
        this.pipes = pipes;
    }

    @Override
    public int count() {
        return script.size();
    }

    @Override
    public void make(int index, Flight flight, Listener hears) {
        if (outstanding != null) {
            throw new IllegalStateException("a call is outstanding");
        }
        GrpcScript.Request request = script.get(index);
        Outstanding begun = new Outstanding(request, hears);
        outstanding = begun;
        GrpcPipe pipe = request.toParticipant() ? pipes.participants() : pipes.coordinator();
        begun.call = pipe.call(headers(request, flight), request.message().fill(
                PooledByteBufAllocator.DEFAULT, flight.slot, flight.number), begun);
    }

    @Override
    public void expire(long nanos) {
        Outstanding late = outstanding;
        if (late != null && late.sentAtNanos - nanos < 0) {
            close();
            late.hears.wrong(late.request.name() + ": no answer in time", "");
        }
    }

    @Override
    public void close() {
        Outstanding given = outstanding;
        outstanding = null;
        if (given != null) {
            given.call.giveUp();
        }
    }

    private Http2Headers headers(GrpcScript.Request request, Flight flight) {
        return request.toParticipant() ? GrpcScript.ofTry(request, new String(
                gid.fill(flight.slot, flight.number), StandardCharsets.US_ASCII))
                : request.headers();
    }

    private final class Outstanding implements GrpcPipe.Listener {

        private final GrpcScript.Request request;
        private final Requests.Listener hears;
        private final long sentAtNanos = System.nanoTime();
        private GrpcPipe.Call call;

        Outstanding(GrpcScript.Request request, Requests.Listener hears) {
            this.request = request;
            this.hears = hears;
        }

        @Override
        public void ended(Status.Code status, String says) {
            outstanding = null;
            if (status == request.expects()) {
                hears.answered();
            } else {
                hears.wrong(request.name() + ": grpc " + status, says);
            }
        }

        @Override
        public void broke(String kind) {
            outstanding = null;
            hears.wrong(request.name() + ": " + kind, "");
        }
    }
}
