package branch;

import static branch.BadParticipant.answer;
import static branch.Calls.SOON;
import static branch.Calls.outcome;
import static branch.Network.call;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.BranchInvoker;
import transaction.Outcome;
import transaction.Outcome.Kind;

/** Names and addresses: row D-17 of the failure model. */
final class NamesTest {

    private final Network network = new Network();

    @AfterEach
    void close() throws Exception {
        network.close();
    }

    @Test
    void anUnknownNameIsUnknown() {
        BranchInvoker invoker = network.invoker(CallSettings.defaults(), host -> {
            throw new UnknownHostException(host);
        });

        Outcome outcome = outcome(invoker.invoke(Calls.action("http://nowhere.test/")));

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("nowhere.test is not known"), outcome.reason());
    }

    @Test
    void aResolverThatBreaksOrKnowsNothingIsUnknown() {
        BranchInvoker invoker = network.invoker(CallSettings.defaults(), host -> {
            if (host.equals("breaks.test")) {
                throw new IllegalStateException("broken");
            }
            if (host.equals("error.test")) {
                throw new NoClassDefFoundError("in a resolver");
            }
            return new InetAddress[0];
        });

        // An Error too, and the name is asked for again the next time.
        for (String host : new String[] {
            "breaks.test", "empty.test", "error.test", "error.test"}) {
            assertEquals(Kind.UNKNOWN, call(invoker, "http://" + host + "/").kind());
        }
    }

    @Test
    void aNameThatHangsDelaysNeitherTheCallerNorAnotherName() {
        CountDownLatch never = new CountDownLatch(1);
        BadParticipant healthy = network.participant();
        BranchInvoker invoker = network.invoker(CallSettings.defaults(), host -> {
            awaitQuietly(host.equals("hangs.test") ? never : new CountDownLatch(0));
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        });

        List<CompletionStage<Outcome>> hanging = new ArrayList<>();
        for (int port = 1_000; port < 1_100; port++) {
            hanging.add(invoker.invoke(Calls.action("http://hangs.test:" + port + "/", SOON)));
        }
        CompletionStage<Outcome> patient = invoker.invoke(
            Calls.action("http://hangs.test:999/", Duration.ofMinutes(1)));
        String url = "http://healthy.test:" + healthy.port() + "/";
        assertEquals(Outcome.SUCCESS, outcome(invoker.invoke(Calls.action(url))));

        // The name still hangs, and whoever asks for it has not waited for it.
        assertFalse(patient.toCompletableFuture().isDone());
        for (CompletionStage<Outcome> each : hanging) {
            assertTrue(outcome(each).reason().contains("looked up"), outcome(each).reason());
        }
        never.countDown();
    }

    @Test
    void aNewAddressIsUsedForNewConnections() {
        BadParticipant first = network.participant();
        BadParticipant second = network.opened(BadParticipant.startAt("127.0.0.2", first.port()));
        first.on("/", visit -> visit.send(answer(200, "", "Connection: close")));
        AtomicReference<String> address = new AtomicReference<>("127.0.0.1");
        BranchInvoker invoker = network.invoker(
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
        BadParticipant participant = network.opened(BadParticipant.startAt("127.0.0.2", 0));
        BranchInvoker invoker = network.invoker(CallSettings.defaults(), host -> new InetAddress[] {
            InetAddress.getByName("127.0.0.3"), InetAddress.getByName("127.0.0.2")
        });

        Outcome outcome = outcome(
                invoker.invoke(Calls.action("http://two.test:" + participant.port() + "/")));

        assertEquals(Outcome.SUCCESS, outcome);
        assertEquals(1, participant.received("/").size());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
