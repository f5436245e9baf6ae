package bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * One keep-alive connection with at most one request outstanding. Connects when it first must, and
 * again after it broke; never sends a request twice. Lives on one event loop.
 */
final class HttpPipe {

    /** Hears once per request, on the event loop. */
    interface Listener {
        /** The answer came; {@code body} may be read from {@code pipe} during this call. */
        void replied(HttpPipe pipe, int httpStatus);

        /** No answer: whether the request had its effect is unknown. */
        void broke(String kind);
    }

    private static final int CONNECT_MILLIS = 5_000;
    /** More of an answer than this is not kept; the rest is read and dropped. */
    private static final int BODY_BYTES_MAX = 64 * 1024;

    private final Bootstrap bootstrap;
    private final InetSocketAddress address;
    private final Optional<SslContext> tls;
    private Channel channel;
    private Listener listener;
    private long sentAtNanos;
    private int httpStatus;
    private boolean keptAlive;
    private byte[] body = new byte[256];
    private int bodyBytes;

    /** @param address resolved */
    HttpPipe(EventLoop loop, InetSocketAddress address) {
        this(loop, address, Optional.empty());
    }

    /** @param tls what is spoken below HTTP, if anything */
    HttpPipe(EventLoop loop, InetSocketAddress address, Optional<SslContext> tls) {
        this.address = address;
        this.tls = tls;
        this.bootstrap = new Bootstrap().group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new Opened());
    }

    /** Sends {@code request}, which it releases. The earlier request must have been answered. */
    void send(ByteBuf request, Listener hears) {
        if (listener != null) {
            throw new IllegalStateException("a request is outstanding");
        }
        listener = hears;
        sentAtNanos = System.nanoTime();
        bodyBytes = 0;
        if (channel != null && channel.isActive()) {
            channel.writeAndFlush(request, channel.voidPromise());
            return;
        }
        bootstrap.connect(address).addListener((ChannelFuture connected) -> {
            if (!connected.isSuccess()) {
                request.release();
                fail("cannot connect");
            } else if (listener == null) {
                request.release(); // It was given up in the meantime.
                connected.channel().close();
            } else {
                channel = connected.channel();
                channel.writeAndFlush(request, channel.voidPromise());
            }
        });
    }

    /** Gives up a request that was sent before {@code nanos}. */
    void expire(long nanos) {
        if (listener != null && sentAtNanos - nanos < 0) {
            drop();
            fail("no answer in time");
        }
    }

    /** Closes the connection; an outstanding request hears nothing more. */
    void close() {
        listener = null;
        drop();
    }

    /** The answer's body as text. */
    String body() {
        return new String(body, 0, bodyBytes, StandardCharsets.UTF_8);
    }

    /** The answer's body; the array is reused. */
    byte[] bodyArray() {
        return body;
    }

    int bodyBytes() {
        return bodyBytes;
    }

    private void drop() {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    private void fail(String kind) {
        Listener hears = listener;
        listener = null;
        if (hears != null) {
            hears.broke(kind);
        }
    }

    private void complete() {
        Listener hears = listener;
        listener = null;
        if (!keptAlive) {
            drop();
        }
        if (hears != null) {
            hears.replied(this, httpStatus);
        }
    }

    private void append(ByteBuf content) {
        int bytes = Math.min(content.readableBytes(), BODY_BYTES_MAX - bodyBytes);
        if (bytes > body.length - bodyBytes) {
            body = Arrays.copyOf(body, Math.max(bodyBytes + bytes, 2 * body.length));
        }
        content.readBytes(body, bodyBytes, bytes);
        bodyBytes += bytes;
    }

    /** What the connection does; a new one for each, since it may outlive its use here. */
    private final class Opened extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel opened) {
            // It keeps back what is sent until the handshake is over.
            tls.ifPresent(each -> opened.pipeline().addLast(each.newHandler(
                    opened.alloc(), address.getHostString(), address.getPort())));
            opened.pipeline().addLast(new HttpResponseDecoder(
                    new HttpDecoderConfig().setValidateHeaders(false)), new Answers());
        }
    }

    private final class Answers extends SimpleChannelInboundHandler<HttpObject> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (context.channel() != channel) {
                return;
            }
            if (part.decoderResult().isFailure()) {
                drop();
                fail("not HTTP");
                return;
            }
            if (part instanceof HttpResponse response) {
                httpStatus = response.status().code();
                keptAlive = HttpUtil.isKeepAlive(response);
            }
            if (part instanceof HttpContent content) {
                append(content.content());
            }
            if (part instanceof LastHttpContent) {
                complete();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (context.channel() == channel) {
                channel = null;
                fail("connection closed");
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // channelInactive follows and tells the listener.
        }
    }
}
