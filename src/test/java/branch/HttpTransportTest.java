package branch;

import static branch.BadParticipant.OK;
import static branch.BadParticipant.answer;
import static branch.Calls.SOON;
import static branch.Calls.outcome;
import static branch.Calls.settings;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.BranchInvoker;
import transaction.Outcome;
import transaction.Outcome.Kind;

/**
 * Connections, queues, names and deadlines: one host's trouble stays its own. Rows D-01, D-06, D-17
 * and D-18 of the failure model.
 */
final class HttpTransportTest {

    private static final Duration LONG = Duration.ofSeconds(9);

    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    // D-01: nobody there

    @Test
    void aRefusedConnectionIsUnknownAtOnce() throws Exception {
        BranchInvoker invoker = invoker(CallSettings.defaults());

        Outcome outcome = outcome(invoker.invoke(Calls.action(refusingUrl())));

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("refused"), outcome.reason());
    }

    @Test
    void everyCallToARefusingHostIsToldAndNoneHangs() throws Exception {
        HttpTransport transport = transport(settings(16, 4, 1_000));
        BranchInvoker invoker = new HttpInvoker(transport);
        String url = refusingUrl();

        List<CompletionStage<Outcome>> calls = calls(invoker, url, 500, LONG);

        for (CompletionStage<Outcome> call : calls) {
            assertTrue(outcome(call).reason().contains("refused"), outcome(call).reason());
        }
        await().until(() -> transport.connections() == 0 && transport.hosts() == 0);
    }

    @Test
    void aHostThatAcceptsNoConnectionIsGivenUpAtTheDeadline() throws Exception {
        BranchInvoker invoker = invoker(CallSettings.defaults());
        String url = unreachableUrl();
        long begin = System.nanoTime();

        Outcome outcome = outcome(invoker.invoke(Calls.action(url, SOON)));

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("no connection within 400 ms"), outcome.reason());
        assertTrue(System.nanoTime() - begin < SOON.multipliedBy(3).toNanos());
    }

    // D-06: connections that are kept

    @Test
    void aKeptConnectionIsUsedAgain() {
        BadParticipant participant = participant();
        BranchInvoker invoker = invoker(CallSettings.defaults());

        for (int i = 0; i < 50; i++) {
            assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(Calls.action(participant.url("/")))));
        }

        assertEquals(1, participant.connections());
    }

    @Test
    void aCallLostToAClosingConnectionIsUnknownAndNotSentAgain() {
        BadParticipant participant = participant();
        participant.on("/", visit -> {
            // The first request on each connection is answered, the second meets the close.
            if (participant.received("/").size() % 2 == 1) {
                visit.send(OK);
            } else {
                visit.socket.close();
            }
        });
        BranchInvoker invoker = invoker(CallSettings.defaults());

        for (int i = 1; i <= 20; i++) {
            Outcome outcome = outcome(invoker.invoke(Calls.action(participant.url("/"))));
            assertEquals(i % 2 == 1 ? Kind.SUCCESS : Kind.UNKNOWN, outcome.kind());
        }

        assertEquals(20, participant.received("/").size(), "receipts = attempts");
    }

    @Test
    void aConnectionClosedWhileIdleIsNotUsed() {
        BadParticipant participant = participant().on("/", visit -> {
            visit.send(OK);
            visit.socket.close();
        });
        HttpTransport transport = transport(CallSettings.defaults());
        BranchInvoker invoker = new HttpInvoker(transport);

        for (int i = 0; i < 5; i++) {
            assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(Calls.action(participant.url("/")))));
            await().until(() -> transport.connections() == 0);
        }
    }

    @Test
    void anIdleConnectionIsClosedInTimeAndItsHostForgotten() {
        BadParticipant participant = participant();
        CallSettings standard = CallSettings.defaults();
        HttpTransport transport = transport(new CallSettings(
                standard.connectTimeout(), Duration.ofMillis(100), 8, 8, 8, 1_000, 1, 1, false));
        BranchInvoker invoker = new HttpInvoker(transport);

        outcome(invoker.invoke(Calls.action(participant.url("/"))));

        assertEquals(1, transport.hosts());
        await().until(() -> transport.hosts() == 0 && participant.openNow() == 0);
    }

    @Test
    void aConnectionIsNotKeptLongerThanTheServerSays() {
        BadParticipant participant = participant()
                .on("/one-second", v -> v.send(answer(200, "", "Keep-Alive: max=9, timeout=1")))
                .on("/close", v -> v.send(answer(200, "", "Connection: close")));
        BranchInvoker invoker = invoker(CallSettings.defaults());

        for (String path : new String[] {"/one-second", "/close", "/close"}) {
            assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(Calls.action(participant.url(path)))));
        }

        assertEquals(3, participant.connections());
    }

    @Test
    void bytesThatNobodyAskedForEndTheConnection() {
        BadParticipant participant = participant();
        participant.on("/", visit -> {
            visit.send(OK);
            await().pollDelay(Duration.ofMillis(50)).until(() -> true);
            visit.send(answer(409, "FAILURE"));
            visit.hang();
        });
        HttpTransport transport = transport(CallSettings.defaults());
        BranchInvoker invoker = new HttpInvoker(transport);

        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(Calls.action(participant.url("/")))));
        await().until(() -> transport.connections() == 0);
        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(Calls.action(participant.url("/")))));
    }

    // Bounds

    @Test
    void aHostGetsNoMoreThanItsConnectionsAndAllCallsAreServed() {
        BadParticipant participant = participant();
        BranchInvoker invoker = invoker(settings(100, 3, 1_000));

        List<CompletionStage<Outcome>> calls = calls(invoker, participant.url("/"), 500, LONG);

        calls.forEach(call -> assertEquals(Outcome.SUCCESS, outcome(call)));
        assertTrue(participant.mostOpen() <= 3, "open at once: " + participant.mostOpen());
    }

    @Test
    void aFullQueueIsUnknownAtOnceAndSaysSo() {
        BadParticipant participant = participant().on("/", BadParticipant.Visit::hang);
        BranchInvoker invoker = invoker(settings(100, 2, 5));

        List<CompletionStage<Outcome>> calls = calls(invoker, participant.url("/"), 20, LONG);

        await().until(() -> calls.stream().filter(HttpTransportTest::isDone).count() == 13);
        List<Outcome> refused =
                calls.stream().filter(HttpTransportTest::isDone).map(Calls::outcome).toList();
        refused.forEach(outcome -> {
            assertEquals(Kind.UNKNOWN, outcome.kind());
            assertTrue(outcome.reason().contains("is full"), outcome.reason());
        });
    }

    @Test
    void waitingInTheQueueCountsAgainstTheDeadline() {
        BadParticipant participant = participant().on("/", BadParticipant.Visit::hang);
        BranchInvoker invoker = invoker(settings(100, 2, 100));
        calls(invoker, participant.url("/"), 2, LONG);
        await().until(() -> participant.received("/").size() == 2);

        Outcome outcome = outcome(invoker.invoke(Calls.action(participant.url("/"), SOON)));

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("its 2 connections are busy"), outcome.reason());
        assertEquals(2, participant.received("/").size());
    }

    @Test
    void allHostsTogetherGetNoMoreThanTheTotal() {
        BranchInvoker invoker = invoker(settings(4, 3, 100));
        List<BadParticipant> participants = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            participants.add(participant());
        }

        // Ten hosts, four connections: the unused ones must be given up in favour of the others.
        for (int round = 0; round < 3; round++) {
            List<CompletionStage<Outcome>> calls = new ArrayList<>();
            participants.forEach(each -> calls.addAll(calls(invoker, each.url("/"), 5, LONG)));
            calls.forEach(call -> assertEquals(Outcome.SUCCESS, outcome(call)));
            int open = participants.stream().mapToInt(BadParticipant::openNow).sum();
            assertTrue(open <= 10, "open: " + open);
        }
    }

    @Test
    void hostsThatHoldEveryConnectionDoNotKeepAnotherOut() {
        BadParticipant silent = participant().on("/", BadParticipant.Visit::hang);
        BadParticipant mute = participant().on("/", BadParticipant.Visit::hang);
        BadParticipant healthy = participant();
        BranchInvoker invoker = invoker(settings(8, 4, 10_000));
        calls(invoker, silent.url("/"), 200, SOON);
        calls(invoker, mute.url("/"), 200, SOON);
        await().until(() -> silent.openNow() + mute.openNow() == 8);

        Outcome outcome = outcome(invoker.invoke(Calls.action(healthy.url("/"), LONG)));

        assertEquals(Outcome.SUCCESS, outcome);
    }

    // D-18: one host dead, others live

    @Test
    void aDeadHostWithTenThousandCallsDelaysNoOther() throws Exception {
        BadParticipant silent = participant().on("/", BadParticipant.Visit::hang);
        BadParticipant healthy = participant();
        BranchInvoker invoker = invoker(settings(256, 64, 10_000));
        latencies(invoker, healthy, 300);
        long alone = p99(latencies(invoker, healthy, 300));

        List<CompletionStage<Outcome>> dead = calls(invoker, silent.url("/"), 5_000, LONG);
        dead.addAll(calls(invoker, unreachableUrl(), 5_000, LONG));
        await().until(() -> silent.openNow() == 64);
        long beside = p99(latencies(invoker, healthy, 300));

        assertEquals(0, dead.stream().filter(HttpTransportTest::isDone).count());
        // Half as long again, and some room for a machine that has other work.
        long limit = alone * 3 / 2 + Duration.ofMillis(20).toNanos();
        assertTrue(beside <= limit, "p99 alone " + alone + " ns, beside dead hosts " + beside + " ns");
    }

    // D-17: names

    @Test
    void anUnknownNameIsUnknown() {
        BranchInvoker invoker = invoker(CallSettings.defaults(), host -> {
            throw new UnknownHostException(host);
        });

        Outcome outcome = outcome(invoker.invoke(Calls.action("http://nowhere.test/")));

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("nowhere.test is not known"), outcome.reason());
    }

    @Test
    void aResolverThatBreaksOrKnowsNothingIsUnknown() {
        BranchInvoker invoker = invoker(CallSettings.defaults(), host -> {
            if (host.equals("breaks.test")) {
                throw new IllegalStateException("broken");
            }
            return new InetAddress[0];
        });

        for (String host : new String[] {"breaks.test", "empty.test"}) {
            assertEquals(
                    Kind.UNKNOWN, outcome(invoker.invoke(Calls.action("http://" + host + "/"))).kind());
        }
    }

    @Test
    void aNameThatHangsDelaysNeitherTheCallerNorAnotherName() {
        CountDownLatch never = new CountDownLatch(1);
        BadParticipant healthy = participant();
        BranchInvoker invoker = invoker(CallSettings.defaults(), host -> {
            awaitQuietly(host.equals("hangs.test") ? never : new CountDownLatch(0));
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        });

        long begin = System.nanoTime();
        List<CompletionStage<Outcome>> hanging = new ArrayList<>();
        for (int port = 1_000; port < 1_100; port++) {
            hanging.add(invoker.invoke(Calls.action("http://hangs.test:" + port + "/", SOON)));
        }
        long called = System.nanoTime() - begin;
        String url = "http://healthy.test:" + healthy.port() + "/";
        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(Calls.action(url))));

        assertTrue(called < Duration.ofMillis(300).toNanos(), "calling took " + called + " ns");
        for (CompletionStage<Outcome> each : hanging) {
            assertTrue(outcome(each).reason().contains("looked up"), outcome(each).reason());
        }
        never.countDown();
    }

    @Test
    void aNewAddressIsUsedForNewConnections() {
        BadParticipant first = participant();
        BadParticipant second = opened(BadParticipant.startAt("127.0.0.2", first.port()));
        first.on("/", visit -> visit.send(answer(200, "", "Connection: close")));
        AtomicReference<String> address = new AtomicReference<>("127.0.0.1");
        BranchInvoker invoker = invoker(
                CallSettings.defaults(),
                host -> new InetAddress[] {InetAddress.getByName(address.get())});
        String url = "http://moves.test:" + first.port() + "/";
        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(Calls.action(url))));

        address.set("127.0.0.2");

        await().until(() -> {
            outcome(invoker.invoke(Calls.action(url)));
            return second.received("/").size() > 0;
        });
    }

    @Test
    void theNextAddressIsTriedWhenOneRefuses() {
        BadParticipant participant = opened(BadParticipant.startAt("127.0.0.2", 0));
        BranchInvoker invoker = invoker(CallSettings.defaults(), host -> new InetAddress[] {
            InetAddress.getByName("127.0.0.3"), InetAddress.getByName("127.0.0.2")
        });

        Outcome outcome = outcome(
                invoker.invoke(Calls.action("http://two.test:" + participant.port() + "/")));

        assertEquals(Outcome.SUCCESS, outcome);
        assertEquals(1, participant.received("/").size());
    }

    // The end

    @Test
    void closingEndsEveryCallWithUnknown() {
        BadParticipant silent = participant().on("/", BadParticipant.Visit::hang);
        HttpTransport transport = transport(settings(100, 2, 100));
        BranchInvoker invoker = new HttpInvoker(transport);
        List<CompletionStage<Outcome>> calls = calls(invoker, silent.url("/"), 10, LONG);
        await().until(() -> silent.received("/").size() == 2);

        transport.close();

        calls.forEach(call -> assertEquals(Kind.UNKNOWN, outcome(call).kind()));
        Outcome later = outcome(invoker.invoke(Calls.action(silent.url("/"))));
        assertTrue(later.reason().contains("stopped"), later.reason());
    }

    private BadParticipant participant() {
        return opened(BadParticipant.start());
    }

    private HttpTransport transport(CallSettings settings) {
        return opened(Calls.transport(settings));
    }

    private BranchInvoker invoker(CallSettings settings) {
        return new HttpInvoker(transport(settings));
    }

    private BranchInvoker invoker(CallSettings settings, Lookup.Names names) {
        return new HttpInvoker(opened(Calls.transport(settings, names)));
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        toClose.add(closeable);
        return closeable;
    }

    /** Somewhere on this machine where nobody listens. */
    private static String refusingUrl() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return "http://127.0.0.1:" + socket.getLocalPort() + "/";
        }
    }

    /** A server whose queue of connections is full: further attempts get no reply at all. */
    private String unreachableUrl() throws Exception {
        ServerSocket server =
                opened(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
        for (int i = 0; i < 4; i++) {
            Socket socket = opened(new Socket());
            try {
                socket.connect(new InetSocketAddress("127.0.0.1", server.getLocalPort()), 50);
            } catch (java.net.SocketTimeoutException e) {
                break;
            }
        }
        return "http://127.0.0.1:" + server.getLocalPort() + "/";
    }

    private static List<CompletionStage<Outcome>> calls(
            BranchInvoker invoker, String url, int number, Duration timeout) {
        List<CompletionStage<Outcome>> calls = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            calls.add(invoker.invoke(Calls.action(url, timeout)));
        }
        return calls;
    }

    private static boolean isDone(CompletionStage<Outcome> call) {
        return call.toCompletableFuture().isDone();
    }

    private static long[] latencies(BranchInvoker invoker, BadParticipant participant, int number) {
        long[] took = new long[number];
        for (int i = 0; i < number; i++) {
            long begin = System.nanoTime();
            assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(Calls.action(participant.url("/")))));
            took[i] = System.nanoTime() - begin;
        }
        return took;
    }

    private static long p99(long[] took) {
        Arrays.sort(took);
        return took[took.length * 99 / 100];
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
