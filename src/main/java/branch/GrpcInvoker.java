package branch;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import signature.CallSigner;
import transaction.BranchCall;
import transaction.BranchInvoker;
import transaction.Bytes;
import transaction.Failpoints;
import transaction.GrpcUrl;
import transaction.Headers;
import transaction.InvalidRequest;
import transaction.Op;
import transaction.Outcome;
import wire.WorkflowData;

/**
 * Calls a participant by gRPC: who and what in the metadata, the payload as the message, unparsed.
 *
 * <p>The participant's verdict is its status (docs/protocol.md, calls over gRPC); its reply is not
 * looked at.
 */
final class GrpcInvoker implements BranchInvoker {

    /** What dtm-php participants answer: a status of HTTP where gRPC's belongs. */
    static final int HTTP_FAILURE = 409;

    static final int HTTP_ONGOING = 425;

    /**
     * Names that belong to the connection, to gRPC or to us. An initiator cannot set them ({@code
     * branch_headers} with these names are left out): two branch ids would let a participant take
     * a call for another.
     */
    private static final Set<String> OURS =
            Set.of("content-type", "user-agent", "dtm-gid", "dtm-trans_type", "dtm-branch_id",
                    "dtm-op", "dtm-dtm", "dtm-phase2_url");

    /** What tells a participant which call it is. */
    private static final List<String> IDENTITY =
            List.of("dtm-gid", "dtm-trans_type", "dtm-branch_id", "dtm-op");

    private final GrpcTransport transport;
    private final CallSigner signer;

    GrpcInvoker(GrpcTransport transport, CallSigner signer) {
        this.transport = transport;
        this.signer = signer;
    }

    /** Signs nothing. */
    GrpcInvoker(GrpcTransport transport) {
        this(transport, CallSigner.NONE);
    }

    @Override
    public CompletionStage<Outcome> invoke(BranchCall call) {
        return invoke(call, Attached.NOTHING);
    }

    CompletionStage<Outcome> invoke(BranchCall call, Attached attached) {
        GrpcRequest request;
        try {
            request = request(attached.to(call), transport.settings(), signer);
        } catch (Unsendable e) {
            return HttpInvoker.notSent(call.url(), e);
        }
        Reply reply = new Reply(call, attached, request, transport.settings().recording());
        transport.send(request, reply);
        return reply;
    }

    /** What goes on the wire for {@code call}. */
    static GrpcRequest request(BranchCall call, CallSettings settings, CallSigner signer)
            throws Unsendable {
        GrpcUrl url;
        try {
            url = GrpcUrl.parse(HttpInvoker.seenFrom(settings.isDocker(), call.url()));
        } catch (InvalidRequest e) {
            throw new Unsendable(e.getMessage());
        }
        Metadata metadata = metadata(call, settings.grpc());
        Bytes message = message(call);
        if (signer.isOn()) {
            sign(signer, url, metadata, message.toArray());
        }
        return new GrpcRequest(call.gid(), url, metadata, message, call.timeout());
    }

    /** The same without a signature. */
    static GrpcRequest request(BranchCall call, CallSettings settings) throws Unsendable {
        return request(call, settings, CallSigner.NONE);
    }

    /** The content of the request is the message with its frame: uncompressed, and its length. */
    private static void sign(CallSigner signer, GrpcUrl url, Metadata metadata, byte[] message) {
        Map<String, String> identity = new LinkedHashMap<>();
        IDENTITY.forEach(name -> identity.put(name, metadata.get(key(name))));
        byte[] frame = ByteBuffer.allocate(5).put((byte) 0).putInt(message.length).array();
        signer.sign(CallSigner.Call.of("POST", url.isSecure(), url.authority(),
                "/" + url.method(), "", identity), frame, message).forEach((name, value) -> {
                    metadata.discardAll(key(name));
                    metadata.put(key(name), value);
                });
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /**
     * What {@code answer} says. Only the participant's own word is a verdict, and only if nothing
     * was wrong with its answer.
     *
     * @param url the participant's url, for the reason
     */
    static Outcome read(String url, GrpcAnswer answer) {
        boolean legacyOngoing = answer.message().equals("ONGOING");
        if (answer.says(Status.Code.OK)) {
            return Outcome.SUCCESS;
        }
        if (answer.says(Status.Code.FAILED_PRECONDITION) || answer.says(HTTP_ONGOING)
                || answer.says(Status.Code.ABORTED) && legacyOngoing) {
            return Outcome.ongoing("url:" + url + " return ongoing: " + answer.message())
                    .retryAfter(answer.pushback());
        }
        if (answer.says(Status.Code.ABORTED) || answer.says(HTTP_FAILURE)) {
            return Outcome.failure("url:" + url + " return failed: " + answer.message())
                    .retryAfter(answer.pushback());
        }
        return Outcome.unknown(answer.told().isEmpty()
                ? "url:" + url + " gave no answer: " + answer.message()
                : "url:" + url + " return code " + code(answer) + ": " + answer.message())
                .retryAfter(answer.pushback());
    }

    private static String code(GrpcAnswer answer) {
        return answer.code() == Status.Code.UNKNOWN ? answer.told() : answer.code().name();
    }

    /** A workflow's initiator expects its data in a message; all others know their own. */
    private static Bytes message(BranchCall call) {
        if (call.key().op() != Op.RESUME) {
            return call.payload();
        }
        ByteString data = ByteString.copyFrom(call.payload().toArray());
        return Bytes.of(WorkflowData.newBuilder().setData(data).build().toByteArray());
    }

    private static Metadata metadata(BranchCall call, GrpcSettings settings) throws Unsendable {
        Metadata metadata = new Metadata();
        put(metadata, "dtm-gid", call.ownGid());
        put(metadata, "dtm-trans_type", call.mode());
        put(metadata, "dtm-branch_id", call.branchId());
        put(metadata, "dtm-op", call.op());
        put(metadata, "dtm-dtm", settings.coordinatorAddress());
        if (call.mode().equals("xa")) {
            put(metadata, "dtm-phase2_url", call.url());
        }
        for (Map.Entry<String, String> header : call.headers().entrySet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!Headers.isMetadataName(name)) {
                throw new Unsendable("a branch header has a name that no metadata can have");
            }
            if (Headers.isLeftOut(name) || OURS.contains(name) || name.startsWith("grpc-")) {
                continue;
            }
            if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                metadata.put(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER),
                        header.getValue().getBytes(StandardCharsets.UTF_8));
            } else {
                put(metadata, name, Headers.trimmed(header.getValue()));
            }
        }
        return metadata;
    }

    private static void put(Metadata metadata, String name, String value) throws Unsendable {
        try {
            Headers.requireMetadata(name, value);
        } catch (InvalidRequest wrong) {
            throw new Unsendable(wrong.getMessage());
        }
        metadata.put(key(name), value);
    }

    /** Turns the end of a call into an outcome. */
    private static final class Reply extends CompletableFuture<Outcome>
            implements GrpcExchange.Listener {

        private final BranchCall call;
        private final Attached attached;
        private final GrpcRequest request;
        private final CallRecording recording;

        Reply(BranchCall call, Attached attached, GrpcRequest request, CallRecording recording) {
            this.call = call;
            this.attached = attached;
            this.request = request;
            this.recording = recording;
        }

        @Override
        public void sent() {
            Failpoints.hit("CP-04", call.gid());
        }

        @Override
        public void answered(GrpcAnswer answer) {
            try {
                if (!answer.told().isEmpty()) {
                    Failpoints.hit("CP-05", call.gid());
                }
                if (answer.says(Status.Code.UNAUTHENTICATED)) {
                    attached.refused();
                }
                complete(recording.answered(read(call.url(), answer), request, answer));
            } finally {
                // Whatever was thrown, the transaction must hear of it, or it waits for ever.
                complete(Outcome.unknown("url:" + call.url() + ": its answer could not be read"));
            }
        }

        @Override
        public void heldBack(String reason) {
            complete(Outcome.putOff("url:" + call.url() + ": " + reason));
        }

        @Override
        public void forbidden(String reason) {
            complete(Outcome.forbidden("url:" + call.url() + " may not be called: " + reason));
        }
    }
}
