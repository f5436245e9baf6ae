package bench;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Participants that are called over gRPC: a method for each {@link Act}. */
final class GrpcParticipants implements Participants {

    private static final Status REFUSED = Status.ABORTED.withDescription("refused. FAILURE");

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1,
                    new DefaultThreadFactory("bench-participants", true),
                    NioIoHandler.newFactory());
    private final CallNotes notes;
    private final Server server;

    /**
     * Starts them on a free port.
     *
     * @param host the address to listen on, and to be called at
     * @throws IllegalStateException if that address cannot be bound
     */
    GrpcParticipants(String host, CallNotes notes) {
        this.notes = notes;
        ServerServiceDefinition.Builder service =
                ServerServiceDefinition.builder(GrpcScript.PARTICIPANT);
        for (Act act : Act.values()) {
            service.addMethod(
                    GrpcScript.method(GrpcScript.PARTICIPANT, act.method()), new Calls(act));
        }
        try {
            this.server = NettyServerBuilder.forAddress(new InetSocketAddress(host, 0))
                    .channelType(NioServerSocketChannel.class)
                    .bossEventLoopGroup(group)
                    .workerEventLoopGroup(group)
                    .directExecutor()
                    .addService(service.build())
                    .build().start();
        } catch (IOException e) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IllegalStateException("The participants cannot listen on " + host + ": "
                    + e.getMessage(), e);
        }
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** The calls of one act. */
    private final class Calls implements ServerCallHandler<byte[], byte[]> {

        private final Act act;

        Calls(Act act) {
            this.act = act;
        }

        @Override
        public ServerCall.Listener<byte[]> startCall(
                ServerCall<byte[], byte[]> call, Metadata metadata) {
            call.request(1);
            return new ServerCall.Listener<>() {
                @Override
                public void onHalfClose() {
                    notes.gid(metadata.get(GrpcScript.GID), act);
                    if (act.isRefused()) {
                        call.close(REFUSED, new Metadata());
                        return;
                    }
                    call.sendHeaders(new Metadata());
                    call.sendMessage(RawBytes.EMPTY);
                    call.close(Status.OK, new Metadata());
                }
            };
        }
    }
}
