package bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import wire.DtmBranchRequest;
import wire.DtmRequest;

/** The fake coordinator over gRPC: its requests become those over HTTP, and its answers theirs. */
final class FakeGrpc implements AutoCloseable {

    /** What answers; the status is that of HTTP, and 0 hangs up. */
    interface Inner {
        int answer(String endpoint, JsonNode request) throws IOException;
    }

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
    private final Inner inner;
    private final Server server;

    FakeGrpc(Inner inner, Executor threads) throws IOException {
        this.inner = inner;
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder("dtmgimp.Dtm");
        for (String name : new String[] {"Prepare", "Submit"}) {
            service.addMethod(method("dtmgimp.Dtm/" + name, DtmRequest.getDefaultInstance()),
                    ServerCalls.asyncUnaryCall((request, out) ->
                            answer(name.toLowerCase(Locale.ROOT), transaction(request), out)));
        }
        service.addMethod(
                method("dtmgimp.Dtm/RegisterBranch", DtmBranchRequest.getDefaultInstance()),
                ServerCalls.asyncUnaryCall((request, out) ->
                        answer("registerBranch", branch(request), out)));
        server = NettyServerBuilder
                .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .executor(threads).addService(service.build()).build().start();
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        channels.values().forEach(ManagedChannel::shutdownNow);
    }

    /** Calls a branch and gives the HTTP status that means the same. */
    int call(String url, String payload, Map<String, String> metadata) {
        int slash = url.indexOf('/');
        ManagedChannel channel = channels.computeIfAbsent(url.substring(0, slash),
                target -> NettyChannelBuilder.forTarget(target).usePlaintext().build());
        Metadata headers = new Metadata();
        metadata.forEach((name, value) -> headers.put(
                Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        try {
            ClientCalls.blockingUnaryCall(
                    ClientInterceptors.intercept(
                            channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
                    method(url.substring(slash + 1), DtmRequest.getDefaultInstance()),
                    CallOptions.DEFAULT,
                    DtmRequest.newBuilder().setCustomedData(payload).build());
            return 200;
        } catch (StatusRuntimeException failed) {
            return failed.getStatus().getCode() == Status.Code.ABORTED
                    && failed.getMessage().endsWith("FAILURE") ? 409 : 500;
        }
    }

    private void answer(String endpoint, JsonNode request, StreamObserver<Empty> out) {
        int status;
        try {
            status = inner.answer(endpoint, request);
        } catch (IOException thrown) {
            status = 500;
        }
        switch (status) {
            case 200 -> {
                out.onNext(Empty.getDefaultInstance());
                out.onCompleted();
            }
            case 409 -> out.onError(
                    Status.ABORTED.withDescription("it failed. FAILURE").asRuntimeException());
            case 0 -> server.shutdownNow();
            default -> out.onError(
                    Status.UNKNOWN.withDescription("out of paper").asRuntimeException());
        }
    }

    private ObjectNode transaction(DtmRequest request) {
        ObjectNode read = json.createObjectNode().put("gid", request.getGid())
                .put("trans_type", request.getTransType())
                .put("wait_result", request.getTransOptions().getWaitResult());
        try {
            read.set("steps", json.readTree(request.getSteps()));
        } catch (IOException notJson) {
            throw new IllegalArgumentException(notJson);
        }
        ArrayNode payloads = read.putArray("payloads");
        request.getBinPayloadsList().stream().map(FakeGrpc::text).forEach(payloads::add);
        return read;
    }

    private ObjectNode branch(DtmBranchRequest request) {
        return json.createObjectNode().put("gid", request.getGid())
                .put("confirm", request.getDataOrThrow("confirm"))
                .put("data", text(request.getBusiPayload()));
    }

    private static String text(ByteString bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static <Q extends Message> MethodDescriptor<Q, Empty> method(String name, Q request) {
        return MethodDescriptor.<Q, Empty>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(name)
                .setRequestMarshaller(ProtoUtils.marshaller(request))
                .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
                .build();
    }
}
