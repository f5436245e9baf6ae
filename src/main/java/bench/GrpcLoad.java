package bench;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
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

    private static final int CONNECT_MILLIS = 5_000;

    private final EventLoop loop;
    private final List<GrpcScript.Request> script;
    private final RequestTemplate gid;
    private final List<ManagedChannel> coordinator = new ArrayList<>();
    private final ManagedChannel participants;

    GrpcLoad(Plan plan, EventLoop loop, Load.Sites sites) {
        this.loop = loop;
        this.script = GrpcScript.of(plan, sites.participantsUrl(), sites.anyGid());
        this.gid = RequestTemplate.of(
                sites.anyGid().getBytes(StandardCharsets.US_ASCII), sites.anyGid());
        for (int i = 0; i < connections(plan.concurrency()); i++) {
            coordinator.add(channel(sites.grpc()));
        }
        this.participants = channel(sites.participants());
    }

    /** How many so many lanes share. */
    static int connections(int lanes) {
        return (lanes + LANES_PER_CONNECTION - 1) / LANES_PER_CONNECTION;
    }

    /** Those of the lane with that index. */
    Requests requests(int lane) {
        return new GrpcRequests(loop, script, gid, new GrpcRequests.Channels(
                coordinator.get(lane % coordinator.size()), participants));
    }

    /** Hangs up. */
    void close() {
        coordinator.forEach(ManagedChannel::shutdownNow);
        participants.shutdownNow();
    }

    private ManagedChannel channel(InetSocketAddress address) {
        return NettyChannelBuilder.forAddress(address)
                .usePlaintext()
                .disableRetry()
                .disableServiceConfigLookUp()
                .proxyDetector(none -> null)
                .channelType(NioSocketChannel.class)
                .eventLoopGroup(loop)
                .directExecutor()
                .offloadExecutor(loop)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .build();
    }
}
