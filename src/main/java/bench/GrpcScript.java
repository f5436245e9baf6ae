package bench;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import wire.DtmBranchRequest;
import wire.DtmRequest;
import wire.DtmTransOptions;

/** The calls that make one transaction of a workload over gRPC, in order. */
final class GrpcScript {

    /** The service of the tool's participants. */
    static final String PARTICIPANT = "bench.Participant";
    /** Where participants find the transaction. */
    static final Metadata.Key<String> GID = key("dtm-gid");

    private static final String DTM = "dtmgimp.Dtm";
    private static final Metadata.Key<String> MODE = key("dtm-trans_type");
    private static final Metadata.Key<String> BRANCH = key("dtm-branch_id");
    private static final Metadata.Key<String> OP = key("dtm-op");
    private static final ByteString PAYLOAD = ByteString.copyFromUtf8(Script.PAYLOAD);

    /**
     * One call and how it must end.
     *
     * @param name what it is called over HTTP, for error kinds
     * @param branch the branch if it goes to the tool's participant (a try); empty if it goes to
     *     the coordinator
     * @param method takes and gives bytes
     * @param message with any gid of the run
     */
    record Request(String name, String branch, MethodDescriptor<byte[], byte[]> method,
            RequestTemplate message, Status.Code expects) {

        boolean toParticipant() {
            return !branch.isEmpty();
        }
    }

    private final Plan plan;
    private final String participants;
    private final String gid;
    private final List<Request> requests = new ArrayList<>();

    private GrpcScript(Plan plan, String participants, String gid) {
        this.plan = plan;
        this.participants = participants;
        this.gid = gid;
    }

    /**
     * @param participants {@code host:port} of the participants
     * @param gid any gid of the run
     */
    static List<Request> of(Plan plan, String participants, String gid) {
        GrpcScript script = new GrpcScript(plan, participants, gid);
        switch (plan.workload()) {
            case SAGA_EMPTY -> script.saga(Script.step("", ""), Script.step("", ""));
            case SAGA -> script.saga(
                    script.step(Act.ACTION_1, Act.COMPENSATE_1),
                    script.step(Act.ACTION_2, Act.COMPENSATE_2));
            case SAGA_ROLLBACK -> script.saga(
                    script.step(Act.ACTION_1, Act.COMPENSATE_1),
                    script.step(Act.REFUSE_2, Act.COMPENSATE_2));
            case TCC -> script.tcc();
            case MSG -> script.msg();
        }
        return List.copyOf(script.requests);
    }

    /** The metadata of a try, as clients of DTM send it. */
    static Metadata ofTry(Request request, String gid) {
        Metadata metadata = new Metadata();
        metadata.put(GID, gid);
        metadata.put(MODE, Workload.TCC.mode());
        metadata.put(BRANCH, request.branch());
        metadata.put(OP, "try");
        return metadata;
    }

    /** The method of {@code service} with that name; its messages are bytes. */
    static MethodDescriptor<byte[], byte[]> method(String service, String name) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
                .setRequestMarshaller(new RawBytes())
                .setResponseMarshaller(new RawBytes())
                .build();
    }

    private void saga(String first, String second) {
        submit(withSteps(first, second).build());
    }

    private void tcc() {
        call("prepare", "Prepare", transaction().build());
        register("01", Act.CONFIRM_1, Act.CANCEL_1);
        attempt("01", Act.TRY_1);
        register("02", Act.CONFIRM_2, Act.CANCEL_2);
        attempt("02", Act.TRY_2);
        submit(transaction().build());
    }

    private void msg() {
        DtmRequest message = withSteps(receiver(Act.ACTION_1), receiver(Act.ACTION_2))
                .setQueryPrepared(url(Act.CHECK)).build();
        call("prepare", "Prepare", message);
        submit(message);
    }

    private void submit(DtmRequest request) {
        boolean refused = plan.waitResult() && plan.workload() == Workload.SAGA_ROLLBACK;
        add("submit", "Submit", request.toByteArray(),
                refused ? Status.Code.ABORTED : Status.Code.OK);
    }

    private void register(String branch, Act confirm, Act cancel) {
        add("registerBranch", "RegisterBranch", DtmBranchRequest.newBuilder().setGid(gid)
                .setTransType(plan.workload().mode()).setBranchID(branch)
                .putData("confirm", url(confirm)).putData("cancel", url(cancel))
                .setBusiPayload(PAYLOAD).build().toByteArray(), Status.Code.OK);
    }

    private void attempt(String branch, Act act) {
        requests.add(new Request("try", branch, method(PARTICIPANT, act.method()),
                RequestTemplate.of(PAYLOAD.toByteArray(), gid), Status.Code.OK));
    }

    private void call(String name, String method, DtmRequest request) {
        add(name, method, request.toByteArray(), Status.Code.OK);
    }

    private void add(String name, String method, byte[] message, Status.Code expects) {
        requests.add(new Request(name, "", method(DTM, method),
                RequestTemplate.of(message, gid), expects));
    }

    private DtmRequest.Builder withSteps(String first, String second) {
        return transaction().setSteps("[" + first + "," + second + "]")
                .addBinPayloads(PAYLOAD).addBinPayloads(PAYLOAD);
    }

    private DtmRequest.Builder transaction() {
        return DtmRequest.newBuilder().setGid(gid).setTransType(plan.workload().mode())
                .setTransOptions(DtmTransOptions.newBuilder().setWaitResult(plan.waitResult()));
    }

    private String receiver(Act action) {
        return "{\"action\":\"" + url(action) + "\"}";
    }

    private String step(Act action, Act compensate) {
        return Script.step(url(action), url(compensate));
    }

    private String url(Act act) {
        return participants + "/" + PARTICIPANT + "/" + act.method();
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
