package oidc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import client.CoordinatorProcess.Launch;
import com.google.protobuf.Empty;
import grpc.DtmClient;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import oidc.TestIssuer.SigningKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wire.DtmGidReply;

/** The runnable jar with an issuer: the same callers at each of its doors. */
class OidcIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final SigningKey FIRST = TestIssuer.key("first", "RS256");
    private static final SigningKey SECOND = TestIssuer.key("second", "ES256");

    @TempDir
    private Path dir;

    private final HttpClient http = HttpClient.newHttpClient();
    private TestIssuer issuer;
    private CoordinatorProcess server;

    /** While the issuer is away. */
    @BeforeEach
    void start() throws IOException {
        issuer = TestIssuer.start(FIRST);
        issuer.answerWith(500);
        Path identities = Files.writeString(dir.resolve("identities"), """
            # name  role             credential
            *       client:orders-*  claim:orders-team
            *       viewer           claim:on call
            """);
        server = CoordinatorProcess.start(Launch.in(dir.resolve("data"))
            .withJvm("-Xmx256m", "-XX:TieredStopAtLevel=1").withArguments(
                "--set", "pactor.security.identities-file=" + identities,
                "--set", "pactor.security.oidc.issuer=" + issuer.url(),
                "--set", "pactor.security.oidc.audience=pactor",
                "--set", "pactor.security.oidc.retry=1 s"));
    }

    @AfterEach
    void stop() {
        server.close();
        issuer.close();
    }

    private String token(SigningKey key, String subject, String... groups) {
        return TestIssuer.sign(key, issuer.claims(subject, Instant.now(), groups).build());
    }

    private HttpRequest request(String path, String token, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create(server.baseUrl() + path)).timeout(PATIENCE);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return (body.isEmpty() ? request
            : request.POST(HttpRequest.BodyPublishers.ofString(body))).build();
    }

    private HttpResponse<String> answer(String path, String token) throws Exception {
        return http.send(request(path, token, ""), HttpResponse.BodyHandlers.ofString());
    }

    private int status(String path, String token) throws Exception {
        return answer(path, token).statusCode();
    }

    private String grpc(String token) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
            .usePlaintext().build();
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
            "Bearer " + token);
        Channel with = ClientInterceptors.intercept(
            channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        try {
            return ClientCalls.blockingUnaryCall(with, DtmClient.method("NewGid",
                Empty.getDefaultInstance(), DtmGidReply.getDefaultInstance()),
                CallOptions.DEFAULT, Empty.getDefaultInstance()).getGid();
        } catch (StatusRuntimeException failed) {
            return failed.getStatus().getCode().name();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void theIssuersTokensAreKnownAtEachDoor() throws Exception {
        String orders = token(FIRST, "orders", "orders-team");
        whileTheIssuerIsAwayNobodyCanTell(orders);
        issuer.answerWith(200);
        await().atMost(PATIENCE).until(() -> status("/api/dtmsvr/newGid", orders) == 200);

        String alice = token(FIRST, "alice", "lunch", "on call");
        assertTrue(answer("/api/dtmsvr/newGid", orders).body().contains("orders-"));
        assertTrue(grpc(orders).startsWith("orders-"), grpc(orders));
        assertEquals(200, http.send(request("/api/json-rpc", orders,
            "{\"jsonrpc\":\"2.0\",\"method\":\"newGid\",\"params\":{},\"id\":1}"),
            HttpResponse.BodyHandlers.discarding()).statusCode());
        assertEquals(403, http.send(request("/api/dtmsvr/submit", orders,
            "{\"gid\":\"stock-1\",\"trans_type\":\"saga\",\"steps\":[],\"payloads\":[]}"),
            HttpResponse.BodyHandlers.discarding()).statusCode(), "out of its scope");
        HttpResponse<InputStream> events = http.send(request("/api/events", alice, ""),
            HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, events.statusCode());
        events.body().close();
        assertEquals(200, status("/api/dtmsvr/all", alice));
        HttpResponse<String> refused = answer("/api/dtmsvr/newGid", alice);
        assertEquals(403, refused.statusCode());
        assertTrue(refused.body().contains("alice (viewer)"), refused.body());
        assertEquals("PERMISSION_DENIED", grpc(alice));

        String nobody = token(FIRST, "carol", "lunch");
        assertEquals(403, status("/api/dtmsvr/all", nobody));
        assertEquals("PERMISSION_DENIED", grpc(nobody));
        String strange = token(TestIssuer.key("first", "RS256"), "mallory", "orders-team");
        assertEquals(401, status("/api/dtmsvr/newGid", strange));
        assertEquals("UNAUTHENTICATED", grpc(strange));
        assertEquals(401, status("/api/dtmsvr/newGid", ""));

        aRotationRefusesNobody(orders);
        assertFalse(String.join("\n", server.log()).contains(orders), "no token is logged");
        assertTrue(server.log().stream().anyMatch(line -> line.contains(
            "the token is not known, and no signed JWT")), "the log says why, once a minute");
    }

    private void whileTheIssuerIsAwayNobodyCanTell(String orders) throws Exception {
        HttpResponse<String> early = answer("/api/dtmsvr/newGid", orders);
        assertEquals(503, early.statusCode());
        assertEquals("1", early.headers().firstValue("Retry-After").orElse(""));
        assertEquals("UNAVAILABLE", grpc(orders));
        assertEquals(200, status("/api/ping", ""));
        assertEquals(401, status("/api/dtmsvr/newGid", "no-jwt"), "no keys are needed for that");
    }

    /** The issuer changes its keys at once, and is then away: all that is asked is to try again. */
    private void aRotationRefusesNobody(String before) throws Exception {
        issuer.publish(FIRST, SECOND);
        String after = token(SECOND, "orders", "orders-team");
        List<Integer> statuses = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            statuses.add(status("/api/dtmsvr/newGid", before));
            int now = status("/api/dtmsvr/newGid", after);
            assertTrue(now == 200 || now == 503, "it was refused: " + now);
            return now == 200;
        });
        assertEquals(List.of(200), statuses.stream().distinct().toList());
        issuer.answerWith(500);
        assertEquals(200, status("/api/dtmsvr/newGid", after));
        assertTrue(grpc(after).startsWith("orders-"));
    }
}
