package bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Participants that are called over HTTP. */
final class HttpParticipants implements Participants {

    private static final byte[] SUCCESS = answer("200 OK", "{\"dtm_result\":\"SUCCESS\"}");
    private static final byte[] FAILURE =
            answer("409 Conflict", "{\"dtm_result\":\"FAILURE\",\"message\":\"refused. FAILURE\"}");
    private static final byte[] NOT_FOUND = answer("404 Not Found", "{\"message\":\"no such\"}");

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
    HttpParticipants(String host, CallNotes notes) {
        this.notes = notes;
        ServerBootstrap bootstrap = new ServerBootstrap().group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1_024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(new HttpRequestDecoder(
                                new HttpDecoderConfig().setValidateHeaders(false)), new Calls());
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

    /** Notes the call; the note must stand before the coordinator can hear the answer. */
    private byte[] answerTo(String uri) {
        int end = uri.indexOf('?');
        Act act = Act.at(end < 0 ? uri : uri.substring(0, end));
        if (act == null) {
            return NOT_FOUND;
        }
        notes.inUri(uri, act);
        return act.isRefused() ? FAILURE : SUCCESS;
    }

    private static byte[] answer(String status, String json) {
        String text = "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + json.length() + "\r\n\r\n" + json;
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** One connection of the coordinator. */
    private final class Calls extends SimpleChannelInboundHandler<HttpObject> {

        private String uri = "";
        private boolean keptAlive = true;

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part.decoderResult().isFailure()) {
                context.close();
                return;
            }
            if (part instanceof HttpRequest request) {
                uri = request.uri();
                keptAlive = HttpUtil.isKeepAlive(request);
            }
            if (part instanceof LastHttpContent) {
                byte[] answer = answerTo(uri);
                ChannelFuture written = context.write(
                        context.alloc().buffer(answer.length).writeBytes(answer));
                if (!keptAlive) {
                    written.addListener(ChannelFutureListener.CLOSE);
                }
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // The coordinator hung up; its next call comes on a new connection.
        }
    }
}
