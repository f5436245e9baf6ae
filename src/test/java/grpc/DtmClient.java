package grpc;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import tls.NettyTls;
import wire.DtmBranchRequest;
import wire.DtmGidReply;
import wire.DtmProgressesReply;
import wire.DtmRequest;
import wire.DtmTopicRequest;

/** A client of DTM's gRPC service at a port of this machine, over grpc-java. */
public final class DtmClient implements AutoCloseable {

    /** Longer than any answer may take, so that a test sees the server's own bounds. */
    private static final long PATIENCE_SECONDS = 40;

    private final ManagedChannel channel;

    public DtmClient(int port) {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext()
            .maxInboundMessageSize(64 << 20).build();
    }

    /** Over TLS, as {@code trusting} has it. */
    DtmClient(int port, SSLContext trusting) {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
            .sslContext(NettyTls.client(() -> trusting, List.of("h2"))).build();
    }

    /**
     * What came back.
     *
     * @param message null unless the status is OK
     */
    public record Answer<A>(Status status, A message) {

        public String code() {
            return status.getCode().name();
        }

        public String text() {
            return status.getDescription() == null ? "" : status.getDescription();
        }
    }

    public Answer<DtmGidReply> newGid() {
        return call("NewGid", Empty.getDefaultInstance(), DtmGidReply.getDefaultInstance());
    }

    /** Submit, Prepare or Abort. */
    public Answer<Empty> ask(String method, DtmRequest request) {
        return call(method, request, Empty.getDefaultInstance());
    }

    public Answer<Empty> register(DtmBranchRequest request) {
        return call("RegisterBranch", request, Empty.getDefaultInstance());
    }

    public Answer<DtmProgressesReply> prepareWorkflow(DtmRequest request) {
        return call("PrepareWorkflow", request, DtmProgressesReply.getDefaultInstance());
    }

    /** Subscribe, Unsubscribe or DeleteTopic. */
    public Answer<Empty> topic(String method, String topic, String url) {
        return call(method, DtmTopicRequest.newBuilder().setTopic(topic).setURL(url).build(),
            Empty.getDefaultInstance());
    }

    /** Any method of the service, with whatever message. */
    public <Q extends Message, A extends Message> Answer<A> call(
            String method, Q request, A answer) {
        return call(method(method, request, answer), request);
    }

    /** Any method at all. */
    public <Q, A> Answer<A> call(MethodDescriptor<Q, A> method, Q request) {
        try {
            return new Answer<>(Status.OK, ClientCalls.blockingUnaryCall(channel, method,
                CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS),
                request));
        } catch (StatusRuntimeException failed) {
            return new Answer<>(failed.getStatus(), null);
        }
    }

    /** How a call of any method ends, also of another service, with an empty message. */
    public Status.Code code(String method) {
        try (RawCall call = RawCall.start(channel, method)) {
            return call.send(new byte[0]).halfClose().status().getCode();
        }
    }

    public ManagedChannel channel() {
        return channel;
    }

    public static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(
            String method, Q request, A answer) {
        return MethodDescriptor.<Q, A>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("dtmgimp.Dtm/" + method)
            .setRequestMarshaller(ProtoUtils.marshaller(request))
            .setResponseMarshaller(ProtoUtils.marshaller(answer))
            .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
