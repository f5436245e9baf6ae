package grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** An answer to a call that grpc-java has not heard of: it has a status alone. */
final class RefusedCall {

    /** Understood by the retries that are built into grpc's clients. */
    static final Metadata.Key<String> PUSHBACK =
        Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    static final String SOON_MILLIS = "1000";

    private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    private static final AsciiString GRPC = AsciiString.cached("application/grpc");
    private static final AsciiString STATUS = AsciiString.cached("grpc-status");
    private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
    private static final AsciiString OK = AsciiString.cached("200");

    private RefusedCall() {}

    /** @param why has a text of plain ASCII without a percent sign */
    static Http2Headers of(Status why) {
        Http2Headers all = new DefaultHttp2Headers()
            .status(OK)
            .set(CONTENT_TYPE, GRPC)
            .set(STATUS, String.valueOf(why.getCode().value()))
            .set(MESSAGE, why.getDescription());
        if (why.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
            all.set(PUSHBACK.name(), SOON_MILLIS);
        }
        return all;
    }
}
