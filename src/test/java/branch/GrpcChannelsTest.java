package branch;

import static branch.Calls.SOON;
import static branch.Calls.outcome;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.BranchCall;
import transaction.BranchResolver;
import transaction.Op;
import transaction.Outcome;
import transaction.Outcome.Kind;

/**
 * Channels to gRPC participants: made, lost and made again, bounded, and none in another's way
 * (D-01, D-02, D-17 to D-19, D-21, D-22 of the failure model).
 */
final class GrpcChannelsTest {

    private final Network network = new Network();

    @AfterEach
    void close() throws Exception {
        network.close();
    }

    @Test
    void aParticipantThatRefusesIsUnknown() throws Exception {
        GrpcInvoker invoker = invoker(CallSettings.defaults());

        Outcome outcome = outcome(invoker.invoke(Calls.action(grpc(Network.refusingUrl()))));

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("gave no answer: "), outcome.reason());
        assertTrue(outcome.reason().contains("Connection refused"), outcome.reason());
    }

    @Test
    void aParticipantThatCannotBeReachedIsUnknownInTime() throws Exception {
        GrpcInvoker invoker = invoker(CallSettings.defaults());
        String url = grpc(network.unreachableUrl());

        Outcome outcome = outcome(invoker.invoke(Calls.action(url, SOON)));

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("no connection within 400 ms"), outcome.reason());
    }

    /** It accepts, and not even its settings come. */
    @Test
    void whoNeverSaysAnythingIsConnectedToAnew() throws Exception {
        ServerSocket mute = network.opened(
                new ServerSocket(0, 256, InetAddress.getByName("127.0.0.1")));
        mute.setSoTimeout(5_000);
        GrpcInvoker invoker = invoker(CallSettings.defaults());
        String url = "127.0.0.1:" + mute.getLocalPort() + "/busi.Busi/In";

        for (int i = 0; i < 2; i++) {
            // Long enough for a busy machine to dial at all.
            Outcome outcome = outcome(invoker.invoke(Calls.action(url, Duration.ofSeconds(2))));
            assertTrue(outcome.reason().contains("no connection within"), outcome.reason());
            network.opened(mute.accept());
        }
    }

    /** No backing off between us and a participant that is there again. */
    @Test
    void aParticipantThatIsBackIsCalledAtOnce() throws Exception {
        GrpcParticipant first = GrpcParticipant.start();
        GrpcInvoker invoker = invoker(CallSettings.defaults());
        BranchCall call = Calls.action(first.url("In"), Duration.ofSeconds(2));
        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(call)));

        first.close();
        for (int i = 0; i < 8; i++) {
            assertEquals(Kind.UNKNOWN, outcome(invoker.invoke(call)).kind());
            pause(150);
        }
        GrpcParticipant second = network.opened(GrpcParticipant.startAt(first.port(), b -> { }));

        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(call)));
        assertEquals(1, second.received().size());
        assertEquals(1, first.received().size());
    }

    /** Nothing comes back any more, and nothing says that the connection is dead. */
    @Test
    void aConnectionThatHasGoneSilentIsReplaced() {
        BadGrpcParticipant participant = network.opened(BadGrpcParticipant.start()
                .on("Silent", v -> { }));
        GrpcInvoker invoker = invoker(CallSettings.defaults());
        assertEquals(Outcome.SUCCESS,
                outcome(invoker.invoke(Calls.action(participant.url("In")))));
        assertEquals(1, participant.connections());

        outcome(invoker.invoke(Calls.action(participant.url("Silent"), SOON)));
        assertEquals(Outcome.SUCCESS,
                outcome(invoker.invoke(Calls.action(participant.url("In")))));

        assertEquals(2, participant.connections());
    }

    @Test
    void aSlowMethodCostsTheOthersNoConnection() {
        BadGrpcParticipant participant = network.opened(BadGrpcParticipant.start()
                .on("Silent", v -> { }));
        GrpcInvoker invoker = invoker(CallSettings.defaults());
        CompletionStage<Outcome> slow =
                invoker.invoke(Calls.action(participant.url("Silent"), SOON));
        await().until(() -> participant.received("Silent").size() == 1);

        outcome(invoker.invoke(Calls.action(participant.url("In"))));
        outcome(slow);
        outcome(invoker.invoke(Calls.action(participant.url("In"))));

        assertEquals(1, participant.connections());
    }

    @Test
    void aParticipantThatDrainsFinishesWhatItHas() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        GrpcParticipant first = GrpcParticipant.startAt(
                0, b -> b.executor(Executors.newCachedThreadPool()));
        first.on("Slow", received -> {
            arrived.countDown();
            go.await();
            return Status.OK;
        });
        GrpcInvoker invoker = invoker(CallSettings.defaults());
        CompletionStage<Outcome> slow = invoker.invoke(Calls.action(first.url("Slow")));
        arrived.await();
        Thread draining = new Thread(() -> first.drain());
        draining.start();
        GrpcParticipant second = network.opened(sameAddress(first));

        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(Calls.action(second.url("In")))));
        go.countDown();

        assertEquals(Outcome.SUCCESS, outcome(slow));
        draining.join();
        assertEquals(1, first.received().size());
        assertEquals(1, second.received().size());
    }

    @Test
    void aStormOfUnavailableIsReceivedOnceForEachCall() {
        GrpcParticipant participant = network.opened(GrpcParticipant.start())
                .on("In", received -> Status.UNAVAILABLE);
        GrpcInvoker invoker = invoker(CallSettings.defaults());

        List<Outcome> outcomes = all(calls(invoker, participant.url("In"), 1_000));

        assertTrue(outcomes.stream().allMatch(each -> each.kind() == Kind.UNKNOWN));
        assertEquals(1_000, participant.received().size(), "receipts");
    }

    @Test
    void tenThousandCallsShareAConnection() {
        Set<Object> connections = ConcurrentHashMap.newKeySet();
        GrpcParticipant participant = network.opened(GrpcParticipant.startAt(
                0, b -> b.addTransportFilter(new ServerTransportFilter() {
                    @Override
                    public Attributes transportReady(Attributes attributes) {
                        connections.add(attributes);
                        return attributes;
                    }
                })));
        GrpcInvoker invoker = invoker(Calls.settings(1_024, 64, 10_000));
        List<CompletionStage<Outcome>> calls = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            calls.add(invoker.invoke(
                    Calls.action(participant.url("In"), Duration.ofMinutes(1))));
        }

        assertTrue(all(calls).stream().allMatch(Outcome.SUCCESS::equals));
        assertEquals(10_000, participant.received().size(), "receipts");
        assertEquals(1, connections.size());
    }

    @Test
    void aParticipantThatTakesOneCallAtATimeGetsThemSo() {
        BadGrpcParticipant one = network.opened(BadGrpcParticipant.start().settings(3, 1));
        BadGrpcParticipant none = network.opened(BadGrpcParticipant.start().settings(3, 0));
        GrpcInvoker invoker = invoker(CallSettings.defaults());

        CompletionStage<Outcome> never = invoker.invoke(Calls.action(none.url("In"), SOON));
        List<Outcome> outcomes = all(calls(invoker, one.url("In"), 50));

        assertTrue(outcomes.stream().allMatch(Outcome.SUCCESS::equals));
        assertEquals(50, one.received("In").size(), "receipts");
        assertEquals(Kind.UNKNOWN, outcome(never).kind());
        assertEquals(0, none.received("In").size());
    }

    @Test
    void aDeadTargetDelaysNoOther() throws Exception {
        BadGrpcParticipant dead = network.opened(BadGrpcParticipant.start()
                .on("Silent", v -> { }));
        GrpcParticipant alive = network.opened(GrpcParticipant.start());
        GrpcInvoker invoker = invoker(CallSettings.defaults());
        // Both are connected to, however slow this machine is.
        outcome(invoker.invoke(Calls.action(alive.url("In"))));
        outcome(invoker.invoke(Calls.action(dead.url("In"))));

        List<CompletionStage<Outcome>> hanging = calls(invoker, dead.url("Silent"), 2_000);
        hanging.addAll(calls(invoker, grpc(network.unreachableUrl()), 500));
        List<Outcome> outcomes = all(calls(invoker, alive.url("In"), 200));
        boolean someHang = hanging.stream().anyMatch(each -> !each.toCompletableFuture().isDone());

        assertTrue(outcomes.stream().allMatch(Outcome.SUCCESS::equals));
        assertTrue(someHang, "the others were waited for");
        List<Outcome> lost = all(hanging);
        // A hundred under way and 1,024 waiting; for the others there was no room. Who waited in
        // vain for one that is connected was not sent; who cannot be connected to is dead.
        assertEquals(2_000 - 100 - 1_024,
                lost.stream().filter(each -> each.reason().contains("is full")).count());
        assertTrue(lost.stream().filter(each -> each.kind() == Kind.PUT_OFF).allMatch(each ->
                each.reason().contains("is full") || each.reason().contains("not called")));
        // What arrived is not said to be unsent. More may be unknown: given up on the way.
        long unknown = lost.stream().filter(each -> each.kind() == Kind.UNKNOWN).count();
        assertTrue(participantCalls(dead) + 500 <= unknown, () -> unknown + " are unknown");
    }

    @Test
    void aListenerThatFailsKeepsNobodyFromTheChannel() throws Exception {
        CallSettings settings = Calls.settings(new GrpcSettings(
                8, 1, Duration.ofSeconds(9), Duration.ZERO, ""));
        GrpcTransport transport = network.grpc(Calls.transport(settings), BranchResolver.NONE);
        GrpcParticipant participant = network.opened(GrpcParticipant.start());
        BranchCall call = Calls.action(participant.url("In"));
        transport.send(GrpcInvoker.request(call, settings), new GrpcExchange.Listener() {
            @Override
            public void answered(GrpcAnswer answer) {
                throw new AssertionError("a bug");
            }

            @Override
            public void heldBack(String reason) {
                throw new AssertionError(reason);
            }
        });

        assertEquals(Outcome.SUCCESS, outcome(new GrpcInvoker(transport).invoke(call)));
    }

    @Test
    void aParticipantMayCallOthersInsideItsCall() {
        GrpcInvoker invoker = invoker(CallSettings.defaults());
        GrpcParticipant participant = network.opened(GrpcParticipant.startAt(
                0, b -> b.executor(Executors.newCachedThreadPool())));
        participant.on("Outer", received -> {
            Outcome inner = outcome(invoker.invoke(Calls.action(participant.url("Inner"))));
            return inner.equals(Outcome.SUCCESS) ? Status.OK : Status.INTERNAL;
        });

        List<Outcome> outcomes = all(calls(invoker, participant.url("Outer"), 20));

        assertTrue(outcomes.stream().allMatch(Outcome.SUCCESS::equals));
    }

    @Test
    void anUnusedChannelIsClosedInTimeAndTheNumberOfTargetsIsBounded() {
        CallSettings settings = Calls.settings(new GrpcSettings(
                1, 100, Duration.ofMillis(300), Duration.ZERO, ""));
        GrpcTransport transport = network.grpc(Calls.transport(settings), BranchResolver.NONE);
        GrpcInvoker invoker = new GrpcInvoker(transport);
        GrpcParticipant one = network.opened(GrpcParticipant.start());
        BadGrpcParticipant other = network.opened(BadGrpcParticipant.start()
                .on("Silent", v -> { }));

        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(Calls.action(one.url("In")))));
        CompletionStage<Outcome> busy = invoker.invoke(Calls.action(other.url("Silent"), SOON));
        Outcome refused = outcome(invoker.invoke(Calls.action(one.url("In"))));

        assertEquals(Kind.PUT_OFF, refused.kind());
        assertTrue(refused.reason().contains("all 1 channels to gRPC participants are in use"),
                refused.reason());
        assertEquals(1, transport.targets());
        outcome(busy);
        await().until(() -> transport.targets() == 0);
        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(Calls.action(one.url("In")))));
    }

    @Test
    void closingEndsWhatIsUnderWay() throws Exception {
        BadGrpcParticipant participant = network.opened(BadGrpcParticipant.start()
                .on("Silent", v -> { }));
        HttpTransport shared = Calls.transport(CallSettings.defaults());
        GrpcTransport transport = new GrpcTransport(shared, BranchResolver.NONE);
        GrpcInvoker invoker = new GrpcInvoker(transport);
        List<CompletionStage<Outcome>> calls = calls(invoker, participant.url("Silent"), 150);
        await().until(() -> participant.received("Silent").size() == 100);

        transport.close();
        shared.close();

        for (Outcome each : all(calls)) {
            assertTrue(each.reason().contains("calls have been stopped"), each.reason());
        }
        assertTrue(outcome(invoker.invoke(Calls.action(participant.url("In")))).reason()
                .contains("calls have been stopped"));
    }

    @Test
    void aNameThatNobodyKnowsIsUnknownAndAHangingLookUpIsInNobodysWay() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        GrpcParticipant alive = network.opened(GrpcParticipant.start());
        HttpTransport shared = Calls.transport(CallSettings.defaults(), host -> {
            if (host.equals("hangs")) {
                awaitQuietly(never);
            }
            if (host.equals("alive")) {
                return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
            }
            throw new UnknownHostException(host);
        });
        GrpcInvoker invoker = new GrpcInvoker(network.grpc(shared, BranchResolver.NONE));

        CompletionStage<Outcome> hanging =
                invoker.invoke(Calls.action("hangs:1/busi.Busi/In", SOON));
        Outcome unknown = outcome(invoker.invoke(Calls.action("nobody:1/busi.Busi/In")));
        Outcome well = outcome(invoker.invoke(Calls.action(
                "dns:///alive:" + alive.port() + "/busi.Busi/In")));

        assertTrue(unknown.reason().contains("host nobody is not known"), unknown.reason());
        assertEquals(Outcome.SUCCESS, well);
        assertEquals("alive:" + alive.port(), alive.received().get(0).authority());
        assertEquals(Kind.UNKNOWN, outcome(hanging).kind());
        never.countDown();
    }

    private GrpcInvoker invoker(CallSettings settings) {
        return new GrpcInvoker(network.grpc(Calls.transport(settings), BranchResolver.NONE));
    }

    private static List<CompletionStage<Outcome>> calls(GrpcInvoker invoker, String url, int n) {
        List<CompletionStage<Outcome>> calls = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            calls.add(invoker.invoke(Calls.call(Op.ACTION, url, "x", Duration.ofSeconds(3))));
        }
        return calls;
    }

    private static List<Outcome> all(List<CompletionStage<Outcome>> calls) {
        return calls.stream().map(Calls::outcome).toList();
    }

    /** Another process at the same address, as after a rolling restart. */
    private static GrpcParticipant sameAddress(GrpcParticipant first) {
        await().ignoreExceptions().until(() -> {
            new ServerSocket(first.port(), 1, InetAddress.getByName("127.0.0.1")).close();
            return true;
        });
        return GrpcParticipant.startAt(first.port(), b -> { });
    }

    private static int participantCalls(BadGrpcParticipant participant) {
        return participant.received("Silent").size();
    }

    private static String grpc(String url) {
        return url.replace("http://", "") + "busi.Busi/In";
    }


    private static void pause(int millis) throws InterruptedException {
        new CountDownLatch(1).await(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            // The look-ups have been stopped.
        }
    }
}
