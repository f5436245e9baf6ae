package branch;

import static branch.BadParticipant.OK;
import static branch.BadParticipant.answer;
import static branch.Calls.SOON;
import static branch.Calls.outcome;
import static branch.Calls.settings;
import static branch.Network.call;
import static branch.Network.calls;
import static branch.Network.refusingUrl;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.BranchInvoker;
import transaction.Outcome;
import transaction.Outcome.Kind;

/** Connections made, kept and lost: rows D-01 and D-06 of the failure model. */
final class ConnectionsTest {

    private static final Duration LONG = Duration.ofSeconds(9);

    private final Network network = new Network();

    @AfterEach
    void close() throws Exception {
        network.close();
    }

    @Test
    void aRefusedConnectionIsUnknownAtOnce() throws Exception {
        BranchInvoker invoker = network.invoker(CallSettings.defaults());

        Outcome outcome = outcome(invoker.invoke(Calls.action(refusingUrl())));

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("refused"), outcome.reason());
    }

    @Test
    void everyCallToARefusingHostIsToldAndNoneHangs() throws Exception {
        HttpTransport transport = network.transport(settings(16, 4, 1_000));
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
        BranchInvoker invoker = network.invoker(CallSettings.defaults());
        String url = network.unreachableUrl();

        Outcome outcome = outcome(invoker.invoke(Calls.action(url, SOON)));

        assertEquals(Kind.UNKNOWN, outcome.kind());
        assertTrue(outcome.reason().contains("no connection within 400 ms"), outcome.reason());
    }

    @Test
    void aKeptConnectionIsUsedAgain() {
        BadParticipant participant = network.participant();
        BranchInvoker invoker = network.invoker(CallSettings.defaults());

        for (int i = 0; i < 50; i++) {
            assertEquals(Outcome.SUCCESS, call(invoker, participant.url("/")));
        }

        assertEquals(1, participant.connections());
    }

    @Test
    void aCallLostToAClosingConnectionIsUnknownAndNotSentAgain() {
        BadParticipant participant = network.participant();
        participant.on("/", visit -> {
            // The first request on each connection is answered, the second meets the close.
            if (participant.received("/").size() % 2 == 1) {
                visit.send(OK);
            } else {
                visit.socket.close();
            }
        });
        BranchInvoker invoker = network.invoker(CallSettings.defaults());

        for (int i = 1; i <= 20; i++) {
            Outcome outcome = outcome(invoker.invoke(Calls.action(participant.url("/"))));
            assertEquals(i % 2 == 1 ? Kind.SUCCESS : Kind.UNKNOWN, outcome.kind());
        }

        assertEquals(20, participant.received("/").size(), "receipts = attempts");
    }

    @Test
    void aConnectionClosedWhileIdleIsNotUsed() {
        BadParticipant participant = network.participant().on("/", visit -> {
            visit.send(OK);
            visit.socket.close();
        });
        HttpTransport transport = network.transport(CallSettings.defaults());
        BranchInvoker invoker = new HttpInvoker(transport);

        for (int i = 0; i < 5; i++) {
            assertEquals(Outcome.SUCCESS, call(invoker, participant.url("/")));
            await().until(() -> transport.connections() == 0);
        }
    }

    @Test
    void anIdleConnectionIsClosedInTimeAndItsHostForgotten() {
        BadParticipant participant = network.participant();
        CallSettings standard = CallSettings.defaults();
        HttpTransport transport = network.transport(new CallSettings(
                standard.connectTimeout(), Duration.ofMillis(100), 8, 8, 8, 1_000, 1, 1, false,
                standard.verdictMode(), standard.grpc(), standard.retries()));
        BranchInvoker invoker = new HttpInvoker(transport);

        outcome(invoker.invoke(Calls.action(participant.url("/"))));

        assertEquals(1, transport.hosts());
        await().until(() -> transport.hosts() == 0 && participant.openNow() == 0);
    }

    @Test
    void aConnectionIsNotKeptLongerThanTheServerSays() {
        BadParticipant participant = network.participant()
                .on("/one-second", v -> v.send(answer(200, "", "Keep-Alive: max=9, timeout=1")))
                .on("/close", v -> v.send(answer(200, "", "Connection: close")));
        BranchInvoker invoker = network.invoker(CallSettings.defaults());

        for (String path : new String[] {"/one-second", "/close", "/close"}) {
            assertEquals(Outcome.SUCCESS, call(invoker, participant.url(path)));
        }

        assertEquals(3, participant.connections());
    }

    @Test
    void bytesThatNobodyAskedForEndTheConnection() {
        BadParticipant participant = network.participant();
        participant.on("/", visit -> {
            visit.send(OK);
            visit.pause(50);
            visit.send(answer(409, "FAILURE"));
            visit.hang();
        });
        HttpTransport transport = network.transport(CallSettings.defaults());
        BranchInvoker invoker = new HttpInvoker(transport);

        assertEquals(Outcome.SUCCESS, call(invoker, participant.url("/")));
        await().until(() -> transport.connections() == 0);
        assertEquals(Outcome.SUCCESS, call(invoker, participant.url("/")));
    }

    @Test
    void closingEndsEveryCallAndWhatWasNotSentIsPutOff() {
        BadParticipant silent = network.participant().on("/", BadParticipant.Visit::hang);
        HttpTransport transport = network.transport(settings(100, 2, 100));
        BranchInvoker invoker = new HttpInvoker(transport);
        List<CompletionStage<Outcome>> calls = calls(invoker, silent.url("/"), 10, LONG);
        await().until(() -> silent.received("/").size() == 2);

        transport.close();

        List<Kind> kinds = calls.stream().map(call -> outcome(call).kind()).sorted().toList();
        assertEquals(Collections.nCopies(2, Kind.UNKNOWN), kinds.subList(0, 2));
        assertEquals(Collections.nCopies(8, Kind.PUT_OFF), kinds.subList(2, 10));
        Outcome later = outcome(invoker.invoke(Calls.action(silent.url("/"))));
        assertEquals(Kind.PUT_OFF, later.kind());
        assertTrue(later.reason().contains("stopped"), later.reason());
    }
}
