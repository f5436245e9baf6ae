package io.pactor.spring.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.pactor.client.Pactor;
import io.pactor.client.participant.BranchCall;
import io.pactor.spring.participant.BranchContext;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a participant calls over gRPC hears for which branch it does so. */
class ContextClientInterceptorTest {

    private static final MethodDescriptor<InputStream, InputStream> METHOD =
        MethodDescriptor.<InputStream, InputStream>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY).setFullMethodName("shop.Stock/Look")
            .setRequestMarshaller(new Bytes()).setResponseMarshaller(new Bytes()).build();

    private final BlockingQueue<Metadata> received = new LinkedBlockingQueue<>();
    private Server server;
    private ManagedChannel channel;

    /** Messages as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<InputStream> {

        @Override
        public InputStream stream(InputStream value) {
            return value;
        }

        @Override
        public InputStream parse(InputStream stream) {
            return stream;
        }
    }

    private static InputStream empty() {
        return new ByteArrayInputStream(new byte[0]);
    }

    @BeforeEach
    void start() throws Exception {
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name).directExecutor().addService(
            ServerInterceptors.intercept(ServerServiceDefinition.builder("shop.Stock").addMethod(
                METHOD, ServerCalls.asyncUnaryCall((request, answer) -> {
                    answer.onNext(empty());
                    answer.onCompleted();
                })).build(), new Listening())).build().start();
        channel = InProcessChannelBuilder.forName(name).directExecutor()
            .intercept(new ContextClientInterceptor()).build();
    }

    /** Keeps the metadata of each call. */
    private final class Listening implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call,
                Metadata metadata, ServerCallHandler<Q, A> next) {
            received.add(metadata);
            return next.startCall(call, metadata);
        }
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    private static void look(Channel channel) {
        ClientCalls.blockingUnaryCall(channel, METHOD, CallOptions.DEFAULT, empty());
    }

    private String said(Metadata metadata, String key) {
        return metadata.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
    }

    @Test
    void a_call_of_a_participant_carries_its_branch_and_is_not_taken_for_it() throws Exception {
        BranchContext.call(new BranchCall("order-7", "saga", "02", "action"), () -> {
            look(channel);
            return null;
        });

        Metadata metadata = received.take();
        assertThat(said(metadata, "pactor-gid")).isEqualTo("order-7");
        assertThat(said(metadata, "pactor-trans-type")).isEqualTo("saga");
        assertThat(said(metadata, "pactor-branch-id")).isEqualTo("02");
        assertThat(said(metadata, "pactor-op")).isEqualTo("action");
        assertThat(said(metadata, "dtm-gid")).isNull();
    }

    @Test
    void another_call_carries_nothing() throws Exception {
        look(channel);

        assertThat(received.take().keys()).noneMatch(key -> key.startsWith("pactor"));
    }

    @Test
    void a_step_over_grpc_is_refused_and_not_sent() {
        try (Pactor pactor = Pactor.connect("http://127.0.0.1:1")) {
            assertThatThrownBy(() -> pactor.saga().step(() -> look(channel)))
                .hasMessageContaining("shop.Stock/Look is a call over gRPC");
        }
        assertThat(received).isEmpty();
    }
}
