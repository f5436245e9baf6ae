package branch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import signature.CallSigner;
import transaction.BranchCall;
import transaction.BranchInvoker;
import transaction.Bytes;
import transaction.Outcome;
import transaction.VerdictMode;
import wire.ForeignJson;

/**
 * Calls a participant by JSON-RPC 2.0: the method stands in the url's query, the params are the
 * payload with {@code gid}, {@code trans_type}, {@code branch_id} and {@code op} added.
 *
 * <p>A payload that is missing or {@code null} counts as an empty object. Any other payload that is
 * not an object cannot carry those four names: it is not sent, and the outcome is UNKNOWN with that
 * reason, so that the transaction shows it until somebody corrects it.
 *
 * <p>The answer is read as a plain HTTP answer first. A success is one only if it is exactly one
 * JSON object with a {@code result}, be it null, or the {@code dtm_result} SUCCESS, and has no
 * error; otherwise nobody knows what it is.
 */
final class JsonRpcInvoker implements BranchInvoker {

    /** The codes by which participants give a verdict; protocol, JSON-RPC result. */
    static final int FAILURE = -32_901;

    static final int ONGOING = -32_902;

    private static final JsonFactory JSON = new JsonFactory();

    private final HttpTransport transport;
    private final CallSigner signer;

    JsonRpcInvoker(HttpTransport transport, CallSigner signer) {
        this.transport = transport;
        this.signer = signer;
    }

    /** Signs nothing. */
    JsonRpcInvoker(HttpTransport transport) {
        this(transport, CallSigner.NONE);
    }

    @Override
    public CompletionStage<Outcome> invoke(BranchCall call) {
        return invoke(call, Attached.NOTHING);
    }

    CompletionStage<Outcome> invoke(BranchCall call, Attached attached) {
        Request request;
        try {
            request = request(attached.to(call), transport.settings().isDocker(), signer);
        } catch (Unsendable e) {
            return HttpInvoker.notSent(call.url(), e);
        }
        return HttpInvoker.send(transport, request, call, attached.over(JsonRpcInvoker::read));
    }

    /** What goes on the wire for {@code call}. */
    static Request request(BranchCall call, boolean isDocker, CallSigner signer)
            throws Unsendable {
        Target target = Target.parse(HttpInvoker.seenFrom(isDocker, call.url()));
        Bytes body = body(call, target.queryValue("method"));
        return Request.post(target, call.headers(), body, call.timeout(), signer);
    }

    /** What {@code answer} says; {@code url} is for the reason. */
    static Outcome read(String url, Answer answer, VerdictMode mode) {
        if (mode == VerdictMode.STRICT && !answer.isFlawed()) {
            return HttpInvoker.strictly(url, answer, result(answer.json()));
        }
        Outcome plain = HttpInvoker.read(url, answer, mode);
        if (plain.kind() != Outcome.Kind.SUCCESS) {
            return plain;
        }
        AnswerJson json = answer.json();
        boolean hasResult = json.isWhole() && json.hasResult() && !json.hasError();
        return switch (hasResult ? "SUCCESS" : result(json)) {
            case "SUCCESS" -> Outcome.SUCCESS;
            case "FAILURE" -> HttpInvoker.failure(url, answer);
            case "ONGOING" -> HttpInvoker.ongoing(url, answer);
            default -> Outcome.unknown(json.isWhole() && json.hasError()
                    ? "url:" + url + " return error: " + answer.text()
                    : "url:" + url + " did not return JSON-RPC: " + answer.text());
        };
    }

    /** The verdict in a body that is JSON-RPC; empty if there is none. */
    private static String result(AnswerJson json) {
        if (!json.isWhole()) {
            return json.dtmResult();
        }
        if (json.hasError()) {
            return json.errorCode() == FAILURE ? "FAILURE"
                    : json.errorCode() == ONGOING ? "ONGOING" : "";
        }
        // Some participants say in the result of one protocol what belongs into the other.
        for (String said : new String[] {json.dtmResult(), json.dtmResultOfResult()}) {
            if (!said.isEmpty()) {
                return said;
            }
        }
        return json.hasResult() ? "SUCCESS" : "";
    }

    private static Bytes body(BranchCall call, String method) throws Unsendable {
        ByteArrayOutputStream body = new ByteArrayOutputStream(256 + call.payload().size());
        try (JsonGenerator json = JSON.createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField("jsonrpc", "2.0");
            json.writeStringField("id", Long.toHexString(ThreadLocalRandom.current().nextLong()));
            json.writeStringField("method", method);
            json.writeObjectFieldStart("params");
            Map<String, String> ours = new LinkedHashMap<>();
            ours.put("gid", call.ownGid());
            ours.put("trans_type", call.mode());
            ours.put("branch_id", call.branchId());
            ours.put("op", call.op());
            copyMembers(call.payload(), ours, json);
            for (Map.Entry<String, String> each : ours.entrySet()) {
                json.writeStringField(each.getKey(), each.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (JsonProcessingException e) {
            throw new Unsendable("its payload is not a JSON object, as JSON-RPC needs it");
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return Bytes.of(body.toByteArray());
    }

    /** Copies what the payload holds, with numbers as they are; {@code ours} take precedence. */
    private static void copyMembers(Bytes payload, Map<String, String> ours, JsonGenerator to)
            throws IOException, Unsendable {
        if (payload.isEmpty()) {
            return;
        }
        try (JsonParser parser = ForeignJson.payload(payload.toArray())) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT && first != JsonToken.VALUE_NULL) {
                throw new Unsendable("its payload is not a JSON object, as JSON-RPC needs it");
            }
            while (first == JsonToken.START_OBJECT && parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (ours.containsKey(name)) {
                    parser.skipChildren();
                } else {
                    to.writeFieldName(name);
                    to.copyCurrentStructureExact(parser);
                }
            }
            if (parser.nextToken() != null) {
                throw new Unsendable("its payload is more than one JSON object");
            }
        }
    }
}
