package workflow;

import com.google.protobuf.Empty;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.grpc.util.MutableHandlerRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import wire.WorkflowData;

/** Over gRPC: the data is the message, gid and name are in the metadata. */
final class GrpcCallback implements ClientProcess.Callback {

    private static final Context.Key<Metadata> METADATA = Context.key("metadata");

    private final MutableHandlerRegistry methods = new MutableHandlerRegistry();
    private final Server server;

    GrpcCallback(int port) throws IOException {
        server = NettyServerBuilder
            .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .fallbackHandlerRegistry(methods).build().start();
    }

    @Override
    public String url() {
        return "127.0.0.1:" + port() + "/workflow.Workflow/Execute";
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Override
    public void onCall(ClientProcess.Resume resume) {
        ServerServiceDefinition service = ServerServiceDefinition.builder("workflow.Workflow")
            .addMethod(Grpc.EXECUTE, ServerCalls.<WorkflowData, Empty>asyncUnaryCall(
                (data, answer) -> resumed(resume, data, answer)))
            .build();
        methods.addService(ServerInterceptors.intercept(service, new Metadatas()));
    }

    private static void resumed(
            ClientProcess.Resume resume, WorkflowData data, StreamObserver<Empty> answer) {
        Metadata metadata = METADATA.get();
        if (!WorkflowClient.NAME.equals(metadata.get(Grpc.key("dtm-op")))
                || !"00".equals(metadata.get(Grpc.key("dtm-branch_id")))
                || !"workflow".equals(metadata.get(Grpc.key("dtm-trans_type")))) {
            answer.onError(Status.UNKNOWN.withDescription(metadata.toString()).asException());
            return;
        }
        try {
            resume.run(metadata.get(Grpc.key("dtm-gid")), data.getData().toByteArray());
            answer.onNext(Empty.getDefaultInstance());
            answer.onCompleted();
        } catch (RuntimeException e) {
            answer.onError(Status.UNKNOWN.withDescription(e.toString()).asException());
        }
    }

    /** Lets the method see what it was called with. */
    private static final class Metadatas implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return Contexts.interceptCall(
                Context.current().withValue(METADATA, headers), call, headers, next);
        }
    }
}
