package bench;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Over gRPC, one call at a time. */
final class GrpcRequests implements Requests {

    /** Shared with other lanes. */
    record Channels(Channel coordinator, Channel participants) {}

    private final EventLoop loop;
    private final List<GrpcScript.Request> script;
    private final RequestTemplate gid;
    private final Channels channels;
    private Outstanding outstanding;

    /** @param gid of which the gids in metadata are made */
    GrpcRequests(EventLoop loop, List<GrpcScript.Request> script, RequestTemplate gid,
            Channels channels) {
        this.loop = loop;
        this.script = script;
        this.gid = gid;
        this.channels = channels;
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
        Channel channel =
                request.toParticipant() ? channels.participants() : channels.coordinator();
        ClientCall<byte[], byte[]> call = channel.newCall(request.method(), CallOptions.DEFAULT);
        outstanding = new Outstanding(request, call, hears);
        call.start(outstanding, metadata(request, flight));
        call.request(1);
        call.sendMessage(request.message().fill(flight.slot, flight.number));
        call.halfClose();
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
            given.call.cancel("given up", null);
        }
    }

    private Metadata metadata(GrpcScript.Request request, Flight flight) {
        return request.toParticipant() ? GrpcScript.ofTry(request, new String(
                gid.fill(flight.slot, flight.number), StandardCharsets.US_ASCII)) : new Metadata();
    }

    private final class Outstanding extends ClientCall.Listener<byte[]> {

        private final GrpcScript.Request request;
        private final ClientCall<byte[], byte[]> call;
        private final Requests.Listener hears;
        private final long sentAtNanos = System.nanoTime();

        Outstanding(GrpcScript.Request request, ClientCall<byte[], byte[]> call,
                Requests.Listener hears) {
            this.request = request;
            this.call = call;
            this.hears = hears;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (loop.inEventLoop()) {
                ended(status);
            } else {
                loop.execute(() -> ended(status)); // Before there is a connection.
            }
        }

        private void ended(Status status) {
            if (outstanding != this) {
                return;
            }
            outstanding = null;
            if (status.getCode() == request.expects()) {
                hears.answered();
            } else {
                String says = status.getDescription();
                hears.wrong(request.name() + ": grpc " + status.getCode(),
                        says == null ? "" : says);
            }
        }
    }
}
