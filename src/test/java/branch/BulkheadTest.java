package branch;

import static branch.Calls.SOON;
import static branch.Calls.outcome;
import static branch.Calls.settings;
import static branch.Network.call;
import static branch.Network.calls;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.BranchInvoker;
import transaction.Limits;
import transaction.Op;
import transaction.Outcome;
import transaction.Outcome.Kind;

/** Bounds of connections and queues; one host dead, others live: row D-18 of the failure model. */
final class BulkheadTest {

    private static final Duration LONG = Duration.ofSeconds(9);

    private static final Duration FOR_EVER = Duration.ofHours(1);

    private final Network network = new Network();

    @AfterEach
    void close() throws Exception {
        network.close();
    }

    @Test
    void aHostGetsNoMoreThanItsConnectionsAndAllCallsAreServed() {
        BadParticipant participant = network.participant();
        BranchInvoker invoker = network.invoker(settings(100, 3, 1_000));

        List<CompletionStage<Outcome>> calls = calls(invoker, participant.url("/"), 500, LONG);

        calls.forEach(call -> assertEquals(Outcome.SUCCESS, outcome(call)));
        assertTrue(participant.mostOpen() <= 3, "open at once: " + participant.mostOpen());
    }

    @Test
    void whatFindsTheQueueFullIsPutOffAtOnceAndSaysSo() {
        BadParticipant participant = network.participant().on("/", BadParticipant.Visit::hang);
        BranchInvoker invoker = network.invoker(settings(100, 2, 5));

        List<CompletionStage<Outcome>> calls = calls(invoker, participant.url("/"), 20, LONG);

        await().until(() -> calls.stream().filter(BulkheadTest::isDone).count() == 13);
        List<Outcome> refused =
                calls.stream().filter(BulkheadTest::isDone).map(Calls::outcome).toList();
        refused.forEach(outcome -> {
            assertEquals(Kind.PUT_OFF, outcome.kind());
            assertTrue(outcome.reason().contains("is full"), outcome.reason());
        });
    }

    /** Nothing has left this node, and the host, which has connections, is not known to be dead. */
    @Test
    void whatWaitsTooLongForABusyConnectionIsPutOff() {
        BadParticipant participant = network.participant().on("/", BadParticipant.Visit::hang);
        BranchInvoker invoker = network.invoker(settings(100, 2, 100));
        calls(invoker, participant.url("/"), 2, LONG);
        await().until(() -> participant.received("/").size() == 2);

        Outcome outcome = outcome(invoker.invoke(Calls.action(participant.url("/"), SOON)));

        assertEquals(Kind.PUT_OFF, outcome.kind());
        assertTrue(outcome.reason().contains("no connection within 400 ms: its 2 connections are"
                + " busy"), outcome.reason());
        assertEquals(2, participant.received("/").size());
    }

    @Test
    void allHostsTogetherGetNoMoreThanTheTotal() {
        BranchInvoker invoker = network.invoker(settings(4, 3, 100));
        List<BadParticipant> participants = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            participants.add(network.participant());
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
    void anUnusedConnectionIsGivenUpForAnotherHost() {
        BadParticipant first = network.participant();
        BadParticipant second = network.participant();
        BranchInvoker invoker = network.invoker(settings(1, 1, 100));

        for (BadParticipant each : List.of(first, second, first, second)) {
            // Sooner than an idle connection would be closed for its age.
            Duration sooner = Duration.ofSeconds(2);
            Outcome outcome = outcome(invoker.invoke(Calls.action(each.url("/"), sooner)));
            assertEquals(Outcome.SUCCESS, outcome);
        }

        assertEquals(4, first.connections() + second.connections());
    }

    @Test
    void hostsThatHoldEveryConnectionDoNotKeepAnotherOut() {
        BadParticipant healthy = network.participant();
        BadParticipant slow = network.participant().on("/", BulkheadTest::hangUpAfterAWhile);
        BadParticipant lame = network.participant().on("/", BulkheadTest::hangUpAfterAWhile);
        BranchInvoker invoker = network.invoker(settings(8, 8, 10_000));
        // Eight connections at 50 ms each: these calls need them all for five seconds.
        calls(invoker, slow.url("/"), 400, LONG);
        calls(invoker, lame.url("/"), 400, LONG);
        await().until(() -> slow.openNow() + lame.openNow() == 8);

        Duration sooner = Duration.ofSeconds(2);
        Outcome outcome = outcome(invoker.invoke(Calls.action(healthy.url("/"), sooner)));

        assertEquals(Outcome.SUCCESS, outcome);
    }

    @Test
    void whatWaitsForAHostIsBoundedInBytesToo() {
        BadParticipant participant = network.participant().on("/", BadParticipant.Visit::hang);
        BranchInvoker invoker = network.invoker(settings(100, 2, 10_000));
        String large = "x".repeat(Limits.PAYLOAD_BYTES);

        List<CompletionStage<Outcome>> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(invoker.invoke(Calls.call(Op.ACTION, participant.url("/"), large, LONG)));
        }

        int kept = Limits.QUEUE_BYTES_PER_HOST / Limits.PAYLOAD_BYTES - 1;
        await().until(() -> calls.stream().filter(BulkheadTest::isDone).count() >= 40 - kept - 2);
    }

    @Test
    void aDeadHostWithTenThousandCallsDelaysNoOther() throws Exception {
        BadParticipant silent = network.participant().on("/", BadParticipant.Visit::hang);
        BadParticipant healthy = network.participant();
        BranchInvoker invoker = network.invoker(settings(256, 64, 10_000));
        latencies(invoker, healthy, 300);
        long alone = p99(latencies(invoker, healthy, 300));

        List<CompletionStage<Outcome>> dead = calls(invoker, silent.url("/"), 5_000, FOR_EVER);
        calls(invoker, network.unreachableUrl(), 5_000, FOR_EVER);
        await().until(() -> silent.openNow() == 64);

        // Half as long again, and some room; asked again if the machine had other work meanwhile.
        long limit = alone * 3 / 2 + Duration.ofMillis(20).toNanos();
        await().until(() -> p99(latencies(invoker, healthy, 300)) <= limit);
        assertEquals(0, dead.stream().filter(BulkheadTest::isDone).count());
    }

    private static boolean isDone(CompletionStage<Outcome> call) {
        return call.toCompletableFuture().isDone();
    }

    private static long[] latencies(BranchInvoker invoker, BadParticipant participant, int number) {
        long[] took = new long[number];
        for (int i = 0; i < number; i++) {
            long begin = System.nanoTime();
            assertEquals(Outcome.SUCCESS, call(invoker, participant.url("/")));
            took[i] = System.nanoTime() - begin;
        }
        return took;
    }

    private static long p99(long[] took) {
        Arrays.sort(took);
        return took[took.length * 99 / 100];
    }

    private static void hangUpAfterAWhile(BadParticipant.Visit visit) throws Exception {
        visit.pause(50);
        visit.socket.close();
    }
}
