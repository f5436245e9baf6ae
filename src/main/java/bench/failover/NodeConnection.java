package bench.failover;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One connection to a node, with one request at a time. On the load's event loop. */
final class NodeConnection {

    private static final int CONNECT_MILLIS = 2_000;
    private static final int ANSWER_BYTES_MAX = 256 * 1024;

    private final EventLoop loop;
    private final InetSocketAddress address;
    private Channel channel;
    private Consumer<Heard> hears;
    private ScheduledFuture<?> limit;

    /**
     * @param status of HTTP; 0 if there was no answer
     * @param body of the answer, or why there was none
     * @param retryAfter whether it said when to come again
     */
    record Heard(int status, String body, boolean retryAfter) {}

    /** @param body null for GET */
    record Ask(String path, String body) {}

    NodeConnection(EventLoop loop, InetSocketAddress address) {
        this.loop = loop;
        this.address = address;
    }

    /** Asks; {@code hears} is called once, on the loop. The earlier request must be answered. */
    void ask(Ask ask, Duration within, Consumer<Heard> ear) {
        hears = ear;
        limit = loop.schedule(() -> broke("no answer within " + within.toSeconds() + " s"),
            within.toMillis(), TimeUnit.MILLISECONDS);
        if (channel != null && channel.isActive()) {
            channel.writeAndFlush(request(ask), channel.voidPromise());
            return;
        }
        Channel opening = new Bootstrap().group(loop).channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .handler(new Opened()).connect(address)
            .addListener((ChannelFuture connected) -> {
                if (connected.channel() != channel) {
                    connected.channel().close(); // It was given up meanwhile.
                } else if (connected.isSuccess()) {
                    channel.writeAndFlush(request(ask), channel.voidPromise());
                } else {
                    broke("cannot connect");
                }
            }).channel();
        channel = opening;
    }

    void close() {
        hears = null;
        drop();
    }

    private FullHttpRequest request(Ask ask) {
        var request = ask.body() == null
            ? new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, ask.path())
            : new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, ask.path(),
                Unpooled.copiedBuffer(ask.body(), StandardCharsets.UTF_8));
        request.headers().set(HttpHeaderNames.HOST,
            address.getHostString() + ":" + address.getPort());
        if (ask.body() != null) {
            request.headers().set(
                HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
            request.headers().setInt(
                HttpHeaderNames.CONTENT_LENGTH, request.content().readableBytes());
        }
        return request;
    }

    private void drop() {
        if (limit != null) {
            limit.cancel(false);
        }
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    private void broke(String why) {
        drop();
        tell(new Heard(0, why, false));
    }

    private void tell(Heard heard) {
        limit.cancel(false);
        Consumer<Heard> ear = hears;
        hears = null;
        if (ear != null) {
            ear.accept(heard);
        }
    }

    private final class Opened extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel opened) {
            opened.pipeline().addLast(new HttpClientCodec(),
                new HttpObjectAggregator(ANSWER_BYTES_MAX), new Answers());
        }
    }

    private final class Answers extends SimpleChannelInboundHandler<FullHttpResponse> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse answer) {
            if (context.channel() != channel) {
                return;
            }
            var heard = new Heard(answer.status().code(),
                answer.content().toString(StandardCharsets.UTF_8),
                answer.headers().contains(HttpHeaderNames.RETRY_AFTER));
            if (!HttpUtil.isKeepAlive(answer)) {
                drop();
            }
            tell(heard);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (context.channel() == channel) {
                broke("connection closed");
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // channelInactive follows.
        }
    }
}
