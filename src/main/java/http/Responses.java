package http;

import java.util.List;
import java.util.Map;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Answers as pekko-http wants them. */
final class Responses {

    /** DTM names the charset, and pekko-http's own JSON type does not. */
    private static final ContentType JSON = ContentTypes.create(
        MediaTypes.customWithOpenCharset("application", "json", Map.of(), false),
        HttpCharsets.custom("utf-8"));

    private static final ContentType TEXT = ContentTypes.create(
        MediaTypes.TEXT_PLAIN, HttpCharsets.custom("utf-8"));

    private static final ContentType PROBLEM = ContentTypes.create(
        MediaTypes.customBinary("application", "problem+json", true));

    private static final ContentType METRICS = ContentTypes.create(
        MediaTypes.customWithOpenCharset("text", "plain", Map.of("version", "0.0.4"), false),
        HttpCharsets.custom("utf-8"));

    private static final ContentType CALL_KEYS = ContentTypes.create(
        MediaTypes.customBinary("application", "http-message-signatures-directory+json", true));

    /** RFC 9512. */
    private static final ContentType YAML = ContentTypes.create(
        MediaTypes.customBinary("application", "yaml", true));

    private static final ContentType EVENTS = ContentTypes.create(
        MediaTypes.customWithOpenCharset("text", "event-stream", Map.of(), false),
        HttpCharsets.custom("utf-8"));

    private static final ContentType HTML = utf8("text", "html");
    private static final ContentType CSS = utf8("text", "css");
    private static final ContentType SCRIPT = utf8("text", "javascript");
    private static final ContentType SVG = utf8("image", "svg+xml");

    /** What stands in between must hand on each event as it comes. */
    private static final List<HttpHeader> UNBUFFERED = List.of(
        RawHeader.create("Cache-Control", "no-cache"),
        RawHeader.create("X-Accel-Buffering", "no"));

    private static final HttpHeader SOON = RawHeader.create("Retry-After", "1");
    private static final HttpHeader CLOSE = Connection.create("close");

    private static final HttpResponse SUCCESS = render(HttpAnswer.SUCCESS);

    private Responses() {}

    static HttpResponse of(HttpAnswer answer) {
        return answer == HttpAnswer.SUCCESS ? SUCCESS : render(answer);
    }

    /** The same for an answer that the outbox has admitted. */
    static HttpResponse of(HttpAnswer answer, Outbox outbox) {
        byte[] body = answer.body();
        return body.length <= Outbox.SHORT_BYTES || answer.chunks() != null ? of(answer)
            : HttpResponse.create().withStatus(answer.status()).addHeaders(headers(answer))
                .withEntity(HttpEntities.create(
                    type(answer.format()), body.length, outbox.send(answer)));
    }

    private static HttpResponse render(HttpAnswer answer) {
        if (answer.chunks() != null) {
            return HttpResponse.create()
                .withStatus(answer.status())
                .addHeaders(UNBUFFERED)
                .addHeaders(headers(answer))
                .withEntity(HttpEntities.createChunked(type(answer.format()), stream(answer)));
        }
        HttpResponse response = HttpResponse.create()
            .withStatus(answer.status())
            .addHeaders(headers(answer))
            .withEntity(type(answer.format()), ByteString.fromArrayUnsafe(answer.body()));
        if (answer.isWorthRepeating()) {
            response = response.addHeader(SOON);
        }
        return answer.leavesBodyUnread() ? response.addHeader(CLOSE) : response;
    }

    private static Source<ByteString, NotUsed> stream(HttpAnswer answer) {
        return Source.single(ByteString.fromArrayUnsafe(answer.body())).concat(
            Source.unfoldResourceAsync(
                () -> Continuations.now(answer.chunks()),
                chunks -> Continuations.then(chunks.next(),
                    found -> found.map(ByteString::fromArrayUnsafe)),
                chunks -> {
                    chunks.close();
                    return Continuations.now(Done.done());
                }));
    }

    private static List<HttpHeader> headers(HttpAnswer answer) {
        return answer.headers().isEmpty() ? List.of() : answer.headers().entrySet().stream()
            .<HttpHeader>map(each -> RawHeader.create(each.getKey(), each.getValue())).toList();
    }

    private static ContentType utf8(String kind, String name) {
        return ContentTypes.create(
            MediaTypes.customWithOpenCharset(kind, name, Map.of(), false),
            HttpCharsets.custom("utf-8"));
    }

    private static ContentType type(HttpAnswer.Format format) {
        return switch (format) {
            case JSON -> JSON;
            case TEXT -> TEXT;
            case PROBLEM -> PROBLEM;
            case METRICS -> METRICS;
            case CALL_KEYS -> CALL_KEYS;
            case YAML -> YAML;
            case EVENTS -> EVENTS;
            case HTML -> HTML;
            case CSS -> CSS;
            case SCRIPT -> SCRIPT;
            case SVG -> SVG;
        };
    }
}
