package bench;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** One connection of the coordinator to {@link Participants} that are called over HTTP. */
final class HttpCalls extends SimpleChannelInboundHandler<HttpObject> {

    private static final byte[] SUCCESS = answer("200 OK", "{\"dtm_result\":\"SUCCESS\"}");
    private static final byte[] FAILURE =
            answer("409 Conflict", "{\"dtm_result\":\"FAILURE\",\"message\":\"refused. FAILURE\"}");
    private static final byte[] NOT_FOUND = answer("404 Not Found", "{\"message\":\"no such\"}");

    private final CallNotes notes;
    private String uri = "";
    private boolean keptAlive = true;

    private HttpCalls(CallNotes notes) {
        this.notes = notes;
    }

    /** Puts into a connection what reads and answers it. */
    static Consumer<ChannelPipeline> noting(CallNotes notes) {
        return connection -> connection.addLast(new HttpRequestDecoder(
                new HttpDecoderConfig().setValidateHeaders(false)), new HttpCalls(notes));
    }

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

    /** Notes the call; the note must stand before the coordinator can hear the answer. */
    private byte[] answerTo(String uri) {
        int end = uri.indexOf('?');
        CallKind act = CallKind.at(end < 0 ? uri : uri.substring(0, end));
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
}
