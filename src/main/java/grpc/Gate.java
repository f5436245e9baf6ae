package grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
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

/**
 * Stands before grpc-java on one connection, and sees to it that its client takes up no more of
 * the node than there is room for: calls are let in or refused before anything is built for them.
 */
final class Gate extends ChannelInboundHandlerAdapter {

    /** Calls of one connection whose message has not come, while half of the node's are such. */
    static final int CROWDED = 16;

    private final Calls calls;
    private final Connections connections;
    private final Channel channel;
    private final long from = System.nanoTime();
    private final Frames frames = new Frames();

    /** What grpc-java made of the connection; null until something is read. */
    private Http2ConnectionHandler http2;
    private ChannelHandlerContext http2Context;
    private Http2Connection.PropertyKey key;
    private int open;
    private int waiting;
    private int unfinished;
    private boolean isEnding;
    private volatile boolean forProbes;
    private volatile long unfinishedSince;

    Gate(Channel channel, Calls calls, Connections connections) {
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

    /** Since when something has been unfinished that its client began to send; 0 if nothing is. */
    long unfinishedSince() {
        return unfinishedSince;
    }

    /** Ends one call, which is told apart from being carried out. From any thread. */
    void end(Call call) {
        if (channel.eventLoop().inEventLoop()) {
            endHere(call);
        } else {
            channel.eventLoop().execute(() -> endHere(call));
        }
    }

    /** Closes the connection after its client has been told why. From any thread. */
    void close(Http2Error why, String text) {
        if (channel.eventLoop().inEventLoop()) {
            closeHere(why, text);
        } else {
            channel.eventLoop().execute(() -> closeHere(why, text));
        }
    }

    @Override
    public void channelRegistered(ChannelHandlerContext context) throws Exception {
        connections.enter(this);
        context.fireChannelRegistered();
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
            closeHere(Http2Error.ENHANCE_YOUR_CALM, NoRoom.TEXT);
        }
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

    private void endHere(Call call) {
        Http2Stream stream = http2.connection().stream(call.stream());
        if (stream == null) {
            return;
        }
        if (isAnswered(stream)) {
            http2.encoder().writeRstStream(http2Context, stream.id(), Http2Error.NO_ERROR.code(),
                http2Context.newPromise());
            http2Context.flush();
            return;
        }
        // The first says that nothing was done, and the second does not.
        Http2Error why = call.isWhole() ? Http2Error.CANCEL : Http2Error.ENHANCE_YOUR_CALM;
        http2.onError(http2Context, false, Http2Exception.streamError(
            call.stream(), why, "too many calls are open"));
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
            Call call = isWelcome(headers) ? calls.enter(headers.path(), Gate.this, stream) : null;
            if (call == null) {
                http2.encoder().writeRstStream(context, stream,
                    Http2Error.REFUSED_STREAM.code(), context.newPromise());
                return;
            }
            http2.connection().stream(stream).setProperty(key, call);
            waiting++;
            if (open++ == 0) {
                connections.busy(Gate.this);
            }
            if (isEnd) {
                whole(call);
            }
            calls.starting(call, () -> super.onHeadersRead(context, stream, headers, dependsOn,
                weight, isExclusive, padding, isEnd));
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
            if (isEnd && !call.isWhole()) {
                whole(call);
            }
            return super.onDataRead(context, stream, data, padding, isEnd);
        }

        private boolean isWelcome(Http2Headers headers) {
            return Calls.kind(headers.path()) == Call.Kind.PROBE
                || !forProbes && (waiting < CROWDED || !calls.isCrowded());
        }

        private void whole(Call call) {
            waiting--;
            call.whole();
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
