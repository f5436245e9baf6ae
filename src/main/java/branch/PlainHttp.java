package branch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import signature.CallSigner;
import transaction.BranchCall;
import transaction.Bytes;
import transaction.Outcome;
import transaction.VerdictMode;

/**
 * A call as the coordinator makes it over plain HTTP, for whoever makes it by other means, and its
 * reading of the answer. There is one rule for both.
 *
 * @param method of HTTP
 * @param url with the query that tells which operation it is; absolute
 * @param headers all but those that frame the message; names in lower case, but for those that
 *     {@link BranchCall#headers} spells otherwise
 * @param body empty if there is none
 * @param wire every byte of the request, head and body
 */
public record PlainHttp(
        String method, String url, Map<String, String> headers, Bytes body, Bytes wire) {

    /** The longest body that is read by default ({@code pactor.calls.max-response}). */
    private static final int BODY_BYTES_MAX = 1 << 20;

    /** @throws IllegalArgumentException if no request can be made of it, with the reason */
    public static PlainHttp of(BranchCall call) {
        try {
            Target target = HttpInvoker.target(call, false);
            String method = HttpInvoker.method(call);
            String scheme = target.origin().secure() ? "https://" : "http://";
            boolean hasBody = !method.equals("GET");
            return new PlainHttp(method, scheme + target.hostHeader() + target.pathAndQuery(),
                    Request.fields(target, call.headers()),
                    hasBody ? call.payload() : Bytes.EMPTY,
                    Bytes.of(HttpInvoker.request(call, false).wire()));
        } catch (Unsendable e) {
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    /** The same with other headers, in place of those of the same names. */
    public PlainHttp with(Map<String, String> more) {
        if (more.isEmpty()) {
            return this;
        }
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(headers);
        more.forEach((name, value) -> {
            all.remove(name);
            all.put(name, value);
        });
        try {
            Target target = Target.parse(url);
            return new PlainHttp(method, url, Request.fields(target, all), body, Bytes.of(
                    Request.of(method, target, all, body, Duration.ofSeconds(1),
                        CallSigner.NONE).wire()));
        } catch (Unsendable e) {
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    /** What an answer says that was received to its end. */
    public static Outcome read(String url, int status, Map<String, List<String>> headers,
            byte[] body, VerdictMode mode) {
        HttpResponse head =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        headers.forEach((name, values) -> {
            if (!name.startsWith(":")) {
                head.headers().add(name, values);
            }
        });
        ByteBuf bytes = Unpooled.wrappedBuffer(body);
        try (AnswerReader reader = new AnswerReader(head, BODY_BYTES_MAX)) {
            reader.take(bytes);
            return HttpInvoker.read(url, reader.answer(), mode);
        } finally {
            bytes.release();
        }
    }
}
