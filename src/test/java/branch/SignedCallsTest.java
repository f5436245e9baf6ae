package branch;

import static branch.Calls.outcome;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import credential.ParticipantCredentials;
import egress.EgressGuard;
import health.Guard;
import health.NodeFailure;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import meter.Meter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import signature.CallSigner;
import signature.Proof;
import signature.SigningKey;
import signature.SigningKeys;
import tls.Credentials;
import tls.TlsFiles;
import transaction.Alert;
import transaction.BranchCall;
import transaction.Op;
import transaction.Outcome;
import transaction.Protocol;
import transaction.VerdictMode;

/** Whatever goes to a participant bears a signature of all that tells it what to do. */
final class SignedCallsTest {

    private final SigningKey key = SigningKey.make();
    private final Proof proof =
        new Proof(new String(new SigningKeys(List.of(key)).published(), StandardCharsets.UTF_8));
    private final AtomicReference<SigningKey> signing = new AtomicReference<>(key);
    private final BadParticipant participant = BadParticipant.start();
    private final GrpcParticipant grpc = GrpcParticipant.start();
    private final Meter meter = Meter.create();
    private final Invokers invokers = Invokers.create(CallSettings.defaults(),
            EgressGuard.DEVELOPMENT, Credentials.read(TlsFiles.NONE)::forClient,
            ParticipantCredentials.none(), new CallSigner(signing::get, Clock.systemUTC()),
            () -> true, meter);

    @AfterEach
    void close() throws Exception {
        invokers.close();
        participant.close();
        grpc.close();
    }

    /** Far longer than it takes, on a machine that is busy with other things. */
    private Outcome made(BranchCall call) {
        return outcome(invokers.invoke(new BranchCall(call.gid(), call.mode(), call.branchId(),
                call.op(), call.key(), call.url(), call.payload(), call.headers(),
                call.protocol(), Duration.ofSeconds(20), call.verdictMode(), call.isRepeat(),
                call.method(), call.openedAt())));
    }

    private Proof.Signed received(String path) {
        List<String> all = participant.received(path);
        return proof.ofText(all.get(all.size() - 1));
    }

    @Test
    void aPostIsSignedWithItsUrlAndItsBody() {
        assertEquals(Outcome.SUCCESS, made(Calls.action(participant.url("/in?x=%C3%A4"))));

        assertEquals(key.id(), received("/in").keyId());
    }

    /** A check-back has no body. */
    @Test
    void aGetIsSignedWithAnEmptyBody() {
        made(Calls.call(Op.ACTION, participant.url("/check"), "", Duration.ofSeconds(3)));

        assertTrue(participant.received("/check").get(0).startsWith("GET "));
        received("/check");
    }

    @Test
    void jsonRpcIsSignedWithTheBodyThatSaysWhichCallItIs() {
        made(Calls.by(Protocol.JSON_RPC, participant.url("/rpc?method=in"), "{\"a\":1}"));

        assertTrue(participant.received("/rpc").get(0).contains("\"gid\":\"gid-1\""));
        received("/rpc");
    }

    @Test
    void aCallOverGrpcIsSignedWithItsMetadataAndItsMessage() {
        assertEquals(Outcome.SUCCESS,
                made(Calls.by(Protocol.GRPC, grpc.url("In"), "not parsed")));

        GrpcParticipant.Received received = grpc.received().get(0);
        Proof.Signed signed = proof.ofGrpc(received.method(), received.authority(),
                received::value, received.message());
        assertEquals(List.of("@method", "@authority", "@path", "@query", "content-digest",
                "dtm-gid", "dtm-trans_type", "dtm-branch_id", "dtm-op"), signed.components());
    }

    @Test
    void anAlertIsSigned() {
        invokers.alertsTo(participant.url("/hook?token=x"), Duration.ZERO)
                .raise(new Alert("g1", "submitted", "http://b/", "no luck", 3));

        await().until(() -> participant.received("/hook").size() == 1);
        received("/hook");
    }

    /** Two signatures of one name would leave it to the participant which to believe. */
    @ParameterizedTest
    @EnumSource(names = {"HTTP", "JSON_RPC", "GRPC"})
    void whatAnInitiatorSetsOfTheSameNameGivesWay(Protocol protocol) {
        String url = protocol == Protocol.GRPC ? grpc.url("In")
                : participant.url("/in?method=in");
        BranchCall call = Calls.by(protocol, url, "{}").with(Map.of("Signature", "pactor=:AAAA:",
                "Signature-Input", "pactor=(\"@method\");created=1", "Content-Digest", "x=:AA:"));

        made(call);

        if (protocol == Protocol.GRPC) {
            GrpcParticipant.Received received = grpc.received().get(0);
            proof.ofGrpc(received.method(), received.authority(), received::value,
                    received.message());
        } else {
            received("/in");
        }
    }

    @Test
    void eachAttemptIsSignedAnew() {
        BranchCall call = Calls.action(participant.url("/in"));
        made(call);
        made(Calls.again(call));

        List<String> both = participant.received("/in");
        assertEquals(2, both.size());
        assertNotEquals(both.get(0), both.get(1));
        both.forEach(proof::ofText);
    }

    @Test
    void aKeyThatIsChangedSignsTheNextCall() {
        SigningKey next = SigningKey.make();
        made(Calls.action(participant.url("/in")));
        signing.set(next);
        made(Calls.action(participant.url("/in")));

        Proof both = new Proof(new String(
                new SigningKeys(List.of(key, next)).published(), StandardCharsets.UTF_8));
        assertEquals(List.of(key.id(), next.id()), participant.received("/in").stream()
                .map(each -> both.ofText(each).keyId()).toList());
    }

    /** Signing takes longer than all else, and the thread that asks serves transactions. */
    @Test
    void theThreadThatAsksDoesNotSign() {
        AtomicReference<Thread> signer = new AtomicReference<>();
        try (Invokers watched = Invokers.create(CallSettings.defaults(), EgressGuard.DEVELOPMENT,
                Credentials.read(TlsFiles.NONE)::forClient, ParticipantCredentials.none(),
                new CallSigner(() -> {
                    signer.set(Thread.currentThread());
                    return key;
                }, Clock.systemUTC()), () -> true, Meter.create())) {
            outcome(watched.invoke(Calls.action(participant.url("/in"))));
        }
        assertTrue(signer.get().getName().startsWith("pactor-signing-"));
    }

    /** A call that cannot be signed is not made, and says nothing about the participant. */
    @Test
    void aCallThatCannotBeSignedIsUnknownAndNotSent() {
        signing.set(null);

        Outcome outcome = outcome(invokers.invoke(Calls.action(participant.url("/in"))));

        assertEquals(Outcome.Kind.UNKNOWN, outcome.kind());
        assertEquals(List.of(), participant.received("/in"));
    }

    /** 401 is no verdict: whoever has not got the new key yet must not roll anything back. */
    @Test
    void aParticipantThatRefusesTheSignatureIsCalledAgain() {
        BranchCall call = Calls.action(participant.url("/in"));
        assertEquals(Outcome.Kind.UNKNOWN, HttpInvoker.read(call.url(),
                AnswerTest.answer(401, "{\"message\":\"the call is not signed\"}"),
                VerdictMode.DTM).kind());
    }

    @Test
    void whatWaitsForItsSignatureIsBounded() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ending = new CountDownLatch(1);
        BranchCall call = Calls.action(participant.url("/in"));
        try (SigningThreads threads = new SigningThreads(1, 1)) {
            CompletionStage<Outcome> first = threads.make(call, () -> {
                begun.countDown();
                wait(ending);
                return CompletableFuture.completedFuture(Outcome.SUCCESS);
            });
            wait(begun);
            CompletionStage<Outcome> second = threads.make(
                    call, () -> CompletableFuture.completedFuture(Outcome.SUCCESS));
            CompletionStage<Outcome> third = threads.make(
                    call, () -> CompletableFuture.completedFuture(Outcome.SUCCESS));
            assertEquals(Outcome.Kind.PUT_OFF, outcome(third).kind());
            ending.countDown();
            assertEquals(Outcome.SUCCESS, outcome(first));
            assertEquals(Outcome.SUCCESS, outcome(second));
        }
    }

    /** The node ends in order, and the transaction hears of it first. */
    @Test
    void anErrorOnASigningThreadIsToldToTheGuardAndToTheTransaction() {
        Guard guard = Guard.passive();
        BranchCall call = Calls.action(participant.url("/in"));
        try (SigningThreads threads = new SigningThreads(1, 1, guard)) {
            CompletionStage<Outcome> made = threads.make(call, () -> {
                throw new LinkageError("half a jar");
            });
            assertEquals(Outcome.Kind.UNKNOWN, outcome(made).kind());
            NodeFailure failure = guard.failed().toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS).join();
            assertTrue(failure.getMessage().contains("pactor-signing-1"), failure.getMessage());
            assertInstanceOf(LinkageError.class, failure.getCause());
        }
    }

    /** Neither what throws nor what fails ends a thread, or is waited for for ever. */
    @Test
    void aBugIsTheTroubleOfItsCallAlone() {
        Guard guard = Guard.passive();
        BranchCall call = Calls.action(participant.url("/in"));
        try (SigningThreads threads = new SigningThreads(1, 5, guard)) {
            threads.execute(() -> {
                throw new IllegalStateException("a bug");
            });
            assertEquals(Outcome.Kind.UNKNOWN, outcome(threads.make(call, () -> {
                throw new IllegalStateException("a bug");
            })).kind());
            assertEquals(Outcome.Kind.UNKNOWN, outcome(threads.make(call, () ->
                CompletableFuture.failedFuture(new IllegalStateException("a bug")))).kind());
            assertEquals(Outcome.SUCCESS, outcome(threads.make(call, () ->
                CompletableFuture.completedFuture(Outcome.SUCCESS))));
        }
        assertEquals(Optional.empty(), guard.trouble());
    }

    private static void wait(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void afterTheEndNothingIsSigned() {
        SigningThreads threads = new SigningThreads(1);
        threads.close();
        Outcome outcome = outcome(threads.make(Calls.action(participant.url("/in")),
                () -> CompletableFuture.completedFuture(Outcome.SUCCESS)));
        assertEquals(Outcome.Kind.PUT_OFF, outcome.kind());
        assertFalse(outcome.wasTried());
    }
}
