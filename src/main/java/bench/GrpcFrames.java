package bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * What HTTP/2 delivers, as gRPC uses it: heads and bodies of calls. Messages are counted for flow
 * control and not looked at, since nothing here depends on them.
 */
abstract class GrpcFrames extends Http2FrameAdapter {

    static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    static final AsciiString GRPC = AsciiString.cached("application/grpc");
    static final AsciiString STATUS = AsciiString.cached("grpc-status");
    static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
    /** Not compressed, and how many bytes: before each message. */
    static final int PREFIX_BYTES = 5;

    /** Of one connection. */
    final Http2ConnectionHandler handler(boolean isServer) {
        return new Http2ConnectionHandlerBuilder().server(isServer).frameListener(this)
                .validateHeaders(false).build();
    }

    /** Headers or trailers; {@code isLast} if nothing follows on that stream. */
    abstract void head(
            ChannelHandlerContext from, int stream, Http2Headers headers, boolean isLast);

    /** Some bytes of a message; {@code isLast} if nothing follows on that stream. */
    abstract void body(ChannelHandlerContext from, int stream, boolean isLast);

    @Override
    public final void onHeadersRead(ChannelHandlerContext from, int stream, Http2Headers headers,
            int padding, boolean isLast) {
        head(from, stream, headers, isLast);
    }

    @Override
    public final void onHeadersRead(ChannelHandlerContext from, int stream, Http2Headers headers,
            int dependsOn, short weight, boolean exclusive, int padding, boolean isLast) {
        head(from, stream, headers, isLast);
    }

    @Override
    public final int onDataRead(
            ChannelHandlerContext from, int stream, ByteBuf data, int padding, boolean isLast) {
        body(from, stream, isLast);
        return data.readableBytes() + padding;
    }
}
