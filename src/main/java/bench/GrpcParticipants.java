package bench;

import io.grpc.Status;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Participants that are called over gRPC: a method for each {@link Act}. */
final class GrpcParticipants implements Participants {

    private static final AsciiString OK = new AsciiString("200");
    private static final Http2Headers ACCEPTED = ReadOnlyHttp2Headers.serverHeaders(
            false, OK, GrpcFrames.CONTENT_TYPE, GrpcFrames.GRPC);
    private static final Http2Headers SUCCESS = ReadOnlyHttp2Headers.trailers(
            false, GrpcFrames.STATUS, code(Status.OK));
    private static final Http2Headers FAILURE = refusal(Status.ABORTED, "refused. FAILURE");
    private static final Http2Headers NOT_FOUND = refusal(Status.UNIMPLEMENTED, "no such");
    /** What {@code google.protobuf.Empty} is on the wire. */
    private static final ByteBuf EMPTY =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(GrpcFrames.PREFIX_BYTES)
                    .writeZero(GrpcFrames.PREFIX_BYTES).asReadOnly());

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1,
                    new DefaultThreadFactory("bench-participants", true),
                    NioIoHandler.newFactory());
    private final CallNotes notes;
    private final Channel channel;

    /**
     * Starts them on a free port.
     *
     * @param host the address to listen on, and to be called at
     * @throws IllegalStateException if that address cannot be bound
     */
    GrpcParticipants(String host, CallNotes notes) {
        this.notes = notes;
        ServerBootstrap bootstrap = new ServerBootstrap().group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1_024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(new Calls().http2);
                    }
                });
        var bound = bootstrap.bind(new InetSocketAddress(host, 0)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IllegalStateException("The participants cannot listen on " + host + ": "
                    + bound.cause().getMessage(), bound.cause());
        }
        this.channel = bound.channel();
    }

    @Override
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static Act actAt(CharSequence path) {
        String text = path == null ? "" : path.toString();
        return text.startsWith(GrpcScript.PATH)
                ? Act.of(text.substring(GrpcScript.PATH.length())) : null;
    }

    private static AsciiString code(Status status) {
        return new AsciiString(String.valueOf(status.getCode().value()));
    }

    private static Http2Headers refusal(Status status, String says) {
        return ReadOnlyHttp2Headers.serverHeaders(false, OK,
                GrpcFrames.CONTENT_TYPE, GrpcFrames.GRPC,
                GrpcFrames.STATUS, code(status), GrpcFrames.MESSAGE, new AsciiString(says));
    }

    /** One connection of the coordinator. What is written while it reads is flushed after that. */
    private final class Calls extends GrpcFrames {

        private final IntObjectMap<Http2Headers> begun = new IntObjectHashMap<>();
        private final Http2ConnectionHandler http2 = handler(true);

        @Override
        void head(ChannelHandlerContext from, int stream, Http2Headers headers, boolean isLast) {
            if (!isLast) {
                begun.put(stream, headers);
            }
        }

        @Override
        void body(ChannelHandlerContext from, int stream, boolean isLast) {
            Http2Headers headers = isLast ? begun.remove(stream) : null;
            if (headers != null) {
                answer(from, stream, headers);
            }
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext from, int stream, long error) {
            begun.remove(stream);
        }

        /** The note must stand before the coordinator can hear the answer. */
        private void answer(ChannelHandlerContext to, int stream, Http2Headers headers) {
            Http2ConnectionEncoder encoder = http2.encoder();
            Act act = actAt(headers.path());
            if (act == null) {
                encoder.writeHeaders(to, stream, NOT_FOUND, 0, true, to.newPromise());
                return;
            }
            CharSequence gid = headers.get(GrpcScript.GID);
            notes.gid(gid == null ? null : gid.toString(), act);
            if (act.isRefused()) {
                encoder.writeHeaders(to, stream, FAILURE, 0, true, to.newPromise());
                return;
            }
            encoder.writeHeaders(to, stream, ACCEPTED, 0, false, to.newPromise());
            encoder.writeData(to, stream, EMPTY.duplicate(), 0, false, to.newPromise());
            encoder.writeHeaders(to, stream, SUCCESS, 0, true, to.newPromise());
        }
    }
}
