package branch;

import static branch.Calls.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import credential.ParticipantCredentials;
import egress.EgressGuard;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import meter.Meter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tls.ClientAuth;
import tls.Credentials;
import tls.NettyTls;
import tls.PemFiles;
import tls.ServerTls;
import tls.TlsFiles;
import transaction.BranchCall;
import transaction.Outcome;
import transaction.Outcome.Kind;
import transaction.Protocol;

/** Participants over gRPC and TLS: whom they are, what they are shown, and what goes along. */
class GrpcParticipantTlsTest {

    private static final String CANARY = "s3cr3t-canary";

    @TempDir
    private Path place;

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private PemFiles pem;
    private GrpcParticipant participant;
    private Invokers invokers;

    @BeforeEach
    void begin() {
        pem = new PemFiles(place);
        participant = serving("localhost", ClientAuth.NONE);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    @Test
    void itIsCalledAndItsVerdictIsRead() {
        calling("");
        participant.on("Full", call -> Status.ABORTED.withDescription("no money"));

        assertEquals(Outcome.SUCCESS, call("TransIn"));
        Outcome refused = call("Full");
        assertEquals(Kind.FAILURE, refused.kind(), refused.reason());
        for (int i = 0; i < 50; i++) {
            assertEquals(Outcome.SUCCESS, call("TransIn"));
        }

        assertEquals("gid-1", participant.received().get(0).value("dtm-gid"));
    }

    @Test
    void whoIsNotTheOneInTheUrlIsUnknown() {
        GrpcParticipant stranger = serving("elsewhere.test", ClientAuth.NONE);
        calling("");

        Outcome outcome = call(secure(stranger, "TransIn"));

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertEquals(List.of(), stranger.received());
    }

    @Test
    void whomNobodyVouchesForIsUnknown() throws Exception {
        pem = new PemFiles(Files.createDirectory(place.resolve("others")));
        calling("");

        assertEquals(Kind.UNKNOWN, call("TransIn").kind());
        assertEquals(List.of(), participant.received());
    }

    @Test
    void plainTextAndTlsAreNeverTakenForEachOther() {
        GrpcParticipant plain = opened(GrpcParticipant.start());
        calling("");

        assertEquals(Kind.UNKNOWN, call(secure(plain, "TransIn")).kind());
        assertEquals(Kind.UNKNOWN, call(by(participant.url("TransIn"))).kind());
        assertEquals(Outcome.SUCCESS, call(by(plain.url("TransIn"))));
        assertEquals(List.of(), participant.received());
    }

    @Test
    void whoWantsACertificateIsShownItsOwn() throws Exception {
        TlsFiles own = pem.issue("for-one");
        GrpcParticipant asking = serving("localhost", ClientAuth.REQUIRED);
        calling("grpcs://localhost:" + asking.port() + " tls certificate="
            + own.certificate().get() + " key=" + own.key().get() + "\n");
        GrpcParticipant alsoAsking = serving("localhost", ClientAuth.REQUIRED);

        Outcome served = call(secure(asking, "TransIn"));
        assertEquals(Outcome.SUCCESS, served, served.reason());
        assertEquals(Kind.UNKNOWN, call(secure(alsoAsking, "TransIn")).kind());
        assertEquals(List.of(), alsoAsking.received());
    }

    @Test
    void aHeaderGoesAlongInMetadataAndOnlyOverTls() {
        GrpcParticipant plain = opened(GrpcParticipant.start());
        Path key = place.resolve("key");
        PemFiles.write(key, CANARY);
        calling("grpcs://localhost:" + participant.port() + "/busi.Busi header name=X-Api-Key"
            + " value-file=" + key + "\ngrpcs://localhost:" + plain.port()
            + " header name=X-Api-Key value-file=" + key);
        participant.on("Echo", call -> Status.INTERNAL.withDescription(call.value("x-api-key")));

        BranchCall forged = secure(participant, "TransIn").with(Map.of("x-API-key", "forged"));
        assertEquals(Outcome.SUCCESS, call(forged));
        assertEquals(CANARY, participant.received().get(0).value("x-api-key"));
        Outcome echo = call("Echo");
        assertEquals(Kind.UNKNOWN, echo.kind());
        assertTrue(echo.reason().endsWith(": ***"), echo.reason());
        call(by("localhost:" + plain.port() + "/busi.Busi/TransIn"));
        call(by("static:localhost:" + plain.port() + "/busi.Busi/TransIn"));
        assertEquals(2, plain.received().size());
        plain.received().forEach(each -> assertEquals(null, each.value("x-api-key")));
    }

    @Test
    void aTokenThatIsNotAcceptedIsReplaced() {
        AtomicInteger fetched = new AtomicInteger();
        BadParticipant tokens = opened(BadParticipant.start()).on("/token", visit ->
            visit.send(BadParticipant.answer(200, "{\"access_token\":\"t-"
                + fetched.incrementAndGet() + "\",\"expires_in\":3600}")));
        Path secret = place.resolve("secret");
        PemFiles.write(secret, CANARY);
        calling("grpcs://localhost:" + participant.port() + " oauth2 token-url="
            + tokens.url("/token") + " client-id=pactor secret-file=" + secret);
        participant.on("TransIn", call -> "Bearer t-2".equals(call.value("authorization"))
            ? Status.OK : Status.UNAUTHENTICATED);

        assertEquals(Kind.UNKNOWN, call("TransIn").kind());
        assertEquals(Outcome.SUCCESS, call("TransIn"));
        assertEquals(2, fetched.get());
    }

    private GrpcParticipant serving(String name, ClientAuth auth) {
        Credentials shown = Credentials.read(pem.issue(name));
        var context = shown.forServer();
        return opened(GrpcParticipant.startAt(0, builder -> builder.sslContext(
            NettyTls.server(new ServerTls(() -> context, auth), List.of("h2")))));
    }

    private void calling(String lines) {
        Path file = place.resolve("credentials");
        PemFiles.write(file, lines + "\n");
        TlsFiles trust = new TlsFiles(Optional.empty(), Optional.empty(), Optional.of(pem.ca()));
        var context = Credentials.read(trust).forClient();
        CallSettings d = CallSettings.defaults();
        // The first handshake of a JVM takes long on a busy machine.
        invokers = opened(Invokers.create(new CallSettings(Duration.ofSeconds(20),
            d.idleTimeout(), d.maxConnections(), d.maxConnectionsPerHost(), d.queuePerHost(),
            d.responseBytesMax(), d.lookupThreads(), 1, false, d.verdictMode(), d.grpc(),
            d.retries()), EgressGuard.DEVELOPMENT, () -> context,
            ParticipantCredentials.read(Optional.of(file), trust.authorities()), () -> true,
            Meter.create()));
    }

    private Outcome call(String method) {
        return call(secure(participant, method));
    }

    private Outcome call(BranchCall call) {
        return outcome(invokers.invoke(call));
    }

    private static BranchCall secure(GrpcParticipant to, String method) {
        return by("grpcs://localhost:" + to.port() + "/busi.Busi/" + method);
    }

    private static BranchCall by(String url) {
        BranchCall call = Calls.by(Protocol.GRPC, url, "");
        return new BranchCall(call.gid(), call.mode(), call.branchId(), call.op(), call.key(), url,
            call.payload(), Map.of(), Protocol.GRPC, Duration.ofSeconds(20));
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        toClose.add(closeable);
        return closeable;
    }
}
