package http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import security.Caller;
import security.Permission;
import security.ScopedCoordinator;
import transaction.Coordinator;
import transaction.InvalidRequest;
import transaction.Limits;
import wire.JsonIn;
import wire.KnownKeys;
import wire.VerdictWord;

/**
 * JSON-RPC 2.0 over the same bodies: {@code /api/json-rpc} (protocol section 1.11). The status is
 * 200 whatever the answer, save for a request that cannot be read.
 */
final class JsonRpcRoute {

    static final String PATH = "/api/json-rpc";

    private static final int UNREADABLE = -32700;
    private static final int NO_REQUEST = -32600;
    private static final int NO_SUCH_METHOD = -32601;
    private static final int TROUBLE = -32603;
    /** DTM's code for a verdict. */
    private static final int REFUSED = -32901;

    private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.UTF_8);

    private final Coordinator coordinator;
    private final ApiRoutes api;
    private final ErrorResponses troubles;

    JsonRpcRoute(Coordinator coordinator, ApiRoutes api, ErrorResponses troubles) {
        this.coordinator = coordinator;
        this.api = api;
        this.troubles = troubles;
    }

    List<Route> routes() {
        return List.of(Route.post(PATH, Permission.TRANSACT, this::call));
    }

    private CompletionStage<HttpAnswer> call(Route.Call call) {
        Envelope envelope;
        try {
            envelope = Envelope.of(call.body());
        } catch (InvalidRequest invalid) {
            return Continuations.now(HttpAnswer.json(400, failed(NULL, UNREADABLE,
                "Parse json error: " + invalid.getMessage(), NULL)));
        }
        if (!envelope.isComplete()) {
            return Continuations.now(HttpAnswer.json(200, failed(envelope.id, NO_REQUEST,
                "Bad json request: jsonrpc must be \"2.0\" and id must be given", NULL)));
        }
        if (envelope.method.equals("newGid")) {
            return Continuations.now(HttpAnswer.json(200, newGid(envelope.id, call.caller())));
        }
        Optional<BiFunction<Caller, byte[], CompletionStage<HttpAnswer>>> method =
            api.method(envelope.method);
        if (method.isEmpty()) {
            return Continuations.now(HttpAnswer.json(200, failed(envelope.id, NO_SUCH_METHOD,
                "Method not found: " + Limits.cut(envelope.method, 100), NULL)));
        }
        CompletionStage<HttpAnswer> answer;
        try {
            answer = method.get().apply(call.caller(), envelope.params);
        } catch (RuntimeException thrown) {
            answer = Continuations.now(troubles.answer(PATH, thrown));
        }
        return answer.handleAsync((given, thrown) -> HttpAnswer.json(200, wrapped(envelope.id,
            thrown == null ? given : troubles.answer(PATH, Continuations.cause(thrown)))),
            Runnable::run);
    }

    private static byte[] wrapped(byte[] id, HttpAnswer answer) {
        if (answer.status() == 200) {
            return envelope(id, out -> {
                out.writeNullField("error");
                out.writeNullField("result");
            });
        }
        return answer.isRefusal() ? failedAs(id, REFUSED, answer.message(), NOTHING)
            : failed(id, TROUBLE, VerdictWord.hidden(answer.message()), NOTHING);
    }

    private byte[] newGid(byte[] id, Caller caller) {
        return envelope(id, out -> {
            out.writeNullField("error");
            out.writeObjectFieldStart("result");
            out.writeStringField("gid",
                ScopedCoordinator.of(coordinator, caller).newGid());
            out.writeEndObject();
        });
    }

    private static byte[] failed(byte[] id, int code, String message, byte[] result) {
        return failedAs(id, code, VerdictWord.hidden(message), result);
    }

    private static byte[] failedAs(byte[] id, int code, String message, byte[] result) {
        return envelope(id, out -> {
            out.writeObjectFieldStart("error");
            out.writeNumberField("code", code);
            out.writeStringField("message", message);
            out.writeEndObject();
            out.writeFieldName("result");
            raw(out, result);
        });
    }

    private static byte[] envelope(byte[] id, JsonOut.Body rest) {
        return JsonOut.object(out -> {
            out.writeStringField("jsonrpc", "2.0");
            out.writeFieldName("id");
            raw(out, id);
            rest.writeTo(out);
        });
    }

    private static void raw(JsonGenerator out, byte[] json) throws IOException {
        out.writeRawValue(new String(json, StandardCharsets.UTF_8));
    }

    /** The request around the parameters; its id goes back byte for byte, whatever it is. */
    private static final class Envelope {

        private static final KnownKeys KEYS = KnownKeys.of("jsonrpc", "method", "id", "params");

        private String version = "";
        private String method = "";
        private byte[] id = NULL;
        private byte[] params = NOTHING;

        static Envelope of(byte[] body) {
            return JsonIn.whole(body, in -> {
                Envelope read = new Envelope();
                in.object("the request", KEYS, key -> read.take(key, in));
                return read;
            });
        }

        boolean isComplete() {
            String shown = new String(id, StandardCharsets.UTF_8);
            return version.equals("2.0") && !shown.equals("null") && !shown.equals("\"\"");
        }

        private void take(String key, JsonIn in) {
            switch (key) {
                case "jsonrpc" -> version = in.text(key);
                case "method" -> method = in.text(key);
                case "id" -> id = in.raw();
                case "params" -> params = in.raw();
                default -> throw new IllegalStateException(key);
            }
        }
    }
}
