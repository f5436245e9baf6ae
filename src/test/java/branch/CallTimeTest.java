package branch;

import static branch.Calls.outcome;
import static branch.Calls.settings;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.BranchInvoker;
import transaction.Limits;
import transaction.Outcome;
import transaction.Outcome.Kind;

/** When the time of a call begins, and that a slow node does not blame participants for it. */
final class CallTimeTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Network network = new Network();
    private final CountDownLatch isOver = new CountDownLatch(1);

    @AfterEach
    void close() throws Exception {
        isOver.countDown();
        network.close();
    }

    @Test
    void itBeginsWhenTheCallIsSentAndNotWhileItWaitsForAConnection() {
        BadParticipant participant = network.participant().on("/", v -> {
            v.pause(600);
            v.send(BadParticipant.OK);
        });
        BranchInvoker invoker = network.invoker(settings(1, 1, 10));

        // The second waits for 600 ms and is answered after as many more.
        List<CompletionStage<Outcome>> calls =
                Network.calls(invoker, participant.url("/"), 2, SECOND);

        calls.forEach(each -> assertEquals(Outcome.SUCCESS, outcome(each)));
    }

    /** What has come in while the thread was busy was in time. */
    @Test
    void whatHasArrivedWhenItIsUpIsReadFirst() throws Exception {
        CountDownLatch isBusy = new CountDownLatch(1);
        CountDownLatch isAnswered = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        BadParticipant participant = network.participant().on("/", v -> {
            isBusy.await();
            v.send(BadParticipant.OK);
            isAnswered.countDown();
        });
        HttpTransport transport = network.transport(settings(10, 10, 10));
        CompletionStage<Outcome> call = new HttpInvoker(transport)
                .invoke(Calls.action(participant.url("/"), SECOND));
        await().until(() -> participant.received("/").size() == 1);
        long begin = System.nanoTime();

        // The thread is kept within a round of reading; the alarm comes before the next round.
        keepBusy(transport, participant.url("/other"), isBusy, mayGoOn);
        isAnswered.await();
        sleepUntil(begin, SECOND.plusMillis(100));
        mayGoOn.countDown();

        assertEquals(Outcome.SUCCESS, outcome(call));
    }

    @Test
    void aNodeThatWasNotThereSaysSoAndAsksForMoreTime() throws Exception {
        BadParticipant participant = network.participant().on("/", BadParticipant.Visit::hang);
        HttpTransport transport = network.transport(settings(10, 10, 10));
        BranchInvoker invoker = new HttpInvoker(transport);
        String nowhere = network.unreachableUrl();
        CompletionStage<Outcome> silent =
                invoker.invoke(Calls.action(participant.url("/"), SECOND));
        CompletionStage<Outcome> unreachable = invoker.invoke(Calls.action(nowhere, SECOND));
        await().until(() -> participant.received("/").size() == 1);
        long begin = System.nanoTime();

        CountDownLatch isBusy = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        keepBusy(transport, participant.url("/other"), isBusy, mayGoOn);
        isBusy.await();
        sleepUntil(begin, SECOND.plus(Limits.OWN_DELAY).plusMillis(100));
        mayGoOn.countDown();

        assertEquals(Kind.UNKNOWN, outcome(silent).kind(), "it was sent");
        assertTrue(outcome(silent).reason().contains("this node itself was"),
                outcome(silent).reason());
        assertEquals(Kind.PUT_OFF, outcome(unreachable).kind(), outcome(unreachable).reason());
        assertTrue(transport.wasLateSince(begin));
        assertFalse(transport.wasLateSince(System.nanoTime()));
    }

    @Test
    void anAddressIsNeverLookedUp() {
        BadParticipant participant = network.participant();
        BranchInvoker invoker = network.invoker(CallSettings.defaults(), host -> {
            throw new UnknownHostException(host);
        });

        assertEquals(Outcome.SUCCESS, Network.call(invoker, participant.url("/")));
        for (String address : new String[] {"127.0.0.1", "::1", "fe80::1", "::ffff:10.0.0.1"}) {
            assertEquals(1, AddressLookup.written(address).size(), address);
        }
        for (String name : new String[] {"localhost", "127.1", "1", "10.0.0.1.example", ""}) {
            assertEquals(0, AddressLookup.written(name).size(), name);
        }
    }

    @Test
    void aNameThatNobodyCouldBeAskedForIsPutOff() {
        CallSettings standard = CallSettings.defaults();
        BranchInvoker invoker = network.invoker(new CallSettings(
                standard.connectTimeout(), standard.idleTimeout(), 10, 10, 10, 1_000, 1, 1, false,
                standard.verdictMode(), standard.grpc(), standard.retries()), host -> {
            awaitQuietly(isOver);
            throw new UnknownHostException(host);
        });

        for (int i = 0; i <= Limits.LOOKUPS_WAITING; i++) {
            invoker.invoke(Calls.action("http://host-" + i + ".test/", Duration.ofMinutes(1)));
        }
        Outcome outcome = Network.call(invoker, "http://one-more.test/");

        assertEquals(Kind.PUT_OFF, outcome.kind(), outcome.reason());
        assertTrue(outcome.reason().contains("too many host names"), outcome.reason());
    }

    /** Calls {@code url} and does not come back from its answer until it may. */
    private static void keepBusy(HttpTransport transport, String url, CountDownLatch isBusy,
            CountDownLatch mayGoOn) throws Unsendable {
        transport.send(HttpInvoker.request(Calls.action(url), false), new Exchange.Listener() {
            @Override
            public void answered(Answer answer) {
                isBusy.countDown();
                awaitQuietly(mayGoOn);
            }

            @Override
            public void failed(String reason) {
                throw new AssertionError(reason);
            }

            @Override
            public void heldBack(String reason) {
                throw new AssertionError(reason);
            }
        });
    }

    private static void sleepUntil(long begin, Duration after) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(begin + after.toNanos() - System.nanoTime());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
