package workflow;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import wire.DtmBranchRequest;
import wire.DtmProgressesReply;
import wire.DtmRequest;
import wire.DtmTransOptions;

/** Workflows over gRPC: results are any bytes. */
final class GrpcWire implements CoordinatorWire {

    private final ManagedChannel channel;

    /** @param address {@code host:port} of the coordinator */
    GrpcWire(String address) {
        channel = ManagedChannelBuilder.forTarget(address).usePlaintext().build();
    }

    @Override
    public Known prepare(String gid, String name, byte[] data, String callback) {
        String custom = "{\"name\":\"" + name + "\",\"data\":\""
            + Base64.getEncoder().encodeToString(data) + "\"}";
        DtmProgressesReply reply = call(Grpc.PREPARE, about(gid).setQueryPrepared(callback)
            .setCustomedData(custom)
            .setTransOptions(DtmTransOptions.newBuilder().setRetryInterval(1)).build());
        List<Progress> progresses = reply.getProgressesList().stream()
            .map(each -> new Progress(each.getBranchID(), each.getOp(), each.getStatus(),
                each.getBinData().toByteArray())).toList();
        return new Known(reply.getTransaction().getStatus(),
            Base64.getDecoder().decode(reply.getTransaction().getResult()), progresses);
    }

    @Override
    public boolean record(String gid, Progress progress) {
        return accepted(Grpc.REGISTER, DtmBranchRequest.newBuilder().setGid(gid)
            .setTransType("workflow").setBranchID(progress.branch())
            .putData("op", progress.op()).putData("status", progress.status())
            .setBusiPayload(ByteString.copyFrom(progress.data())).build());
    }

    @Override
    public boolean finish(String gid, String status, byte[] result, String reason) {
        return accepted(Grpc.SUBMIT, about(gid).putReqExtra("status", status)
            .putReqExtra("result", Base64.getEncoder().encodeToString(result))
            .putReqExtra("rollback_reason", reason).build());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static DtmRequest.Builder about(String gid) {
        return DtmRequest.newBuilder().setGid(gid).setTransType("workflow");
    }

    private <Q, A> boolean accepted(MethodDescriptor<Q, A> method, Q request) {
        try {
            call(method, request);
            return true;
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.ABORTED) {
                return false;
            }
            throw e;
        }
    }

    private <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
        return ClientCalls.blockingUnaryCall(channel, method,
            CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), request);
    }
}
