package bench;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import wire.DtmBranchRequest;
import wire.DtmRequest;
import wire.DtmTransOptions;

/** The calls that make one transaction of a workload over gRPC, in order. */
final class GrpcScript {

    /** What the paths of the tool's participants begin with; the method follows. */
    static final String PATH = "/bench.Participant/";
    /** Where participants find the transaction. */
    static final AsciiString GID = AsciiString.cached("dtm-gid");

    private static final String DTM = "/dtmgimp.Dtm/";
    private static final AsciiString MODE = AsciiString.cached("dtm-trans_type");
    private static final AsciiString BRANCH = AsciiString.cached("dtm-branch_id");
    private static final AsciiString OP = AsciiString.cached("dtm-op");
    private static final AsciiString TE = AsciiString.cached("te");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final ByteString PAYLOAD = ByteString.copyFromUtf8(Script.PAYLOAD);

    /**
     * One call and how it must end.
     *
     * @param name what it is called over HTTP, for error kinds
     * @param branch the branch if it goes to the tool's participant (a try); empty if it goes to
     *     the coordinator
     * @param headers without a gid; not to be changed
     * @param message gRPC's prefix and a message with any gid of the run
     */
    record Request(String name, String branch, Http2Headers headers, RequestTemplate message,
            Status.Code expects) {

        boolean toParticipant() {
            return !branch.isEmpty();
        }
    }

    private final BenchPlan plan;
    private final String participants;
    private final String gid;
    private final List<Request> requests = new ArrayList<>();

    private GrpcScript(BenchPlan plan, String participants, String gid) {
        this.plan = plan;
        this.participants = participants;
        this.gid = gid;
    }

    /**
     * @param participants {@code host:port} of the participants
     * @param gid any gid of the run
     */
    static List<Request> of(BenchPlan plan, String participants, String gid) {
        GrpcScript script = new GrpcScript(plan, participants, gid);
        switch (plan.workload()) {
            case SAGA_EMPTY -> script.saga(Script.step("", ""), Script.step("", ""));
            case SAGA -> script.saga(
                    script.step(CallKind.ACTION_1, CallKind.COMPENSATE_1),
                    script.step(CallKind.ACTION_2, CallKind.COMPENSATE_2));
            case SAGA_ROLLBACK -> script.saga(
                    script.step(CallKind.ACTION_1, CallKind.COMPENSATE_1),
                    script.step(CallKind.REFUSE_2, CallKind.COMPENSATE_2));
            case TCC -> script.tcc();
            case MSG -> script.msg();
        }
        return List.copyOf(script.requests);
    }

    /** The headers of a try, as clients of DTM send them. */
    static Http2Headers ofTry(Request request, String gid) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        headers.setAll(request.headers());
        return headers.set(GID, gid).set(MODE, Workload.TCC.mode())
                .set(BRANCH, request.branch()).set(OP, "try");
    }

    private void saga(String first, String second) {
        submit(withSteps(first, second).build());
    }

    private void tcc() {
        call("prepare", "Prepare", transaction().build());
        register("01", CallKind.CONFIRM_1, CallKind.CANCEL_1);
        attempt("01", CallKind.TRY_1);
        register("02", CallKind.CONFIRM_2, CallKind.CANCEL_2);
        attempt("02", CallKind.TRY_2);
        submit(transaction().build());
    }

    private void msg() {
        DtmRequest message = withSteps(receiver(CallKind.ACTION_1), receiver(CallKind.ACTION_2))
                .setQueryPrepared(url(CallKind.CHECK)).build();
        call("prepare", "Prepare", message);
        submit(message);
    }

    private void submit(DtmRequest request) {
        boolean refused = plan.waitResult() && plan.workload() == Workload.SAGA_ROLLBACK;
        add("submit", "Submit", request.toByteArray(),
                refused ? Status.Code.ABORTED : Status.Code.OK);
    }

    private void register(String branch, CallKind confirm, CallKind cancel) {
        add("registerBranch", "RegisterBranch", DtmBranchRequest.newBuilder().setGid(gid)
                .setTransType(plan.workload().mode()).setBranchID(branch)
                .putData("confirm", url(confirm)).putData("cancel", url(cancel))
                .setBusiPayload(PAYLOAD).build().toByteArray(), Status.Code.OK);
    }

    private void attempt(String branch, CallKind act) {
        requests.add(new Request("try", branch, headers(participants, PATH + act.method()),
                message(PAYLOAD.toByteArray()), Status.Code.OK));
    }

    private void call(String name, String method, DtmRequest request) {
        add(name, method, request.toByteArray(), Status.Code.OK);
    }

    private void add(String name, String method, byte[] message, Status.Code expects) {
        Http2Headers headers = headers(plan.grpcAddress(), DTM + method);
        plan.shown().forEach((header, value) ->
                headers.set(header.toLowerCase(Locale.ROOT), value));
        requests.add(new Request(name, "", headers, message(message), expects));
    }

    private RequestTemplate message(byte[] message) {
        byte[] framed = ByteBuffer.allocate(GrpcFrames.PREFIX_BYTES + message.length)
                .put((byte) 0).putInt(message.length).put(message).array();
        return RequestTemplate.of(framed, gid);
    }

    private static Http2Headers headers(String authority, String path) {
        return new DefaultHttp2Headers(false).method(HttpMethod.POST.asciiName())
                .scheme(HttpScheme.HTTP.name()).authority(new AsciiString(authority))
                .path(new AsciiString(path)).set(GrpcFrames.CONTENT_TYPE, GrpcFrames.GRPC)
                .set(TE, TRAILERS);
    }

    private DtmRequest.Builder withSteps(String first, String second) {
        return transaction().setSteps("[" + first + "," + second + "]")
                .addBinPayloads(PAYLOAD).addBinPayloads(PAYLOAD);
    }

    private DtmRequest.Builder transaction() {
        return DtmRequest.newBuilder().setGid(gid).setTransType(plan.workload().mode())
                .setTransOptions(DtmTransOptions.newBuilder().setWaitResult(plan.waitResult()));
    }

    private String receiver(CallKind action) {
        return "{\"action\":\"" + url(action) + "\"}";
    }

    private String step(CallKind action, CallKind compensate) {
        return Script.step(url(action), url(compensate));
    }

    private String url(CallKind act) {
        return participants + PATH + act.method();
    }
}
