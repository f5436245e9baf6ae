package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import transaction.GlobalTransaction;
import transaction.Outcome;

/** Protocol section 1.6 by wire: what a client that waits is told at the end of the first pass. */
class WaitedResultTest {

    private static final String URL = "http://p/";

    private Wire wire;

    @BeforeEach
    void start() {
        wire = Wire.start()
            .participant("http://p/busy", Outcome.ongoing("at work"))
            .participant("http://p/down", Outcome.unknown("connection refused"))
            .participant("http://p/no", Outcome.failure("no funds FAILURE"))
            .participant("http://p/later", MemoryCoordinator.LATER);
    }

    @AfterEach
    void stop() {
        wire.close();
    }

    /** DTM answers 409 where this has 425 or 500 (docs/protocol.md): nothing has failed yet. */
    @ParameterizedTest(name = "{0} whose participant says {1}: {2}, {3}")
    @CsvSource(textBlock = WaitedResults.SUBMITS)
    void theFirstPassDecidesTheAnswer(
            String mode, String participant, int status, String becomes) {
        WaitedResults.join(new HttpDoor(wire.client), "g", mode, URL + participant);

        WireClient.Answer answer =
            wire.post("submit", WaitedResults.submit("g", mode, URL + participant));

        assertEquals(status, answer.status(), answer.body());
        HttpDoor.check("submit", answer);
        if (status == 409) {
            assertTrue(answer.body().contains("no funds FAILURE"), answer.body());
        } else if (status == 500) {
            assertTrue(answer.body().contains("Got: " + (participant.equals("no")
                ? "no funds fail***" : "connection refused") + ". "), answer.body());
        }
        assertEquals(becomes, state().status().wire());
    }

    /** Abort honours what was said at prepare. */
    @ParameterizedTest(name = "aborted tcc whose participant says {0}: {1}, {2}")
    @CsvSource(textBlock = WaitedResults.ABORTS)
    void anAbortWaitsToo(String participant, int status, String becomes) {
        WaitedResults.join(new HttpDoor(wire.client), "g", "tcc", URL + participant);

        WireClient.Answer answer = wire.post("abort", "{\"gid\":\"g\",\"trans_type\":\"tcc\"}");

        assertEquals(status, answer.status(), answer.body());
        assertEquals(becomes, state().status().wire());
        assertFalse(answer.mentionsVerdict());
    }

    @Test
    void aDelayedMessageIsNotFinished() {
        WireClient.Answer answer = wire.post("submit", "{\"gid\":\"g\",\"trans_type\":\"msg\","
            + "\"wait_result\":true,\"custom_data\":\"{\\\"delay\\\":10}\","
            + "\"steps\":[{\"action\":\"http://p/yes\"}],\"payloads\":[\"{}\"]}");

        assertEquals(425, answer.status());
        assertTrue(wire.coordinator.calls().isEmpty());
    }

    @Test
    void theAnswerComesWhenThePassIsOver() {
        CompletableFuture<WireClient.Answer> answer = wire.client.posting(
            "submit", WaitedResults.submit("g", "saga", URL + "later"));
        Awaitility.await().until(() -> wire.coordinator.calls().size() == 1);
        assertFalse(answer.isDone());

        wire.coordinator.release(Outcome.SUCCESS);

        assertEquals(200, Wire.await(answer).status());
    }

    /** The server's own bound: nothing is known, and so nothing is claimed. */
    @Test
    void whoWaitsTooLongIsToldThatNothingIsKnown() {
        HttpSettings d = HttpSettings.defaults();
        try (Wire hasty = Wire.start(new HttpSettings(d.host(), d.port(), d.maxConnections(),
                d.bodyBytes(), d.buffered(), d.headBytes(), d.headerBytes(), d.headerCount(),
                d.idleTimeout(), d.headTimeout(), d.bodyTimeout(), Duration.ofMillis(200),
                d.hurryHorizon(), d.tls()))) {
            hasty.participant("http://p/later", MemoryCoordinator.LATER);

            WireClient.Answer answer =
                hasty.post("submit", WaitedResults.submit("g", "saga", URL + "later"));

            assertEquals(503, answer.status());
            assertEquals("1", answer.retryAfter());
            assertTrue(answer.body().contains("ask again with the same gid"), answer.body());
            assertFalse(answer.mentionsVerdict());
            hasty.coordinator.release(Outcome.SUCCESS);
            assertEquals("succeed", hasty.coordinator.state("g").status().wire());
        }
    }

    private GlobalTransaction state() {
        return wire.coordinator.state("g");
    }
}
