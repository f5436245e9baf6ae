package grpc;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands before grpc-java on one connection, and sees to it that its client takes up no more of
 * the node than there is room for. A call that is let in is kept here, and nothing is built for it,
 * until something of its message comes.
 */
final class Gate extends ChannelInboundHandlerAdapter {

    private final AdmittedCalls calls;
    private final OpenConnections connections;
    private final Channel channel;
    private final long from = System.nanoTime();
    private final Frames frames = new Frames();

    /** What grpc-java made of the connection; null until something is read. */
    private Http2ConnectionHandler http2;
    private ChannelHandlerContext http2Context;
    private Http2Connection.PropertyKey key;
    private int open;
    private volatile int waiting;
    private final List<Call> fresh = new ArrayList<>();
    private int unfinished;
    private boolean isEnding;
    private volatile boolean forProbes;
    private volatile long unfinishedSince;

    Gate(Channel channel, AdmittedCalls calls, OpenConnections connections) {
        this.channel = channel;
        this.calls = calls;
        this.connections = connections;
    }

    /** There is no room for this connection: it is for probes alone, and closed soon. */
    void onlyForProbes() {
        forProbes = true;
    }

    boolean isForProbes() {
        return forProbes;
    }

    /** Since when it has been open. */
    long from() {
        return from;
    }

    /** How many calls wait for their message. */
    int waiting() {
        return waiting;
    }

    /** Since when something has been unfinished that its client began to send; 0 if nothing is. */
    long unfinishedSince() {
        return unfinishedSince;
    }

    /**
     * Ends one call, from any thread.
     *
     * @param why told to its client, if nothing of the call was carried out
     */
    void end(Call call, Status why) {
        here(() -> endHere(call, why));
    }

    /** Closes the connection after its client has been told why. From any thread. */
    void close(Http2Error why, String text) {
        here(() -> closeHere(why, text));
    }

    /** On the thread that reads from the connection. */
    void here(Runnable what) {
        if (channel.eventLoop().inEventLoop()) {
            what.run();
        } else {
            channel.eventLoop().execute(what);
        }
    }

    @Override
    public void channelRegistered(ChannelHandlerContext context) throws Exception {
        enter();
        context.fireChannelRegistered();
    }

    /** The connection counts from now on, and may be closed for others. */
    void enter() {
        connections.enter(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) throws Exception {
        if (http2 == null && !isEnding) {
            attach(context);
        }
        if (isEnding) {
            ReferenceCountUtil.release(read);
            return;
        }
        if (!frames.isFine((ByteBuf) read, open)) {
            ReferenceCountUtil.release(read);
            closeHere(Http2Error.ENHANCE_YOUR_CALM, "frames without end");
            return;
        }
        context.fireChannelRead(read);
        hold(frames.unfinished());
        if (unfinished > 0 && calls.hasTooMuchUnfinished()) {
            closeHere(Http2Error.ENHANCE_YOUR_CALM, ReceiveBudgetExceeded.TEXT);
        }
    }

    /** What waits for its message now may do so for longer. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        context.fireChannelReadComplete();
        for (Call call : fresh) {
            if (!call.isWhole()) {
                call.waits();
            }
        }
        fresh.clear();
    }

    /** Who does not read its answers is not read from. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        channel.config().setAutoRead(channel.isWritable());
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        isEnding = true;
        hold(0);
        context.fireChannelInactive();
    }

    private void attach(ChannelHandlerContext context) {
        http2Context = context.pipeline().context(Http2ConnectionHandler.class);
        http2 = (Http2ConnectionHandler) http2Context.handler();
        key = http2.connection().newKey();
        http2.connection().addListener(new Streams());
        http2.decoder().frameListener(new Listener(http2.decoder().frameListener()));
    }

    /** Notes how many bytes are held that are part of nothing yet. */
    private void hold(int bytes) {
        calls.holdUnfinished(bytes - unfinished);
        unfinished = bytes;
        if (bytes == 0) {
            unfinishedSince = 0;
        } else if (unfinishedSince == 0) {
            unfinishedSince = System.nanoTime();
        }
    }

    private void endHere(Call call, Status why) {
        Http2Stream stream = http2.connection().stream(call.stream());
        if (stream == null) {
            return;
        }
        if (call.takeHead() != null) {
            call.traced().streamClosed(why);
            http2.encoder().writeHeaders(http2Context, stream.id(), RefusedCall.of(why), 0, true,
                http2Context.newPromise());
        } else if (!isAnswered(stream)) {
            // The second says that nothing was done, and the first does not.
            http2.onError(http2Context, false, Http2Exception.streamError(stream.id(),
                call.isWhole() ? Http2Error.CANCEL : Http2Error.ENHANCE_YOUR_CALM,
                "too many calls are open"));
            return;
        }
        // It has its answer, and its client is told that no more is wanted.
        http2.encoder().writeRstStream(http2Context, stream.id(), Http2Error.NO_ERROR.code(),
            http2Context.newPromise());
        http2Context.flush();
    }

    private void closeHere(Http2Error why, String text) {
        isEnding = true;
        if (http2 == null || !channel.isWritable()) {
            channel.close();
        } else {
            http2.onError(http2Context, false, Http2Exception.connectionError(why, text));
        }
    }

    /** Whether its client has its answer, but has not said all. */
    private static boolean isAnswered(Http2Stream stream) {
        return stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL;
    }

    private Call of(int stream) {
        Http2Stream found = http2.connection().stream(stream);
        return found == null ? null : found.getProperty(key);
    }

    private final class Listener extends Http2FrameListenerDecorator {

        Listener(Http2FrameListener grpc) {
            super(grpc);
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext context, int stream, Http2Headers headers,
                int dependsOn, short weight, boolean isExclusive, int padding, boolean isEnd)
                throws Http2Exception {
            if (of(stream) != null) {
                // What comes after the message, though no client of gRPC sends it. Left to
                // itself, grpc-java takes it for another call.
                onDataRead(context, stream, Unpooled.EMPTY_BUFFER, 0, isEnd);
                return;
            }
            if (calls.isBehind()
                    || forProbes && AdmittedCalls.kind(headers.path()) != Call.Kind.PROBE) {
                refuse(context, stream);
                return;
            }
            Call call = calls.fresh(headers.path(), Gate.this, stream);
            http2.connection().stream(stream).setProperty(key, call);
            if (open++ == 0) {
                connections.busy(Gate.this);
            }
            waiting++;
            call.keepHead(headers);
            if (!isEnd) {
                fresh.add(call);
            } else {
                onDataRead(context, stream, Unpooled.EMPTY_BUFFER, 0, true);
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data,
                int padding, boolean isEnd) throws Http2Exception {
            Call call = of(stream);
            if (call == null || call.givesWay()
                    || isAnswered(http2.connection().stream(stream))) {
                return data.readableBytes() + padding;
            }
            call.received(data.readableBytes());
            if (call.givesWay()) {
                return data.readableBytes() + padding;
            }
            if (isEnd && !call.isWhole()) {
                waiting--;
                if (!call.whole()) {
                    refuse(context, call);
                    return data.readableBytes() + padding;
                }
            }
            if (data.isReadable() || isEnd) {
                begin(context, call);
            }
            return super.onDataRead(context, stream, data, padding, isEnd);
        }

        /** Nothing was done, and its client may ask again at once. */
        private void refuse(ChannelHandlerContext context, int stream) {
            http2.encoder().writeRstStream(context, stream, Http2Error.REFUSED_STREAM.code(),
                context.newPromise());
        }

        private void refuse(ChannelHandlerContext context, Call call) throws Http2Exception {
            if (call.takeHead() == null) {
                // grpc-java has begun it, and ends it.
                throw Http2Exception.streamError(
                    call.stream(), Http2Error.REFUSED_STREAM, "each call is being worked at");
            }
            refuse(context, call.stream());
        }

        /** Lets grpc-java make a call of what has been kept, if it has not yet. */
        private void begin(ChannelHandlerContext context, Call call) throws Http2Exception {
            Http2Headers head = call.takeHead();
            if (head != null) {
                calls.starting(call, () -> super.onHeadersRead(context, call.stream(), head, 0,
                    Http2CodecUtil.DEFAULT_PRIORITY_WEIGHT, false, 0, false));
            }
        }
    }

    /** Hears how calls end. */
    private final class Streams extends Http2ConnectionAdapter {

        /** It was answered before its message was whole, so the rest is not kept. */
        @Override
        public void onStreamHalfClosed(Http2Stream stream) {
            Call call = stream.getProperty(key);
            if (call != null && isAnswered(stream)) {
                call.handOver();
            }
        }

        @Override
        public void onStreamClosed(Http2Stream stream) {
            Call call = stream.getProperty(key);
            if (call == null) {
                return;
            }
            stream.removeProperty(key);
            if (!call.isWhole()) {
                waiting--;
            }
            call.closed();
            frames.callEnded();
            if (--open == 0 && channel.isActive()) {
                connections.idle(Gate.this);
            }
        }
    }
}
