package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
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
    @CsvSource({
        "saga,yes,200,succeed", "saga,no,409,failed", "saga,busy,425,submitted",
        "saga,down,425,submitted",
        "msg,yes,200,succeed", "msg,no,500,submitted", "msg,busy,425,submitted",
        "msg,down,500,submitted",
        "tcc,yes,200,succeed", "tcc,no,500,submitted", "tcc,busy,425,submitted",
        "tcc,down,500,submitted",
        "xa,yes,200,succeed", "xa,no,500,submitted", "xa,busy,425,submitted",
        "xa,down,500,submitted"})
    void theFirstPassDecidesTheAnswer(
            String mode, String participant, int status, String becomes) {
        join(mode, participant);

        Wire.Answer answer = wire.post("submit", waited(mode, participant));

        assertEquals(status, answer.status(), answer.body());
        assertEquals(switch (status) {
            case 200 -> "{\"dtm_result\":\"SUCCESS\"}";
            case 409 -> "{\"dtm_result\":\"FAILURE\",\"message\":\"no funds FAILURE\"}";
            case 425 -> "{\"dtm_result\":\"ONGOING\","
                + "\"message\":\"wait result not return success: ONGOING\"}";
            default -> "{\"message\":\"your http/grpc result should be specified as in: 200 done,"
                + " 409 failed, 425 at work. Got: " + (participant.equals("no")
                    ? "no funds fail***" : "connection refused") + ". It is being tried again.\"}";
        }, answer.body());
        assertEquals(becomes, state().status().wire());
    }

    /** Abort honours what was said at prepare. */
    @ParameterizedTest(name = "aborted tcc whose participant says {0}: {1}, {2}")
    @CsvSource({"yes,200,failed", "busy,425,aborting", "down,500,aborting", "no,500,aborting"})
    void anAbortWaitsToo(String participant, int status, String becomes) {
        join("tcc", participant);

        Wire.Answer answer = wire.post("abort", "{\"gid\":\"g\",\"trans_type\":\"tcc\"}");

        assertEquals(status, answer.status(), answer.body());
        assertEquals(becomes, state().status().wire());
        assertFalse(answer.mentionsVerdict());
    }

    @Test
    void aDelayedMessageIsNotFinished() {
        Wire.Answer answer = wire.post("submit", "{\"gid\":\"g\",\"trans_type\":\"msg\","
            + "\"wait_result\":true,\"custom_data\":\"{\\\"delay\\\":10}\","
            + "\"steps\":[{\"action\":\"http://p/yes\"}],\"payloads\":[\"{}\"]}");

        assertEquals(425, answer.status());
        assertTrue(wire.coordinator.calls().isEmpty());
    }

    @Test
    void theAnswerComesWhenThePassIsOver() {
        CompletableFuture<Wire.Answer> answer = wire.sending("POST", Wire.API + "submit",
            waited("saga", "later").getBytes(StandardCharsets.UTF_8));
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
                d.bodyBytes(), d.buffered(), d.headerBytes(), d.headerCount(), d.idleTimeout(),
                d.bodyTimeout(), Duration.ofMillis(200), d.hurryHorizon()))) {
            hasty.participant("http://p/later", MemoryCoordinator.LATER);

            Wire.Answer answer = hasty.post("submit", waited("saga", "later"));

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

    private void join(String mode, String participant) {
        if (mode.equals("tcc") || mode.equals("xa")) {
            String url = "http://p/" + participant;
            wire.post("prepare", "{\"gid\":\"g\",\"trans_type\":\"" + mode
                + "\",\"wait_result\":true}");
            assertEquals(200, wire.post("registerBranch", "{\"gid\":\"g\",\"trans_type\":\"" + mode
                + "\",\"branch_id\":\"01\",\"data\":\"{}\",\"confirm\":\"" + url
                + "\",\"cancel\":\"" + url + "\",\"url\":\"" + url + "\"}").status());
        }
    }

    private static String waited(String mode, String participant) {
        String steps = mode.equals("saga") || mode.equals("msg")
            ? ",\"steps\":[{\"action\":\"http://p/" + participant + "\"}],\"payloads\":[\"{}\"]"
            : "";
        return "{\"gid\":\"g\",\"trans_type\":\"" + mode + "\",\"wait_result\":true" + steps + "}";
    }
}
