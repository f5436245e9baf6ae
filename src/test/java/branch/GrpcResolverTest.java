package branch;

import static branch.Calls.outcome;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.BranchResolver;
import transaction.BranchResolver.Address;
import transaction.Outcome;
import transaction.Outcome.Kind;

/** Urls that name several instances, or a service. */
final class GrpcResolverTest {

    private final Network network = new Network();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicReference<List<Address>> known = new AtomicReference<>(List.of());
    private final BranchResolver registry = service -> {
        asked.add(service);
        return CompletableFuture.completedFuture(known.get());
    };

    @AfterEach
    void close() throws Exception {
        network.close();
    }

    @Test
    void withoutADiscoveryAServiceIsUnknownAndTheReasonSaysSo() {
        Outcome outcome = call(invoker(BranchResolver.NONE), "discovery:///orders/busi.Busi/In");

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().endsWith(
                "service orders: no service discovery is configured"), outcome.reason());
    }

    @Test
    void aServiceIsFoundByItsNameAndItsInstancesAreCalledInTurn() {
        GrpcParticipant one = network.opened(GrpcParticipant.start());
        GrpcParticipant two = network.opened(GrpcParticipant.start());
        known.set(List.of(at(one), at(two)));
        GrpcInvoker invoker = invoker(registry);

        // The first go to whoever is connected first.
        await().until(() -> call(invoker, "discovery:///orders/busi.Busi/In")
                .equals(Outcome.SUCCESS) && !one.received().isEmpty()
                && !two.received().isEmpty());
        int before = one.received().size();
        for (int i = 0; i < 10; i++) {
            assertEquals(Outcome.SUCCESS, call(invoker, "discovery:///orders/busi.Busi/In"));
        }

        assertEquals(before + 5, one.received().size());
        assertEquals("orders", one.received().get(0).authority());
        assertEquals("orders", asked.get(0));
    }

    @Test
    void aListIsCalledInTurnAndADeadOneOfItIsPassedOver() throws Exception {
        GrpcParticipant alive = network.opened(GrpcParticipant.start());
        String dead = Network.refusingUrl().replace("http://", "").replace("/", "");
        String url = "static:" + dead + ",127.0.0.1:" + alive.port() + "/busi.Busi/In";
        GrpcInvoker invoker = invoker(BranchResolver.NONE);

        for (int i = 0; i < 20; i++) {
            assertEquals(Outcome.SUCCESS, call(invoker, url));
        }

        assertEquals(20, alive.received().size());
    }

    @Test
    void aServiceWithoutInstancesIsUnknownUntilOneIsThere() {
        GrpcInvoker invoker = invoker(registry);
        Outcome nobody = call(invoker, "discovery:///orders/busi.Busi/In");
        GrpcParticipant one = network.opened(GrpcParticipant.start());
        known.set(List.of(at(one)));

        assertTrue(nobody.reason().contains("service orders has no instance"), nobody.reason());
        await().atMost(Duration.ofSeconds(2)).until(() ->
                call(invoker, "discovery:///orders/busi.Busi/In").equals(Outcome.SUCCESS));
    }

    @Test
    void aServiceThatMovesIsFollowed() throws Exception {
        GrpcParticipant one = GrpcParticipant.start();
        GrpcParticipant two = network.opened(GrpcParticipant.start());
        known.set(List.of(at(one)));
        GrpcInvoker invoker = invoker(registry);
        assertEquals(Outcome.SUCCESS, call(invoker, "discovery:///orders/busi.Busi/In"));

        known.set(List.of(at(two)));
        one.close();

        await().atMost(Duration.ofSeconds(3)).until(() ->
                call(invoker, "discovery:///orders/busi.Busi/In").equals(Outcome.SUCCESS));
        assertEquals(1, two.received().size());
    }

    /** The registry is asked again while all is well, so that a new instance gets its share. */
    @Test
    void aNewInstanceIsFoundWhileTheOldOneIsWell() {
        GrpcParticipant one = network.opened(GrpcParticipant.start());
        GrpcParticipant two = network.opened(GrpcParticipant.start());
        known.set(List.of(at(one)));
        GrpcInvoker invoker = invoker(registry);
        assertEquals(Outcome.SUCCESS, call(invoker, "discovery:///orders/busi.Busi/In"));

        known.set(List.of(at(one), at(two)));

        await().atMost(Duration.ofSeconds(9)).pollInterval(Duration.ofMillis(100)).until(() ->
                call(invoker, "discovery:///orders/busi.Busi/In").equals(Outcome.SUCCESS)
                        && !two.received().isEmpty());
    }

    @Test
    void aRegistryThatFailsOrThrowsIsUnknown() {
        for (BranchResolver broken : List.<BranchResolver>of(
                service -> CompletableFuture.failedFuture(new IllegalStateException("down")),
                service -> {
                    throw new IllegalStateException("down");
                },
                service -> null)) {
            Outcome outcome = call(invoker(broken), "discovery:///orders/busi.Busi/In");

            assertEquals(Kind.UNKNOWN, outcome.kind());
            assertTrue(outcome.reason().contains("service orders: "), outcome.reason());
        }
    }

    /** Of a name's addresses the first that takes a connection is used; nothing is sent twice. */
    @Test
    void theAddressesOfANameAreTriedInTurn() throws Exception {
        GrpcParticipant alive = network.opened(GrpcParticipant.start());
        HttpTransport shared = Calls.transport(CallSettings.defaults(), host ->
                new InetAddress[] {
                    InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.1")});
        GrpcInvoker invoker = new GrpcInvoker(network.grpc(shared, BranchResolver.NONE));

        assertEquals(Outcome.SUCCESS,
                call(invoker, "dns:///bank:" + alive.port() + "/busi.Busi/In"));
        assertEquals(1, alive.received().size());
    }

    private GrpcInvoker invoker(BranchResolver resolver) {
        return new GrpcInvoker(
                network.grpc(Calls.transport(CallSettings.defaults()), resolver));
    }

    private static Address at(GrpcParticipant participant) {
        return new Address("127.0.0.1", participant.port());
    }

    private static Outcome call(GrpcInvoker invoker, String url) {
        return outcome(invoker.invoke(Calls.action(url)));
    }
}
