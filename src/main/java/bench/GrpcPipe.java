package bench;

import io.grpc.Status;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One connection for many gRPC calls at a time. Connects when it first must, and again after it
 * broke or was told to go away; never makes a call twice. Lives on one event loop.
 *
 * <p>Like {@link HttpPipe} it does what the load needs and no more: what a library for clients
 * costs would be measured as if the coordinator took it.
 */
final class GrpcPipe {

    /** Hears once per call, on the event loop. */
    interface Listener {
        /** The answer came, with {@code says} as its message. */
        void ended(Status.Code status, String says);

        /** No answer: whether the call had its effect is unknown. */
        void broke(String kind);
    }

    private static final int CONNECT_MILLIS = 5_000;

    private final EventLoop loop;
    private final InetSocketAddress address;
    /** Takes new calls; null if there is none that does. */
    private Wire current;
    private final List<Wire> open = new ArrayList<>();

    /** @param address resolved */
    GrpcPipe(EventLoop loop, InetSocketAddress address) {
        this.loop = loop;
        this.address = address;
    }

    /** Makes a call with {@code message}, which it releases: gRPC's prefix and the message. */
    Call call(Http2Headers headers, ByteBuf message, Listener hears) {
        if (current == null) {
            current = new Wire();
            open.add(current);
            current.connect();
        }
        Call call = new Call(current, headers, message, hears);
        current.take(call);
        return call;
    }

    /** Closes the connection; outstanding calls hear nothing more. */
    void close() {
        List.copyOf(open).forEach(Wire::drop);
    }

    /** A call that has been made. */
    static final class Call {

        private final Wire wire;
        private final Http2Headers headers;
        private final ByteBuf message;
        private Listener hears;
        private int stream;

        private Call(Wire wire, Http2Headers headers, ByteBuf message, Listener hears) {
            this.wire = wire;
            this.headers = headers;
            this.message = message;
            this.hears = hears;
        }

        /** Gives it up; it hears nothing more. */
        void giveUp() {
            hears = null;
            wire.reset(this);
        }

        private void ended(Status.Code status, String says) {
            Listener told = hears;
            hears = null;
            if (told != null) {
                told.ended(status, says);
            }
        }

        private void broke(String kind) {
            Listener told = hears;
            hears = null;
            if (told != null) {
                told.broke(kind);
            }
        }
    }

    /** One connection, from its start to its end. */
    private final class Wire extends GrpcFrames {

        private final IntObjectMap<Call> underWay = new IntObjectHashMap<>();
        private final Deque<Call> unsent = new ArrayDeque<>();
        private final Http2ConnectionHandler http2 = handler(false);
        private Channel channel;
        private ChannelHandlerContext context;
        private boolean isFlushing;

        void connect() {
            ChannelFuture connecting = new Bootstrap().group(loop)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel opened) {
                            opened.pipeline().addLast(http2, new Ends(Wire.this));
                        }
                    }).connect(address);
            channel = connecting.channel();
            connecting.addListener(connected -> {
                if (!connected.isSuccess()) {
                    closed("cannot connect");
                }
            });
        }

        void opened() {
            context = channel.pipeline().context(http2);
            while (!unsent.isEmpty()) {
                send(unsent.poll());
            }
        }

        void closed(String kind) {
            if (current == this) {
                current = null;
            }
            open.remove(this);
            List<Call> lost = new ArrayList<>(unsent);
            unsent.forEach(call -> call.message.release());
            unsent.clear();
            lost.addAll(underWay.values());
            underWay.clear();
            lost.forEach(call -> call.broke(kind));
        }

        void drop() {
            underWay.values().forEach(call -> call.hears = null);
            unsent.forEach(call -> call.hears = null);
            channel.close();
        }

        void take(Call call) {
            if (context == null) {
                unsent.add(call);
            } else {
                send(call);
            }
        }

        void reset(Call call) {
            if (underWay.remove(call.stream) != null) {
                http2.resetStream(context, call.stream, Http2Error.CANCEL.code(),
                        context.newPromise());
                flushLater();
            } else if (unsent.remove(call)) {
                call.message.release();
            }
        }

        private void send(Call call) {
            call.stream = http2.connection().local().incrementAndGetNextStreamId();
            underWay.put(call.stream, call);
            http2.encoder().writeHeaders(context, call.stream, call.headers, 0, false,
                    context.newPromise()).addListener(written -> {
                        if (!written.isSuccess() && underWay.remove(call.stream) != null) {
                            call.broke("cannot call");
                        }
                    });
            http2.encoder().writeData(context, call.stream, call.message, 0, true,
                    context.newPromise());
            flushLater();
        }

        /** Calls that are made in one turn of the loop leave together. */
        private void flushLater() {
            if (!isFlushing) {
                isFlushing = true;
                loop.execute(() -> {
                    isFlushing = false;
                    http2.flush(context);
                });
            }
        }

        @Override
        void head(ChannelHandlerContext from, int stream, Http2Headers headers, boolean isLast) {
            if (!isLast) {
                return;
            }
            Call call = underWay.remove(stream);
            CharSequence status = headers.get(STATUS);
            if (call != null && status == null) {
                call.broke("http " + headers.status());
            } else if (call != null) {
                CharSequence says = headers.get(MESSAGE);
                call.ended(Status.fromCodeValue(Integer.parseInt(status.toString())).getCode(),
                        says == null ? "" : says.toString());
            }
        }

        @Override
        void body(ChannelHandlerContext from, int stream, boolean isLast) {
            if (isLast) {
                lost(stream, "no status");
            }
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext from, int stream, long error) {
            lost(stream, "call reset");
        }

        @Override
        public void onGoAwayRead(
                ChannelHandlerContext from, int last, long error, ByteBuf debug) {
            if (current == this) {
                current = null;
            }
        }

        private void lost(int stream, String kind) {
            Call call = underWay.remove(stream);
            if (call != null) {
                call.broke(kind);
            }
        }
    }

    /** Tells when a connection begins, after HTTP/2's own preface, and when it ends. */
    private static final class Ends extends ChannelInboundHandlerAdapter {

        private final Wire wire;

        Ends(Wire wire) {
            this.wire = wire;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            wire.opened();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            wire.closed("connection closed");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // channelInactive follows and tells the listeners.
        }
    }
}
