package branch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.Alert;
import transaction.Alerts;
import transaction.Limits;

/** The alert webhook: what it is sent, and that nothing it does matters. */
final class AlertHookTest {

    private static final Alert ALERT =
            new Alert("g1", "submitted", "http://b/api/in", "no \"luck\"\n", 3);

    private final BadParticipant webhook = BadParticipant.start();
    private final HttpTransport transport = Calls.transport(Calls.settings(8, 2, 10_000));

    @AfterEach
    void close() throws Exception {
        transport.close();
        webhook.close();
    }

    @Test
    void theWebhookIsSentTheProtocolsJson() {
        Alerts alerts = hook(webhook.url("/alert?key=1"));

        alerts.raise(ALERT);

        await().until(() -> webhook.received("/alert").size() == 1);
        String request = webhook.received("/alert").get(0);
        assertTrue(request.startsWith("POST /alert?key=1 HTTP/1.1\r\n"), request);
        assertTrue(request.contains("content-type: application/json\r\n"), request);
        assertEquals(
                "{\"gid\":\"g1\",\"status\":\"submitted\",\"branch\":\"http://b/api/in\","
                        + "\"error\":\"no \\\"luck\\\"\\n\",\"retry_count\":3}",
                request.substring(request.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void whatFollowsIsSentAsOneThatSaysOfHowManyAndWhose() {
        List<Runnable> later = new CopyOnWriteArrayList<>();
        AlertHook alerts = new AlertHook(transport, webhook.url("/alert"), Duration.ofSeconds(9),
                Duration.ofMinutes(1), (wait, task) -> later.add(task));
        for (int i = 1; i <= 3; i++) {
            alerts.raise(new Alert("g" + i, "submitted", "http://b/api/" + i, "503", i));
        }
        await().until(() -> webhook.received("/alert").size() == 1);

        later.get(0).run();

        await().until(() -> webhook.received("/alert").size() == 2);
        String request = webhook.received("/alert").get(1);
        assertEquals(
                "{\"gid\":\"g3\",\"status\":\"submitted\",\"branch\":\"http://b/api/3\","
                        + "\"error\":\"503\",\"retry_count\":3,\"count\":2,"
                        + "\"gids\":[\"g2\",\"g3\"]}",
                request.substring(request.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void aRefusalIsNotSentAgain() {
        webhook.on("/alert", visit -> visit.send(BadParticipant.answer(500, "no")));
        Alerts alerts = hook(webhook.url("/alert"));

        for (int i = 1; i <= 3; i++) {
            alerts.raise(ALERT);
            int sent = i;
            await().until(() -> webhook.received("/alert").size() == sent);
        }

        await().during(Duration.ofMillis(100)).until(() -> webhook.received("/alert").size() == 3);
    }

    @Test
    void aWebhookThatHangsHoldsNobodyUpAndGathersABoundedNumber() {
        webhook.on("/alert", BadParticipant.Visit::hang);
        AlertHook alerts = hook(webhook.url("/alert"));

        // It answers none of them, so this would not end if one were waited for.
        for (int i = 0; i < 10_000; i++) {
            alerts.raise(ALERT);
        }

        assertEquals(Limits.ALERTS_PENDING, alerts.pending());
        transport.close();
        await().until(() -> alerts.pending() == 0);
    }

    @Test
    void aUrlThatLeadsNowhereOrTextThatIsNoneIsNoError() {
        AlertHook nowhere = hook("nowhere");
        AlertHook here = hook(webhook.url("/alert"));

        nowhere.raise(ALERT);
        here.raise(new Alert("half \ud83d", "submitted", "", "", 0));

        assertEquals(0, nowhere.pending());
        await().until(() -> here.pending() == 0);
    }

    private AlertHook hook(String url) {
        return new AlertHook(transport, url, Duration.ofSeconds(9), Duration.ZERO,
                (wait, task) -> { });
    }
}
