package bench;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.function.Consumer;

/**
 * One connection of the coordinator to {@link Participants} that are called over gRPC: a method for
 * each {@link CallKind}. What is written while it reads is flushed after that.
 */
final class GrpcCalls extends GrpcFrames {

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

    private final IntObjectMap<Http2Headers> begun = new IntObjectHashMap<>();
    private final Http2ConnectionHandler http2 = handler(true);
    private final CallNotes notes;

    private GrpcCalls(CallNotes notes) {
        this.notes = notes;
    }

    /** Puts into a connection what reads and answers it. */
    static Consumer<ChannelPipeline> noting(CallNotes notes) {
        return connection -> connection.addLast(new GrpcCalls(notes).http2);
    }

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
        CallKind act = actAt(headers.path());
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

    private static CallKind actAt(CharSequence path) {
        String text = path == null ? "" : path.toString();
        return text.startsWith(GrpcScript.PATH)
                ? CallKind.of(text.substring(GrpcScript.PATH.length())) : null;
    }

    private static AsciiString code(Status status) {
        return new AsciiString(String.valueOf(status.getCode().value()));
    }

    private static Http2Headers refusal(Status status, String says) {
        return ReadOnlyHttp2Headers.serverHeaders(false, OK,
                GrpcFrames.CONTENT_TYPE, GrpcFrames.GRPC,
                GrpcFrames.STATUS, code(status), GrpcFrames.MESSAGE, new AsciiString(says));
    }
}
