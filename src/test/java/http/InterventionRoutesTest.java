package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import transaction.Outcome;

/** What operators do by hand, over /api/v1. */
class InterventionRoutesTest {

    private static final String BRANCH = "\"branch_id\":\"01\",\"op\":\"action\"";

    private final Wire wire = Wire.start();

    @BeforeEach
    void submit() {
        wire.participant("http://a/x", Outcome.unknown("url:http://a/x return code 500: no"));
        WireClient.Answer answer = wire.post("submit", "{\"gid\":\"g\",\"trans_type\":"
            + "\"saga\",\"steps\":[{\"action\":\"http://a/x\",\"compensate\":\"http://a/y\"}],"
            + "\"payloads\":[\"{}\"]}");
        assertEquals(200, answer.status(), answer.body());
    }

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void aPauseEndsWhenSomebodySaysSo() throws IOException {
        assertDone(true, "status submitted, paused", act("pause", "{\"reason\":\"later\"}"));
        assertDone(false, "status submitted, paused", act("pause", ""));
        assertEquals("paused", one().get("waiting").asText());
        assertTrue(one().get("paused").asBoolean());
        refused(409, "paused: later; only resume lets it go on before", act("retry", ""));
        assertDone(true, "status submitted", act("resume", "{}"));
        assertDone(false, "status submitted", act("resume", "{}"));
    }

    @Test
    void aPauseMayHaveAnEnd() throws IOException {
        assertDone(true, "status submitted, paused until 2026-03-01T13:00:00.000Z",
            act("pause", "{\"until\":\"" + "2026-03-01T14:00:00+01:00" + "\"}"));
        refused(422, "a pause must end in the future, not at 2020-01-01T00:00:00Z",
            act("pause", "{\"until\":\"2020-01-01T00:00:00Z\"}"));
        refused(400, "until must be a time such as 2026-01-31T23:59:59Z, not tomorrow",
            act("pause", "{\"until\":\"tomorrow\"}"));
    }

    @Test
    void whatIsParkedByHandIsUnparked() throws IOException {
        assertDone(true, "status submitted, parked", act("park", "{\"reason\":\"look\"}"));
        refused(409, "parked by an operator: look; only unpark lets it go on", act("retry", ""));
        assertDone(true, "status submitted", act("unpark", ""));
    }

    @Test
    void aSkippedActionCountsAsDone() throws IOException {
        refused(422, "no reason specified", act("skip", "{" + BRANCH + "}"));
        assertDone(true, "status succeed", act("skip", "{" + BRANCH + ",\"reason\":\"seen\"}"));
        assertDone(false, "status succeed", act("skip", "{" + BRANCH + ",\"reason\":\"seen\"}"));
        assertEquals("skipped by an operator: seen",
            one().at("/branches/1/error").asText());
    }

    @Test
    void anActionThatIsResolvedAsFailedTurnsItBack() throws IOException {
        refused(400, "outcome must be success or failure, not \"\"",
            act("resolve", "{" + BRANCH + ",\"reason\":\"seen\"}"));
        refused(404, "no operation 07 action in g",
            act("resolve", "{\"branch_id\":\"07\",\"op\":\"action\",\"outcome\":\"success\","
                + "\"reason\":\"seen\"}"));
        assertEquals(200, act("resolve",
            "{" + BRANCH + ",\"outcome\":\"failure\",\"reason\":\"seen\"}").status());
        assertEquals("failed", one().get("status").asText());
    }

    @Test
    void aSagaIsRolledBack() throws IOException {
        assertDone(true, "status failed", act("rollback", "{\"reason\":\"wrong order\"}"));
        assertDone(false, "status failed", act("rollback", "{}"));
        assertEquals("rolled back by an operator: wrong order", one().get("reason").asText());
    }

    @Test
    void itIsEndedEitherWay() throws IOException {
        refused(400, "outcome must be succeed or failed, not \"well\"",
            act("stop", "{\"outcome\":\"well\"}"));
        assertDone(true, "status succeed",
            act("stop", "{\"outcome\":\"succeed\",\"reason\":\"by hand\"}"));
        assertDone(false, "status succeed", act("stop", "{\"outcome\":\"succeed\"}"));
        refused(409, "current status 'succeed', it has ended: cannot stop.",
            act("stop", "{\"outcome\":\"failed\"}"));
        refused(409, "current status 'succeed', it has ended: cannot pause.", act("pause", ""));
    }

    @Test
    void anOperationIsCalledOtherwiseFromNowOn() throws IOException {
        wire.participant("http://b/x", Outcome.SUCCESS);
        refused(422, "nothing to change is specified", act("edit", "{" + BRANCH + "}"));
        refused(422, "the url to action must start with http:// or https://: ftp://b/x",
            act("edit", "{" + BRANCH + ",\"url\":\"ftp://b/x\"}"));
        assertDone(true, "status submitted", act("edit", "{" + BRANCH
            + ",\"url\":\"http://b/x\",\"payload\":{\"n\": 2},\"retry_interval_s\":7}"));
        JsonNode branch = one().at("/branches/1");
        assertEquals("http://b/x", branch.get("url").asText());
        assertEquals("{\"n\": 2}", branch.get("payload").asText());
        assertDone(true, "status succeed", act("retry", ""));
    }

    @Test
    void whatIsNotKnownIsRefused() throws IOException {
        refused(400, "unknown key untill; known are reason, until",
            act("pause", "{\"untill\":\"2026-03-02T12:00:00Z\"}"));
        refused(400, "payload and payload_base64 say two things; send one of them",
            act("edit", "{" + BRANCH + ",\"payload\":\"{}\",\"payload_base64\":\"e30=\"}"));
        refused(404, "no TransGlobal with gid: none found",
            wire.send("POST", "/api/v1/transactions/none/pause", "{}"));
    }

    private WireClient.Answer act(String action, String body) {
        return wire.send("POST", "/api/v1/transactions/g/" + action, body);
    }

    private JsonNode one() throws IOException {
        return json(wire.send("GET", "/api/v1/transactions/g", ""));
    }

    private static void assertDone(boolean changed, String text, WireClient.Answer answer)
            throws IOException {
        assertEquals(200, answer.status(), answer.body());
        assertEquals(text, json(answer).get("text").asText());
        assertEquals(changed, json(answer).get("changed").asBoolean(), answer.body());
        assertFalse(json(answer).get("status").isNull());
    }

    private static void refused(int status, String detail, WireClient.Answer answer)
            throws IOException {
        assertEquals(status, answer.status(), answer.body());
        assertEquals(detail, json(answer).get("detail").asText());
    }

    private static JsonNode json(WireClient.Answer answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }
}
