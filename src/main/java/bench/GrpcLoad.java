package bench;

import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections of a load over gRPC. Clients share them, and so do lanes; all of them, and all
 * that is heard from them, are on the load's thread.
 */
final class GrpcLoad {

    /** Lanes on one connection: no lane waits for another's bytes for long. */
    static final int LANES_PER_CONNECTION = 16;

    private final List<GrpcScript.Request> script;
    private final RequestTemplate gid;
    private final List<GrpcPipe> coordinator = new ArrayList<>();
    private final GrpcPipe participants;

    GrpcLoad(BenchPlan plan, EventLoop loop, Load.Sites sites) {
        this.script = GrpcScript.of(plan, sites.participantsUrl(), sites.anyGid());
        this.gid = RequestTemplate.of(
                sites.anyGid().getBytes(StandardCharsets.US_ASCII), sites.anyGid());
        for (int i = 0; i < connections(plan.concurrency()); i++) {
            coordinator.add(new GrpcPipe(loop, sites.grpc()));
        }
        this.participants = new GrpcPipe(loop, sites.participants());
    }

    /** How many so many lanes share. */
    static int connections(int lanes) {
        return (lanes + LANES_PER_CONNECTION - 1) / LANES_PER_CONNECTION;
    }

    /** Those of the lane with that index. */
    Requests requests(int lane) {
        return new GrpcRequests(script, gid, new GrpcRequests.Pipes(
                coordinator.get(lane % coordinator.size()), participants));
    }

    /** Hangs up. */
    void close() {
        coordinator.forEach(GrpcPipe::close);
        participants.close();
    }
}
