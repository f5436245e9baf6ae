package grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import security.Access;
import security.AddressRule;
import security.Identities;
import security.Token;
import wire.DtmGidReply;
import wire.DtmRequest;
import wire.DtmTopicRequest;

/** J-03 over gRPC: each method with no token, a wrong one, and those of roles. */
class CallerRolesTest {

    private final Wire wire = Wire.start(
        new Access(true, CallerRolesTest::identities, () -> List.of()));

    private static Identities identities() {
        return Identities.of(List.of("client client " + hash("client"),
            "orders client:orders-* " + hash("orders"), "viewer viewer " + hash("viewer"),
            "operator operator " + hash("operator"), "admin admin " + hash("admin")));
    }

    private static String hash(String token) {
        return "sha256:" + HexFormat.of().formatHex(Token.hash(token));
    }

    @AfterEach
    void close() {
        wire.close();
    }

    private Channel channel(String token) {
        Metadata headers = new Metadata();
        if (!token.isEmpty()) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + token);
        }
        return ClientInterceptors.intercept(
            wire.client.channel(), MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private <Q extends Message, A extends Message> String code(
            String token, String method, Q request, A answer) {
        try {
            ClientCalls.blockingUnaryCall(channel(token), DtmClient.method(method, request, answer),
                CallOptions.DEFAULT, request);
            return "OK";
        } catch (StatusRuntimeException failed) {
            return failed.getStatus().getCode().name();
        }
    }

    private String newGid(String token) {
        return code(token, "NewGid", Empty.getDefaultInstance(), DtmGidReply.getDefaultInstance());
    }

    private String submit(String token, String gid) {
        return code(token, "Submit", DtmRequest.newBuilder().setGid(gid).setTransType("saga")
            .setSteps("[{\"action\":\"http://a/x\"}]")
            .addBinPayloads(ByteString.copyFromUtf8("{}")).build(),
            Empty.getDefaultInstance());
    }

    private String subscribe(String token) {
        return code(token, "Subscribe", DtmTopicRequest.newBuilder().setTopic("t")
            .setURL("http://a/x").build(), Empty.getDefaultInstance());
    }

    @Test
    void whoIsNotKnownCallsNothing() {
        for (String token : List.of("", "wrong")) {
            assertEquals("UNAUTHENTICATED", newGid(token));
            assertEquals("UNAUTHENTICATED", submit(token, "g"));
            assertEquals("UNAUTHENTICATED", subscribe(token));
        }
        assertEquals(List.of(), wire.coordinator.calls());
    }

    @Test
    void eachRoleCallsWhatIsItsOwn() {
        assertEquals("OK", newGid("client"));
        assertEquals("PERMISSION_DENIED", newGid("viewer"));
        assertEquals("PERMISSION_DENIED", submit("operator", "g"));
        assertEquals("PERMISSION_DENIED", subscribe("client"));
        assertEquals("OK", subscribe("operator"));
        assertEquals("OK", submit("admin", "g"));
    }

    @Test
    void aScopeHolds() {
        assertEquals("OK", submit("orders", "orders-1"));
        assertEquals("PERMISSION_DENIED", submit("orders", "stock-1"));
    }

    @Test
    void anybodyAsksForHealthAndOnlyTheKnownForReflection() throws Exception {
        assertEquals(HealthCheckResponse.ServingStatus.SERVING,
            HealthGrpc.newBlockingStub(channel("")).check(
                HealthCheckRequest.getDefaultInstance()).getStatus());
        assertEquals(Status.Code.UNAUTHENTICATED, reflected("").get().getCode());
        assertTrue(reflected("viewer").get().isOk());
    }

    private CompletableFuture<Status> reflected(String token) {
        CompletableFuture<Status> status = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> asking = ServerReflectionGrpc
            .newStub(channel(token)).serverReflectionInfo(new StreamObserver<>() {
                @Override
                public void onNext(ServerReflectionResponse response) {
                    status.complete(Status.OK);
                }

                @Override
                public void onError(Throwable thrown) {
                    status.complete(Status.fromThrowable(thrown));
                }

                @Override
                public void onCompleted() {
                    status.complete(Status.OK);
                }
            });
        asking.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        return status;
    }

    /** They cannot send metadata of their own. */
    @Test
    void aRuleLetsInDtmsClients() {
        try (Wire ruled = Wire.start(new Access(true, () -> Identities.NONE,
                () -> AddressRule.of(List.of("http any any admin",
                    "grpc 127.0.0.0/8 plain client:old-*"))))) {
            assertEquals("OK", ruled.client.newGid().code());
            assertTrue(ruled.client.newGid().message().getGid().startsWith("old-"));
        }
    }
}
