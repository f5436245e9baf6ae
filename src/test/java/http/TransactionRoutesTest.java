package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.Outcome;

/** Transactions under /api/v1: lists in pages, one of them, and how what is wrong is told. */
class TransactionRoutesTest {

    private static final String ALL = "/api/v1/transactions";

    private final Wire wire = Wire.start();

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void aListComesInPages() throws IOException {
        for (String gid : List.of("a", "b", "c")) {
            submit(gid);
        }
        JsonNode first = get("?limit=2");
        JsonNode second = get("?limit=2&cursor=" + first.get("next").asText());
        assertEquals(List.of("c", "b"), gids(first));
        assertEquals(List.of("a"), gids(second));
        assertTrue(second.get("next").isNull());
        assertEquals("succeed", first.at("/items/0/status").asText());
        assertEquals("saga", first.at("/items/0/mode").asText());
        assertTrue(first.at("/items/0/opened_at").asText()
            .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
    }

    @Test
    void aPageHasOneToAHundredItems() {
        for (String limit : List.of("1", "100", "")) {
            assertEquals(200, wire.send("GET", ALL + "?limit=" + limit, "").status(), limit);
        }
        for (String limit : List.of("0", "101", "-1", "x")) {
            assertEquals(400, wire.send("GET", ALL + "?limit=" + limit, "").status(), limit);
        }
    }

    @Test
    void oneHasItsBranches() throws IOException {
        wire.participant("http://a/x", Outcome.unknown("url:http://a/x return code 500: no"));
        submit("g");
        JsonNode one = get("/g");
        JsonNode branch = one.at("/branches/0");
        assertEquals("submitted", one.get("status").asText());
        assertEquals("01", branch.get("branch_id").asText());
        assertEquals("compensate", branch.get("op").asText());
        JsonNode action = one.at("/branches/1");
        assertEquals("action", action.get("op").asText());
        assertEquals(1, action.get("attempts").asInt());
        assertTrue(action.get("error").asText().contains("return code 500"));
        assertEquals("{\"n\":1}", action.get("payload").asText());
        assertTrue(action.get("settled_at").isNull());
        assertFalse(action.get("next_at").isNull());
    }

    @Test
    void aGidMayHaveSignsThatPathsDoNot() throws IOException {
        for (String gid : List.of("a/b", "a b", "a%b", "ä", "a+b", "{gid}", "..a")) {
            submit(gid);
            JsonNode one = get("/" + WireClient.encoded(gid).replace("+", "%20"));
            assertEquals(gid, one.get("gid").asText());
        }
    }

    @Test
    void whatIsNotThereIsAProblem() throws IOException {
        problem(404, "there is no transaction with the gid none",
            wire.send("GET", ALL + "/none", ""));
        problem(404, "nothing is served at /api/v1/nothing",
            wire.send("GET", "/api/v1/nothing", ""));
        problem(405, "/api/v1/me takes GET, not DELETE", wire.send("DELETE", "/api/v1/me", ""));
        problem(405, ALL + "/g takes GET, not PUT", wire.send("PUT", ALL + "/g", "{}"));
        problem(400, "unknown parameter statuss; known are attribute, cause, cursor, error,"
            + " error_is, gid_prefix, limit, min_attempts, mode, opened_from, opened_to, parked,"
            + " participant, paused, quarantined, sort, status, unfinished, updated_before,"
            + " waiting",
            wire.send("GET", ALL + "?statuss=failed", ""));
        problem(400, "unknown status: gone", wire.send("GET", ALL + "?status=gone", ""));
        problem(400, "opened_from must be a time such as 2026-01-31T23:59:59Z, not failure",
            wire.send("GET", ALL + "?opened_from=failure", ""));
        wire.coordinator.notReady("the database is away");
        problem(503, "not ready: the database is away; nothing was done, try again",
            wire.send("GET", ALL, ""));
    }

    @Test
    void whoHasItAlreadyIsNotSentItAgain() {
        submit("g");
        String request = "GET " + ALL + "/g HTTP/1.1\r\nHost: localhost\r\n";
        String first = wire.raw(request + "\r\n");
        Matcher tag = Pattern.compile("ETag: (\"[0-9a-f]{32}\")").matcher(first);
        assertTrue(tag.find(), first);
        String again =
            wire.raw(request + "If-None-Match: \"x\", " + tag.group(1) + "\r\n\r\n");
        assertTrue(again.startsWith("HTTP/1.1 304"), again);
        assertTrue(again.endsWith("\r\n\r\n"), again);
        assertTrue(wire.raw(request + "If-None-Match: \"x\"\r\n\r\n").startsWith("HTTP/1.1 200"));
    }

    /** DTM's paths keep their own form. */
    @Test
    void noOtherPathHasProblems() {
        WireClient.Answer answer = wire.send("GET", "/api/nothing", "");
        assertEquals("404 page not found", answer.body());
    }

    @Test
    void whoMayDoEverythingIsToldSo() throws IOException {
        JsonNode me = json(wire.send("GET", "/api/v1/me", ""));
        assertEquals("admin", me.get("role").asText());
        assertEquals("[\"metrics\",\"transact\",\"read\",\"read-payloads\",\"operate\","
            + "\"test\",\"administer\"]",
            me.get("permissions").toString());
        assertTrue(me.get("scope").isNull());
        assertEquals("v0.1.0", me.get("version").asText());
    }

    private static void problem(int status, String detail, WireClient.Answer answer)
            throws IOException {
        assertEquals("application/problem+json", answer.type());
        assertEquals(status, answer.status());
        assertEquals(status, json(answer).get("status").asInt());
        assertEquals(detail, json(answer).get("detail").asText());
    }

    private void submit(String gid) {
        WireClient.Answer answer = wire.post("submit", "{\"gid\":\"" + gid + "\",\"trans_type\":"
            + "\"saga\",\"steps\":[{\"action\":\"http://a/x\",\"compensate\":\"http://a/y\"}],"
            + "\"payloads\":[\"{\\\"n\\\":1}\"]}");
        assertEquals(200, answer.status(), answer.body());
    }

    private JsonNode get(String rest) throws IOException {
        WireClient.Answer answer = wire.send("GET", ALL + rest, "");
        assertEquals(200, answer.status(), answer.body());
        return json(answer);
    }

    private static List<String> gids(JsonNode list) {
        List<String> gids = new ArrayList<>();
        list.get("items").forEach(row -> gids.add(row.get("gid").asText()));
        return gids;
    }

    private static JsonNode json(WireClient.Answer answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }
}
