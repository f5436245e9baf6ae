package io.pactor.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Pactor knows beyond DTM's protocol, with the real coordinator. */
class AttributesAndParkingTest {

    private final Pactor pactor = Pactor.connect(SharedCoordinator.url());
    private final Participants participants = new Participants();

    @AfterEach
    void stop() {
        participants.close();
        pactor.close();
    }

    @Test
    void attributesAreOnRecord() {
        Saga saga = pactor.saga().attribute("customer", "ann").attribute("shop", "7")
            .step(Call.post(participants.url("/take"), Map.of()));
        saga.submit();

        assertEquals(Map.of("customer", "ann", "shop", "7"),
            pactor.query(saga.gid()).orElseThrow().attributes());
    }

    @Test
    void whatGoesWrongTooOftenIsParkedAndSaysWhy() {
        participants.answer("/take", 500, "{\"message\":\"out of paper\"}");
        Saga saga = pactor.saga().retryInterval(Duration.ofSeconds(1)).retryLimit(1)
            .parkWhenExhausted().step(Call.post(participants.url("/take"), Map.of()));
        saga.submit();

        await().atMost(Duration.ofSeconds(60))
            .until(() -> !pactor.query(saga.gid()).orElseThrow().parked().isEmpty());

        TransactionView view = pactor.query(saga.gid()).orElseThrow();
        assertEquals("submitted", view.status());
        assertTrue(view.parked().startsWith("action of branch 01: "), view.parked());
        assertTrue(view.parked().contains("out of paper"), view.parked());
        assertTrue(assertInstanceOf(Outcome.InProgress.class, view.outcome()).waitsFor()
            .startsWith("parked: "));
    }
}
