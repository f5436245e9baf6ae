package branch;

import io.grpc.Metadata;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.List;

/**
 * Looks into a connection of grpc-java: keeps the status that the participant wrote, which
 * grpc-java replaces where it knows no such number and takes away where it does, notes when
 * something is read, and cuts off who sends frames without end.
 */
final class GrpcStatusReader extends ChannelInboundHandlerAdapter {

    /** In the trailers of a call: {@code grpc-status} as it was on the wire. Ours is the last. */
    static final Metadata.Key<String> KEY =
            Metadata.Key.of("pactor-told-status", Metadata.ASCII_STRING_MARSHALLER);

    private static final AsciiString NAME = AsciiString.cached(KEY.name());

    private static final AsciiString STATUS = AsciiString.cached("grpc-status");

    private final Runnable onRead;
    private final FrameCount frames;
    private boolean isLooking;

    private GrpcStatusReader(Runnable onRead, FrameCount frames) {
        this.onRead = onRead;
        this.frames = frames;
    }

    /**
     * A socket with such a look-out.
     *
     * @param onRead runs on the socket's thread when something was read
     * @param framesMax that may come in while no call ends; then the socket is closed
     * @param isSecure whether it is TLS, behind which the look-out then is
     */
    static NioSocketChannel socket(Runnable onRead, long framesMax, boolean isSecure) {
        NioSocketChannel socket = new NioSocketChannel();
        GrpcStatusReader reader = new GrpcStatusReader(onRead, new FrameCount(framesMax));
        socket.pipeline().addFirst(isSecure ? new BehindTls(reader) : reader);
        return socket;
    }

    /** Waits for what TLS has to say, which comes before anything that the reader should see. */
    private static final class BehindTls extends ChannelInboundHandlerAdapter {

        private final GrpcStatusReader reader;

        BehindTls(GrpcStatusReader reader) {
            this.reader = reader;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object read) {
            ChannelHandlerContext tls = context.pipeline().context(SslHandler.class);
            if (tls == null) {
                // Nothing may pass by the reader.
                ReferenceCountUtil.release(read);
                context.close();
                return;
            }
            context.pipeline().addAfter(tls.name(), null, reader);
            context.fireChannelRead(read);
            context.pipeline().remove(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        onRead.run();
        if (read instanceof ByteBuf && !frames.isFine((ByteBuf) read)) {
            ReferenceCountUtil.release(read);
            context.fireExceptionCaught(new IOException("frames without end"));
            context.close();
            return;
        }
        if (!isLooking) {
            Http2ConnectionHandler grpc = context.pipeline().get(Http2ConnectionHandler.class);
            if (grpc != null) {
                grpc.decoder().frameListener(new Listener(grpc.decoder().frameListener()));
                isLooking = true;
            }
        }
        context.fireChannelRead(read);
    }

    /** The one value in {@code headers}; empty if there is none, or several that differ. */
    private static String told(Http2Headers headers) {
        List<CharSequence> all = headers.getAll(STATUS);
        String first = all.isEmpty() ? "" : all.get(0).toString();
        return all.stream().allMatch(each -> each.toString().equals(first)) ? first : "";
    }

    private final class Listener extends Http2FrameListenerDecorator {

        Listener(Http2FrameListener grpc) {
            super(grpc);
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext context, int stream, Http2Headers headers,
                int padding, boolean isEnd) throws Http2Exception {
            tell(headers, isEnd);
            super.onHeadersRead(context, stream, headers, padding, isEnd);
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext context, int stream, Http2Headers headers,
                int dependsOn, short weight, boolean isExclusive, int padding, boolean isEnd)
                throws Http2Exception {
            tell(headers, isEnd);
            super.onHeadersRead(
                    context, stream, headers, dependsOn, weight, isExclusive, padding, isEnd);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext context, int stream, long code)
                throws Http2Exception {
            frames.reset();
            super.onRstStreamRead(context, stream, code);
        }

        private void tell(Http2Headers headers, boolean isEnd) {
            if (isEnd) {
                frames.reset();
                headers.add(NAME, new AsciiString(told(headers)));
            }
        }
    }
}
