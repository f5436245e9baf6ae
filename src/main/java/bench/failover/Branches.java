package bench.failover;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.IntConsumer;

/**
 * The participants. {@link #yes} says yes; {@link #atWork} says "at work" (425) for ever, and
 * {@code calls} is told who calls. On the load's event loop.
 */
final class Branches implements AutoCloseable {

    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final String YES = "/yes";
    private static final String AT_WORK = "/at-work/";

    private final Channel channel;
    private final IntConsumer calls;

    /** @param calls hears the number of each transaction that waits, each time it calls */
    Branches(EventLoop loop, IntConsumer calls) {
        this.calls = calls;
        var bound = new ServerBootstrap().group(loop).channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1_024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel accepted) {
                    accepted.pipeline().addLast(new HttpServerCodec(),
                        new HttpObjectAggregator(BODY_BYTES_MAX), new Calls());
                }
            }).bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IllegalStateException(
                "The participants cannot listen: " + bound.cause().getMessage(), bound.cause());
        }
        channel = bound.channel();
    }

    /** The url of a branch that says yes. */
    String yes() {
        return root() + YES;
    }

    /** The url of the branch of one transaction that waits. */
    String atWork(int number) {
        return root() + AT_WORK + number;
    }

    private String root() {
        return "http://127.0.0.1:" + ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }

    private final class Calls extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            var answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, answer(request.uri()), Unpooled.EMPTY_BUFFER);
            answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
            var written = context.writeAndFlush(answer);
            if (!HttpUtil.isKeepAlive(request)) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }

        private HttpResponseStatus answer(String uri) {
            if (!uri.startsWith(AT_WORK)) {
                return uri.startsWith(YES) ? HttpResponseStatus.OK : HttpResponseStatus.NOT_FOUND;
            }
            int end = uri.indexOf('?');
            calls.accept(Integer.parseInt(
                uri.substring(AT_WORK.length(), end < 0 ? uri.length() : end)));
            return HttpResponseStatus.valueOf(425);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // The node has gone, or was no node.
        }
    }
}
