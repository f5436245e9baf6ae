package branch;

import static branch.BadParticipant.answer;
import static branch.Calls.by;
import static branch.Calls.outcome;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import egress.EgressGuard;
import egress.EgressRules;
import egress.OwnPorts;
import egress.UrlTable;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import meter.Meter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.Alert;
import transaction.BranchInvoker;
import transaction.BranchResolver;
import transaction.Outcome;
import transaction.Outcome.Kind;
import transaction.Protocol;

/** Who may not be called is not dialled, whatever name or resolver leads there. */
@DisplayName("J-01, D-17: the address that is dialled decides")
final class RefusedDialsTest {

    private static final String GRPC = "/busi.Busi/In";

    private final Network network = new Network();
    private final AtomicReference<EgressRules> rules =
        new AtomicReference<>(denying("127.0.0.2"));
    private final List<String> refused = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        network.close();
    }

    /** What is no address to Pactor is one to some resolvers; those rows are refused before. */
    static Stream<UrlTable.Row> rows() {
        return UrlTable.rows().stream().filter(UrlTable.Row::isResolved);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void whatIsRefusedIsNotDialled(UrlTable.Row row) {
        for (boolean isProduction : new boolean[] {false, true}) {
            if (row.in(isProduction).equals("yes")) {
                continue;
            }
            HttpTransport transport = transport(UrlTable.guard(isProduction),
                host -> new InetAddress[] {UrlTable.address(row.resolvesTo())});
            BranchInvoker http = new HttpInvoker(transport);
            BranchInvoker rpc = new JsonRpcInvoker(transport);
            BranchInvoker grpc =
                new GrpcInvoker(network.grpc(transport, BranchResolver.NONE));
            List<Outcome> outcomes = row.isGrpc()
                ? List.of(outcome(grpc.invoke(by(Protocol.GRPC, row.url(), ""))))
                : List.of(outcome(http.invoke(by(Protocol.HTTP, row.url(), "{}"))),
                    outcome(rpc.invoke(by(Protocol.JSON_RPC, row.url() + "?method=m", "{}"))));

            for (Outcome outcome : outcomes) {
                assertEquals(Kind.FORBIDDEN, outcome.kind(), outcome.reason());
                assertTrue(outcome.reason().contains(" may not be called: "), outcome.reason());
            }
            assertEquals(0, transport.connections());
        }
    }

    @Test
    void aNameThatIsReboundIsNotFollowed() {
        BadParticipant open = network.participant();
        BadParticipant inside =
            network.opened(BadParticipant.startAt("127.0.0.2", open.port()));
        open.on("/", visit -> visit.send(answer(200, "", "Connection: close")));
        Deque<String> answers = new ArrayDeque<>(List.of("127.0.0.1", "127.0.0.2"));
        BranchInvoker invoker = new HttpInvoker(transport(host ->
            new InetAddress[] {UrlTable.address(answers.removeFirst())}));
        String url = "http://moves.test:" + open.port() + "/";

        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(Calls.action(url))));
        Outcome rebound = Outcome.SUCCESS;
        // An address may be used for a second before the name is asked again.
        while (rebound.kind() == Kind.SUCCESS) {
            rebound = outcome(invoker.invoke(Calls.action(url)));
        }

        assertEquals(Kind.FORBIDDEN, rebound.kind(), rebound.reason());
        assertTrue(rebound.reason().contains(
            "127.0.0.2:" + open.port() + " (moves.test) is refused by 127.0.0.2 in"
                + " pactor.calls.egress.deny"), rebound.reason());
        assertEquals(0, inside.connections());
        assertEquals(List.of("deny"), refused);
    }

    @Test
    void ofSeveralAddressesOnlyThoseAreDialledThatMayBe() {
        BadParticipant open = network.participant();
        BadParticipant inside =
            network.opened(BadParticipant.startAt("127.0.0.2", open.port()));
        BranchInvoker invoker = new HttpInvoker(transport(names("127.0.0.2", "127.0.0.2",
            "127.0.0.2", "127.0.0.2", "127.0.0.1")));

        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(
            Calls.action("http://mixed.test:" + open.port() + "/"))));

        assertEquals(0, inside.connections());
        assertEquals(List.of(), refused, "it was called, so nothing is told");
    }

    @Test
    void overGrpcTheSameHolds() {
        GrpcParticipant open = network.opened(GrpcParticipant.start());
        HttpTransport transport = transport(host -> switch (host) {
            case "mixed.test" -> addresses("127.0.0.2", "127.0.0.1");
            case "inside.test" -> addresses("127.0.0.2");
            default -> throw new UnknownHostException(host);
        });
        GrpcInvoker invoker =
            new GrpcInvoker(network.grpc(transport, BranchResolver.NONE));
        String port = ":" + open.port();

        assertEquals(Outcome.SUCCESS, grpc(invoker, "mixed.test" + port + GRPC));
        assertEquals(Outcome.SUCCESS, grpc(invoker, "dns:///mixed.test" + port + GRPC));
        assertEquals(Outcome.SUCCESS,
            grpc(invoker, "static:inside.test" + port + ",mixed.test" + port + GRPC));
        assertEquals(Kind.FORBIDDEN, grpc(invoker, "inside.test" + port + GRPC).kind());
        assertEquals(Kind.FORBIDDEN,
            grpc(invoker, "static:inside.test" + port + ",127.0.0.2" + port + GRPC).kind());
        Outcome half = grpc(invoker, "static:inside.test" + port + ",none.test" + port + GRPC);
        assertEquals(Kind.UNKNOWN, half.kind(), "the other may be found the next time");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void newRulesHoldForConnectionsThatAreOpenAlready(boolean isGrpc) {
        rules.set(denying());
        BadParticipant http = network.participant();
        GrpcParticipant grpc = network.opened(GrpcParticipant.start());
        HttpTransport transport = transport(names("127.0.0.1"));
        BranchInvoker invoker = isGrpc
            ? new GrpcInvoker(network.grpc(transport, BranchResolver.NONE))
            : new HttpInvoker(transport);
        var call = isGrpc ? by(Protocol.GRPC, "127.0.0.1:" + grpc.port() + GRPC, "")
            : Calls.action(http.url("/"));
        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(call)));

        rules.set(denying("127.0.0.1"));
        Outcome denied = outcome(invoker.invoke(call));
        rules.set(denying("127.0.0.9"));
        Outcome allowed = outcome(invoker.invoke(call));

        assertEquals(Kind.FORBIDDEN, denied.kind(), denied.reason());
        assertEquals(Outcome.SUCCESS, allowed);
    }

    @Test
    void newRulesHoldForAConnectionThatIsBeingOpened() {
        BadParticipant participant = network.participant();
        AtomicInteger looks = new AtomicInteger();
        // The dial asks twice; then the list changes, before the connection is there.
        EgressGuard changing = new EgressGuard(
            () -> looks.incrementAndGet() > 2 ? denying("127.0.0.1") : denying(),
            OwnPorts.NONE, url -> url);
        HttpTransport transport = transport(changing, names("127.0.0.1"));

        Outcome outcome = outcome(
            new HttpInvoker(transport).invoke(Calls.action(participant.url("/"))));

        assertEquals(Kind.FORBIDDEN, outcome.kind(), outcome.reason());
        assertEquals(List.of(), participant.received("/"));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void noRedirectIsFollowed(int status) {
        BadParticipant here = network.participant();
        BadParticipant there = network.participant();
        here.on("/", visit -> visit.send(answer(status, "", "Location: " + there.url("/"))));
        HttpTransport transport = transport(names("127.0.0.1"));

        Outcome http = outcome(new HttpInvoker(transport).invoke(Calls.action(here.url("/"))));
        Outcome rpc = outcome(new JsonRpcInvoker(transport).invoke(
            by(Protocol.JSON_RPC, here.url("/") + "?method=m", "{}")));

        assertEquals(List.of(Kind.UNKNOWN, Kind.UNKNOWN), List.of(http.kind(), rpc.kind()));
        assertEquals(0, there.connections());
    }

    @Test
    void theWebhookIsNotDialledEither() {
        BadParticipant hook = network.participant();
        rules.set(denying("127.0.0.1"));
        HttpTransport transport = transport(names("127.0.0.1"));
        AlertHook alerts = new AlertHook(transport, hook.url("/alert"), Duration.ofSeconds(9),
            Duration.ZERO, (wait, task) -> { });

        alerts.raise(new Alert("g", "submitted", "http://b/", "500", 3));

        await().until(() -> alerts.pending() == 0);
        assertEquals(List.of("deny"), refused);
        assertEquals(0, hook.connections());
    }

    @Test
    void aRefusedCallIsCountedAsSuchAndAsNothingElse() throws Exception {
        BadParticipant participant = network.participant();
        rules.set(denying("127.0.0.1"));
        Meter meter = Meter.create();
        try (Invokers invokers = Invokers.create(
                CallSettings.defaults(), guard(), () -> true, meter)) {
            for (int i = 0; i < 50; i++) {
                Outcome outcome = outcome(invokers.invoke(
                    Calls.again(Calls.action(participant.url("/")))));
                assertEquals(Kind.FORBIDDEN, outcome.kind(), "the retry budget is not touched");
            }
        }

        String figures = meter.scrape();
        assertTrue(figures.contains("pactor_egress_refused_total{rule=\"deny\"} 50.0"),
            figures);
        assertFalse(figures.contains("pactor_branch_calls_total{"), figures);
        assertEquals(0, participant.connections());
    }

    private static Outcome grpc(GrpcInvoker invoker, String url) {
        return outcome(invoker.invoke(by(Protocol.GRPC, url, "")));
    }

    private static EgressRules denying(String... entries) {
        return EgressRules.of(false, List.of(), List.of(entries), List.of());
    }

    private EgressGuard guard() {
        return new EgressGuard(rules::get, OwnPorts.NONE, url -> url);
    }

    private HttpTransport transport(AddressLookup.Names names) {
        return transport(guard(), names);
    }

    private HttpTransport transport(EgressGuard guard, AddressLookup.Names names) {
        try {
            return network.opened(new HttpTransport(CallSettings.defaults(), () -> true,
                CallTls.of(SslContextBuilder.forClient().build()), names,
                new Dials(guard, refused::add)));
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AddressLookup.Names names(String... addresses) {
        return host -> addresses(addresses);
    }

    private static InetAddress[] addresses(String... texts) {
        return Arrays.stream(texts).map(UrlTable::address).toArray(InetAddress[]::new);
    }
}
