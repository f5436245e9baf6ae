package branch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import egress.EgressGuard;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import meter.Meter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.BranchResolver;
import transaction.Outcome;
import transaction.Outcome.Kind;
import transaction.Protocol;

/** Nothing leaves a process that is not sure any more that its work is its own: S8, F6. */
final class FenceTest {

    private final AtomicBoolean isSure = new AtomicBoolean(true);
    private final Network network = new Network();
    private final Meter meter = Meter.create();
    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    @AfterEach
    void close() throws Exception {
        mayAnswer.countDown();
        network.close();
    }

    @Test
    void noHttpCallLeavesWhileItIsUnsureAndTheNextOneDoesWhenItIsSureAgain() {
        BadParticipant participant = network.participant();
        try (Invokers invokers = invokers(CallSettings.defaults())) {
            isSure.set(false);
            Outcome held = Calls.outcome(invokers.invoke(Calls.action(participant.url("/"))));
            isSure.set(true);
            Outcome sent = Calls.outcome(invokers.invoke(Calls.action(participant.url("/"))));

            assertHeld(held);
            assertEquals(Outcome.SUCCESS, sent);
            assertEquals(1, participant.received("/").size());
            assertEquals(1, meter.scrape().lines()
                .filter(line -> line.startsWith("pactor_branch_calls_total")).count(),
                "a call that was not made is not counted");
        }
    }

    @Test
    void whatWaitedForAConnectionMeanwhileDoesNotLeaveEither() {
        BadParticipant participant = network.participant().on("/", visit -> {
            mayAnswer.await();
            visit.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        try (Invokers invokers = invokers(Calls.settings(1, 1, 10))) {
            List<CompletionStage<Outcome>> calls = Network.calls(
                invokers, participant.url("/"), 3, Duration.ofSeconds(9));
            await().until(() -> participant.received("/").size() == 1);

            isSure.set(false);
            mayAnswer.countDown();

            assertEquals(Outcome.SUCCESS, Calls.outcome(calls.get(0)));
            assertHeld(Calls.outcome(calls.get(1)));
            assertHeld(Calls.outcome(calls.get(2)));
            assertEquals(1, participant.received("/").size());
        }
    }

    @Test
    void noGrpcCallLeavesWhileItIsUnsure() throws Exception {
        try (GrpcParticipant participant = GrpcParticipant.start();
                Invokers invokers = invokers(CallSettings.defaults())) {
            String url = participant.url("Out");
            isSure.set(false);
            assertHeld(Calls.outcome(invokers.invoke(Calls.by(Protocol.GRPC, url, "{}"))));
            assertEquals(List.of(), participant.received());
        }
    }

    @Test
    void aGrpcCallThatWaitedForItsConnectionMeanwhileDoesNotLeaveEither() throws Exception {
        CompletableFuture<List<BranchResolver.Address>> found = new CompletableFuture<>();
        try (GrpcParticipant participant = GrpcParticipant.start();
                Invokers invokers = Invokers.create(
                    CallSettings.defaults(), service -> found, EgressGuard.DEVELOPMENT,
                    isSure::get, Meter.create())) {
            CompletionStage<Outcome> call = invokers.invoke(
                Calls.by(Protocol.GRPC, "discovery:///orders/busi.Busi/Out", "{}"));

            isSure.set(false);
            found.complete(List.of(new BranchResolver.Address("127.0.0.1", participant.port())));

            assertHeld(Calls.outcome(call));
            assertEquals(List.of(), participant.received());
        }
    }

    private Invokers invokers(CallSettings settings) {
        return Invokers.create(settings, isSure::get, meter);
    }

    private static void assertHeld(Outcome outcome) {
        assertEquals(Kind.PUT_OFF, outcome.kind());
        assertTrue(outcome.reason().contains(HttpTransport.UNSURE), outcome.reason());
    }
}
