package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.Outcome;
import transaction.Reply;

/** What needs somebody, why each of them waits, and what a submission would do. */
class DeskRoutesTest {

    private static final String API = "/api/v1/";

    private final Wire wire = Wire.start();

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void aGroupCountsWhatItsFilterLists() throws IOException {
        wire.participant("http://stock:80/x", Outcome.unknown(
            "url:http://stock:80/x return code 500: canary"));
        wire.participant("http://bank/x", Outcome.unknown(
            "url:http://bank/x return code 500: canary"));
        for (int i = 0; i < 5; i++) {
            submit("s" + i, "http://stock:80/x");
        }
        submit("b", "http://bank/x");
        submit("fine", "http://fine/x");

        JsonNode groups = get("attention").get("items");
        assertEquals(2, groups.size());
        for (JsonNode group : groups) {
            JsonNode filter = group.get("filter");
            String query = "?cause=" + filter.get("cause").asText() + "&participant="
                + filter.get("participant").asText() + "&error_is="
                + WireClient.encoded(filter.get("error_is").asText());
            JsonNode listed = get("transactions" + query).get("items");
            assertEquals(group.get("count").asInt(), listed.size());
            assertEquals("return code 500", listed.get(0).get("error").asText());
            assertEquals(1, listed.get(0).get("attempts").asInt());
        }
        assertFalse(groups.toString().contains("canary"), groups.toString());
        JsonNode stuck = get("participants").at("/items/1");
        assertEquals("stock:80", stuck.get("participant").asText());
        assertEquals(5, stuck.get("stuck").asInt());
        assertEquals(5, stuck.at("/causes/retry").asInt());
    }

    @Test
    void eachParameterLetsPassWhatItSays() throws IOException {
        wire.participant("http://stock/x", Outcome.unknown("down"));
        submit("a-1", "http://stock/x");
        submit("a-2", "http://fine/x");
        for (String one : new String[] {"unfinished=true", "waiting=retry", "cause=retry",
                "participant=stock:80", "error=dow", "min_attempts=1", "gid_prefix=a-1"}) {
            JsonNode items = get("transactions?" + one).get("items");
            assertEquals(1, items.size(), one);
            assertEquals("a-1", items.get(0).get("gid").asText(), one);
        }
        for (String none : new String[] {"paused=true", "parked=true", "quarantined=true",
                "min_attempts=2", "updated_before=2026-01-01T00:00:00Z"}) {
            assertEquals(0, get("transactions?" + none).get("items").size(), none);
        }
        for (String wrong : new String[] {"sort=up", "waiting=godot", "parked=yes",
                "gid_prefix=a&sort=oldest", "min_attempts=-1", "error=" + "x".repeat(201),
                "paused=true&waiting=retry", "attribute=x"}) {
            assertEquals(400, wire.send("GET", API + "transactions?" + wrong, "").status(), wrong);
        }
    }

    @Test
    void whyItWaitsIsToldInWords() throws IOException {
        wire.participant("http://stock/x", Outcome.unknown(
            "url:http://stock/x return code 500: no"));
        submit("g", "http://stock/x");
        JsonNode why = get("transactions/g/explain");
        assertEquals("to call stock:80 again for 01 action, because url:http://stock/x return"
            + " code 500: no", why.get("waits_for").asText());
        assertTrue(why.at("/next/what").asText().startsWith("01 action is called at stock:80"));
        assertFalse(why.at("/next/at").isNull());
        JsonNode retry = why.at("/actions/0");
        assertEquals("retry", retry.get("action").asText());
        assertTrue(retry.get("allowed").asBoolean());
        assertEquals(404, wire.send("GET", API + "transactions/x/explain", "").status());
    }

    @Test
    void itsHistoryComesInPages() throws IOException {
        submit("g", "http://fine/x");
        JsonNode first = get("transactions/g/history?limit=1");
        JsonNode rest = get("transactions/g/history?cursor=" + first.get("next").asText());
        assertEquals("opened", first.at("/items/0/event").asText());
        assertEquals(1, first.at("/items/0/number").asInt());
        assertEquals("settled", rest.at("/items/0/event").asText());
        assertTrue(rest.get("next").isNull());
        assertEquals(404, wire.send("GET", API + "transactions/x/history", "").status());
    }

    @Test
    void aPlanTellsWhatFollowsEachFailureAndDoesNothing() throws IOException {
        JsonNode plan = json(wire.send("POST", API + "plan", "{\"gid\":\"g\",\"trans_type\":"
            + "\"saga\",\"steps\":[{\"action\":\"http://a/x\",\"compensate\":\"http://a/y\"},"
            + "{\"action\":\"http://b/x\"}],\"payloads\":[\"{}\",\"{}\"],"
            + "\"timeout_to_fail\":5}"));
        assertEquals(2, plan.get("steps").size());
        assertEquals("http://b/x", plan.at("/steps/1/url").asText());
        assertEquals("[{\"branch_id\":\"01\",\"op\":\"compensate\",\"url\":\"http://a/y\"}]",
            plan.at("/steps/1/then_if_failed").toString());
        assertTrue(plan.get("warnings").get(0).asText().contains("02 has no compensation"));
        assertEquals(404, wire.send("GET", API + "transactions/g", "").status());
        assertEquals(400, wire.send("POST", API + "plan", "{\"trans_type\":\"saga\"}").status());
        assertTrue(wire.coordinator.calls().isEmpty());
    }

    @Test
    void aFullNodePlansNothing() throws IOException {
        String asked = "{\"gid\":\"g\",\"trans_type\":\"saga\",\"steps\":[{\"action\":"
            + "\"http://a/x\"}],\"payloads\":[\"{}\"]}";
        wire.coordinator.refuse(new Reply.Full("more than 3 are under way; nothing was done"));
        assertEquals(503, wire.send("POST", API + "plan", asked).status());
        wire.coordinator.refuse(null);
        assertEquals(200, wire.send("POST", API + "plan", asked).status());
    }

    private void submit(String gid, String url) {
        WireClient.Answer answer = wire.post("submit", "{\"gid\":\"" + gid
            + "\",\"trans_type\":\"saga\",\"steps\":[{\"action\":\"" + url
            + "\"}],\"payloads\":[\"{}\"]}");
        assertEquals(200, answer.status(), answer.body());
    }

    private JsonNode get(String path) throws IOException {
        WireClient.Answer answer = wire.send("GET", API + path, "");
        assertEquals(200, answer.status(), answer.body());
        return json(answer);
    }

    private static JsonNode json(WireClient.Answer answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }
}
