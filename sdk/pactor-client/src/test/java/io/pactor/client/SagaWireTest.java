package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a saga sends. */
class SagaWireTest {

    private final FakeCoordinator coordinator = new FakeCoordinator();
    private final Pactor pactor = Pactor.connect(coordinator.url());

    @AfterEach
    void close() {
        pactor.close();
        coordinator.close();
    }

    private Map<String, Object> sent(Saga saga) {
        saga.submit();
        return coordinator.received("/api/dtmsvr/submit").get(0).json();
    }

    @Test
    void aPlainSagaIsWhatDtmKnows() {
        Map<String, Object> sent = sent(pactor.saga("s1")
            .step(Call.post("http://a/out", Map.of("amount", 30)))
            .undo(Call.post("http://a/outUndo", Map.of("amount", 30)))
            .step(Call.get("http://b/ping")));

        assertEquals("s1", sent.get("gid"));
        assertEquals("saga", sent.get("trans_type"));
        assertEquals(List.of(Map.of("action", "http://a/out", "compensate", "http://a/outUndo"),
            Map.of("action", "http://b/ping")), sent.get("steps"));
        assertEquals(List.of("{\"amount\":30}", ""), sent.get("payloads"));
        assertFalse(sent.containsKey("custom_data"));
        assertTrue(coordinator.received("/api/dtmsvr/version").isEmpty(), "nothing to learn");
    }

    @Test
    void handlingIsInTheFieldsOfTheWire() {
        coordinator.knows("attributes", "park");
        Map<String, Object> sent = sent(pactor.saga("s1").step(Call.get("http://a"))
            .timeoutToFail(Duration.ofMinutes(1)).requestTimeout(Duration.ofSeconds(2))
            .retryInterval(Duration.ofSeconds(3)).retryLimit(4).header("X-Tenant", "t1")
            .attribute("order", "7").customData("mine").parkWhenExhausted());

        assertEquals(60L, sent.get("timeout_to_fail"));
        assertEquals(2L, sent.get("request_timeout"));
        assertEquals(3L, sent.get("retry_interval"));
        assertEquals(4L, sent.get("retry_limit"));
        assertEquals(Map.of("X-Tenant", "t1"), sent.get("branch_headers"));
        assertEquals(Map.of("order", "7"), sent.get("attributes"));
        assertEquals("mine", sent.get("custom_data"));
        assertEquals("park", sent.get("on_exhausted"));
    }

    @Test
    void concurrentStepsHaveAnOrder() {
        Map<String, Object> sent = sent(pactor.saga("s1").concurrent()
            .step(Call.get("http://a")).step(Call.get("http://b"))
            .step(Call.get("http://c")).after(0, 1));

        assertEquals(Map.of("concurrent", true, "orders", Map.of("2", List.of(0L, 1L))),
            Json.read((String) sent.get("custom_data")));
    }

    @Test
    void anOrderWithoutConcurrencyIsRefused() {
        Saga saga =
            pactor.saga("s1").step(Call.get("http://a")).step(Call.get("http://b")).after(0);

        assertTrue(assertThrows(IllegalStateException.class, saga::submit).getMessage()
            .contains("concurrent()"));
    }

    @Test
    void aStepComesAfterEarlierOnesOnly() {
        Saga saga = pactor.saga("s1").concurrent().step(Call.get("http://a"));

        assertThrows(IllegalArgumentException.class, () -> saga.after(0));
        assertThrows(IllegalArgumentException.class, () -> saga.after(-1));
    }

    @Test
    void whatDtmDoesNotKnowIsInOptionsOfTheStep() {
        coordinator.knows("step-options");
        Map<String, Object> sent = sent(pactor.saga("s1")
            .step(Call.of("PUT", "http://a/7", "{\"n\":1}").withHeader("X-A", "1")
                .withTimeout(Duration.ofSeconds(9)).withRetryLimit(2))
            .undo(Call.of("DELETE", "http://a/7", null)));

        assertEquals(List.of(Map.of("action", "http://a/7", "compensate", "http://a/7",
            "action_options", Map.of("method", "PUT", "headers", Map.of("X-A", "1"),
                "request_timeout", 9L, "retry_limit", 2L),
            "compensate_options", Map.of("method", "DELETE", "payload", ""))), sent.get("steps"));
    }

    @Test
    void anUndoWithAnotherBodyHasAPayloadOfItsOwn() {
        coordinator.knows("step-options");
        Map<String, Object> sent = sent(pactor.saga("s1").step(Call.post("http://a/out", "[1]"))
            .undo(Call.post("http://a/undo", "[2]")).stepTimeout(Duration.ofSeconds(5)));

        assertEquals(List.of(Map.of("action", "http://a/out", "compensate", "http://a/undo",
            "action_options", Map.of("request_timeout", 5L),
            "compensate_options", Map.of("request_timeout", 5L, "payload", "[2]"))),
            sent.get("steps"));
    }

    @Test
    void anUndoWithoutABodyHasThatOfItsAction() {
        Map<String, Object> sent = sent(pactor.saga("s1").step(Call.post("http://a/out", "[1]"))
            .undo(Call.post("http://a/undo", null)));

        assertEquals(List.of(Map.of("action", "http://a/out", "compensate", "http://a/undo")),
            sent.get("steps"));
    }

    @Test
    void whatTheServerWouldIgnoreIsRefusedByNameBeforeSending() {
        Saga saga = pactor.saga("s1").step(Call.of("PUT", "http://a/7", "{}"));

        String message = assertThrows(RejectedException.class, saga::submit).getMessage();

        assertTrue(message.contains("method of the call to http://a/7"), message);
        assertTrue(message.contains("step-options"), message);
        assertTrue(coordinator.received("/api/dtmsvr/submit").isEmpty());
    }

    @Test
    void whatTheServerKnowsIsLearntOnce() {
        coordinator.knows("attributes");
        pactor.saga("s1").step(Call.get("http://a")).attribute("a", "1").submit();
        pactor.saga("s2").step(Call.get("http://a")).attribute("a", "1").submit();

        assertEquals(1, coordinator.received("/api/dtmsvr/version").size());
        assertEquals(2, coordinator.received("/api/dtmsvr/submit").size());
    }

    @Test
    void attributesAreFewAndShort() {
        Saga saga = pactor.saga("s1");
        for (int i = 0; i < Handling.ATTRIBUTES_MAX; i++) {
            saga.attribute("a" + i, "x".repeat(Handling.ATTRIBUTE_CHARS_MAX));
        }

        assertThrows(IllegalArgumentException.class, () -> saga.attribute("one more", ""));
        assertThrows(IllegalArgumentException.class, () -> pactor.saga("s2")
            .attribute("a", "x".repeat(Handling.ATTRIBUTE_CHARS_MAX + 1)));
    }

    @Test
    void aRandomGidIsMadeHere() {
        Saga saga = pactor.saga().step(Call.get("http://a"));
        saga.submit();

        assertEquals("submitted", coordinator.status(saga.gid()));
    }

    @Test
    void aGidTheCoordinatorWouldChangeIsRefused() {
        pactor.saga("x".repeat(Gid.CHARS_MAX));
        for (String gid : List.of("", " ", "a;b", "a\nb", "a ", "x".repeat(Gid.CHARS_MAX + 1))) {
            assertThrows(IllegalArgumentException.class, () -> pactor.saga(gid), gid);
        }
    }

    @Test
    void mistakesOfTheDeclarationAreToldAtOnce() {
        Saga saga = pactor.saga("s1");
        assertThrows(IllegalStateException.class, () -> saga.undo(Call.get("http://a")));
        assertThrows(IllegalStateException.class, saga::submit, "no step");
        saga.step(Call.get("http://a")).undo(Call.get("http://b"));
        assertThrows(IllegalStateException.class, () -> saga.undo(Call.get("http://c")));
        saga.submit();
        assertThrows(IllegalStateException.class, () -> saga.step(Call.get("http://a")));
        saga.submit();
        assertEquals(coordinator.received().get(0).body(), coordinator.received().get(1).body());
    }

    @Test
    void aRecordedLambdaIsAStep() {
        Map<String, Object> sent = sent(pactor.saga("s1")
            .step(() -> CallRecorder.record(Call.post("http://a/out", "{}")))
            .undo(() -> CallRecorder.record(Call.post("http://a/undo", "{}"))));

        assertEquals(List.of(Map.of("action", "http://a/out", "compensate", "http://a/undo")),
            sent.get("steps"));
    }
}
