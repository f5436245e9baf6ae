package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.Bulks;
import transaction.Details;
import transaction.Limits;
import transaction.Mode;
import transaction.Options;
import transaction.Outcome;
import transaction.Protocol;
import transaction.Reply;
import transaction.Submission;

/** Bulk operations over HTTP: counted, begun, followed and held. */
class BulkRoutesTest {

    private static final String BULK = "/api/v1/bulk";
    private static final String STUCK = "\"filter\":{\"participant\":\"stock:80\"}";

    private final Wire wire = Wire.start();

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void what_matches_is_counted_and_nothing_is_done() throws IOException {
        stuck(3);
        JsonNode counted = ok("POST", BULK + "/count", "{\"action\":\"stop\","
            + "\"outcome\":\"failed\"," + STUCK + "}");
        assertEquals("{\"count\":3,\"complete\":true,\"sample\":[\"g3\",\"g2\",\"g1\"]}",
            counted.toString());
        assertEquals("[]", ok("GET", BULK, "").get("items").toString());
    }

    @Test
    void a_sample_is_short() throws IOException {
        stuck(Limits.BULK_SAMPLE + 1);
        JsonNode counted = ok("POST", BULK + "/count", "{\"action\":\"retry\"," + STUCK + "}");
        assertEquals(Limits.BULK_SAMPLE + 1, counted.get("count").asInt());
        assertEquals(Limits.BULK_SAMPLE, counted.get("sample").size());
    }

    @Test
    void what_began_has_those_that_matched_and_those_alone() throws IOException {
        stuck(2);
        JsonNode begun = ok("POST", BULK, retry("one", 2));
        stuckToo("later");
        assertEquals("running", begun.get("state").asText());
        assertEquals("retry", begun.get("action").asText());
        assertEquals("{\"participant\":\"stock:80\"}", begun.get("filter").toString());
        assertEquals(2, begun.get("total").asInt());
        assertEquals(2, begun.get("remaining").asInt());
        assertEquals(begun, ok("GET", BULK + "/one", ""));
        assertEquals(begun, ok("GET", BULK, "").get("items").get(0));
        JsonNode items = ok("GET", BULK + "/one/items?limit=1", "");
        assertEquals("g2", items.at("/items/0/gid").asText());
        assertEquals("g1", ok("GET", BULK + "/one/items?limit=1&cursor="
            + items.get("next").asText(), "").at("/items/0/gid").asText());
    }

    @Test
    void begun_twice_under_one_id_it_is_one() throws IOException {
        stuck(1);
        JsonNode begun = ok("POST", BULK, retry("one", 1));
        stuckToo("later");
        assertEquals(begun, ok("POST", BULK, retry("one", 1)));
        assertTrue(refused(409, BULK, "{\"action\":\"park\",\"id\":\"one\",\"expect\":9,"
            + STUCK + "}").contains("another bulk operation has the id one"));
    }

    /** The answer to the first request was lost, and meanwhile the pause is over. */
    @Test
    void said_again_when_its_time_is_past_it_is_still_the_one_that_began() throws IOException {
        stuck(1);
        String pause = "{\"action\":\"pause\",\"id\":\"one\",\"expect\":1,\"until\":\""
            + wire.coordinator.clock.instant().plusSeconds(60) + "\"," + STUCK + "}";
        JsonNode begun = ok("POST", BULK, pause);
        wire.coordinator.clock.advance(Duration.ofMinutes(2));
        assertEquals(begun, ok("POST", BULK, pause));
        refused(400, BULK, pause.replace("one", "two"));
    }

    @Test
    void a_few_more_than_expected_may_be_retried_but_none_more_stopped() throws IOException {
        stuck(11);
        ok("POST", BULK, retry("eleven", 10));
        assertEquals("11 transactions match, which is more than the 9 that were expected:"
            + " look at them, and count again", refused(409, BULK, retry("nine", 9)));
        String stop = "{\"action\":\"stop\",\"outcome\":\"failed\"," + STUCK + ",\"expect\":";
        refused(409, BULK, stop + "10}");
        ok("POST", BULK, stop + "11}");
        ok("POST", BULK, stop + "12}");
    }

    @Test
    void what_makes_no_sense_is_refused_with_what_would() throws IOException {
        stuck(1);
        assertEquals("no expect specified: how many transactions you agree to; POST"
            + " /api/v1/bulk/count counts them",
            refused(400, BULK, "{\"action\":\"retry\"," + STUCK + "}"));
        assertEquals("no filter specified; {\"unfinished\": true} is all that have not ended",
            refused(400, BULK, "{\"action\":\"retry\",\"expect\":1}"));
        for (String all : List.of("{}", "null", "{\"mode\":\"\"}", "{\"parked\":false}",
                "{\"attribute\":[]}", "{\"cause\":null}")) {
            assertTrue(refused(400, BULK, "{\"action\":\"retry\",\"expect\":1,\"filter\":"
                + all + "}").startsWith("no filter specified"), all);
        }
        assertTrue(refused(400, BULK, "{\"action\":\"edit\",\"expect\":1," + STUCK + "}")
            .startsWith("unknown action: edit; known are park, pause, "));
        assertTrue(refused(400, BULK, "{\"action\":\"retry\",\"expect\":1,"
            + "\"filter\":{\"sort\":\"newest\"}}").startsWith("unknown parameter sort"));
        assertTrue(refused(400, BULK, "{\"action\":\"retry\",\"outcome\":\"failed\","
            + STUCK + "}").startsWith("unknown key outcome"));
        refused(400, BULK, "{\"action\":\"stop\",\"outcome\":\"both\"," + STUCK + "}");
        refused(400, BULK, "{\"action\":\"skip\",\"branch_id\":\"01\",\"op\":\"action\","
            + "\"expect\":1," + STUCK + "}");
        refused(400, BULK, "{\"action\":\"pause\",\"until\":\"2001-01-01T00:00:00Z\","
            + "\"expect\":1," + STUCK + "}");
        refused(400, BULK, retry("a b", 1));
        refused(400, BULK, retry("x".repeat(Limits.BULK_ID_CHARS + 1), 1));
        ok("POST", BULK, retry("x".repeat(Limits.BULK_ID_CHARS), 1));
        assertEquals("no unfinished transaction matches", refused(409, BULK,
            "{\"action\":\"retry\",\"expect\":1,\"filter\":{\"mode\":\"tcc\"}}"));
    }

    @Test
    void a_parameter_counts_whatever_its_value() throws IOException {
        stuck(1);
        String asked = "{\"action\":\"retry\",\"filter\":{\"unfinished\":true,";
        for (String unknown : List.of("false", "\"\"", "null", "[]", "\"x\"")) {
            assertTrue(refused(400, BULK + "/count", asked + "\"participants\":" + unknown + "}}")
                .startsWith("unknown parameter participants"), unknown);
        }
        for (String name : List.of("gid_prefix", "error", "error_is", "participant")) {
            assertEquals(0, ok("POST", BULK + "/count", asked + "\"" + name
                + "\":\"false\"}}").get("count").asInt(), name);
        }
        for (String none : List.of("\"parked\":false", "\"paused\":\"false\"",
                "\"quarantined\":false", "\"gid_prefix\":\"\"", "\"mode\":null")) {
            assertEquals(1, ok("POST", BULK + "/count", asked + none + "}}").get("count").asInt(),
                none);
        }
        refused(400, BULK + "/count", asked + "\"attribute\":\"\"}}");
    }

    @Test
    void a_branch_that_none_can_have_is_refused() throws IOException {
        stuck(1);
        String skip = "{\"action\":\"skip\",\"op\":\"action\",\"reason\":\"seen\",\"expect\":1,"
            + STUCK + ",\"branch_id\":\"";
        String longest = "1".repeat(Limits.BRANCH_ID_CHARS);
        refused(400, BULK, skip + longest + "1\"}");
        refused(400, BULK + "/count", skip + longest + "1\"}");
        assertEquals("branch_id has the character U+0000", refused(400, BULK, skip + "\\u0000\"}"));
        ok("POST", BULK, skip + longest + "\"}");
    }

    @Test
    void what_can_be_no_id_is_looked_for_nowhere() {
        for (String id : List.of("%00", "a%20b", "%C3%A4", "x".repeat(Limits.BULK_ID_CHARS + 1))) {
            assertEquals(404, wire.send("GET", BULK + "/" + id, "").status(), id);
            assertEquals(404, wire.send("GET", BULK + "/" + id + "/items", "").status(), id);
            assertEquals(404, wire.send("POST", BULK + "/" + id + "/cancel", "{}").status(), id);
        }
    }

    @Test
    void one_more_than_may_be_is_too_many() throws IOException {
        for (int i = 0; i < Limits.BULK_ITEMS; i++) {
            prepared("t" + i);
        }
        String all = "{\"action\":\"park\",\"filter\":{\"mode\":\"tcc\"},\"expect\":20000}";
        assertEquals(Limits.BULK_ITEMS, ok("POST", BULK, all).get("total").asInt());
        prepared("more");
        assertEquals("more than 10000 transactions match, which is more than one bulk operation"
            + " may have: narrow the filter", refused(409, BULK, all));
        JsonNode counted = ok("POST", BULK + "/count", all);
        assertEquals(Limits.BULK_ITEMS, counted.get("count").asInt());
        assertEquals(false, counted.get("complete").asBoolean());
    }

    private void prepared(String gid) {
        wire.coordinator.prepare(new Submission(gid, Mode.TCC, List.of(), "", Protocol.HTTP, "",
            Details.PLAIN, Options.NONE));
    }

    @Test
    void it_is_paused_resumed_and_canceled() throws IOException {
        stuck(1);
        ok("POST", BULK, retry("one", 1));
        for (String[] each : new String[][] {{"pause", "paused"}, {"pause", "paused"},
                {"resume", "running"}, {"cancel", "canceled"}, {"cancel", "canceled"}}) {
            assertEquals(each[1], ok("POST", BULK + "/one/" + each[0], "{\"reason\":\"x\"}")
                .get("state").asText());
        }
        assertEquals("it is canceled: cannot resume it",
            refused(409, BULK + "/one/resume", "{}"));
        assertEquals("there is no bulk operation with the id two",
            refused(404, BULK + "/two/pause", "{}"));
        assertEquals(404, wire.send("GET", BULK + "/two", "").status());
        assertEquals(404, wire.send("GET", BULK + "/two/items", "").status());
    }

    @Test
    void its_items_tell_what_has_become_of_each() throws IOException {
        stuck(3);
        ok("POST", BULK, retry("one", 3));
        Instant now = wire.coordinator.clock.instant();
        Bulks.Batch batch = get(wire.bulks.next(2, List.of())).orElseThrow();
        wire.bulks.note(batch.bulk(), List.of(
            batch.items().get(0).after(Reply.DONE, now),
            batch.items().get(1).after(new Reply.Refused("it has ended"), now)));
        JsonNode items = ok("GET", BULK + "/one/items?result=refused", "").get("items");
        assertEquals("[{\"number\":2,\"gid\":\"g2\",\"result\":\"refused\",\"detail\":"
            + "\"it has ended\",\"at\":\"" + Times.text(now) + "\"}]", items.toString());
        assertEquals(1, ok("GET", BULK + "/one", "").get("remaining").asInt());
        assertEquals(400, wire.send("GET", BULK + "/one/items?result=lost", "").status());
    }

    private void stuck(int count) {
        for (int i = 1; i <= count; i++) {
            stuckToo("g" + i);
        }
    }

    private void stuckToo(String gid) {
        wire.participant("http://stock/out",
            Outcome.unknown("url:http://stock/out return code 500: no"));
        assertEquals(200, wire.post("submit", "{\"gid\":\"" + gid + "\",\"trans_type\":"
            + "\"saga\",\"steps\":[{\"action\":\"http://stock/out\"}],"
            + "\"payloads\":[\"{}\"]}").status());
    }

    private static String retry(String id, int expect) {
        return "{\"action\":\"retry\",\"id\":\"" + id + "\",\"expect\":" + expect
            + ",\"reason\":\"it is up\"," + STUCK + "}";
    }

    private JsonNode ok(String method, String path, String body) throws IOException {
        WireClient.Answer answer = wire.send(method, path, body);
        assertEquals(200, answer.status(), answer.body());
        return new ObjectMapper().readTree(answer.body());
    }

    /** @return why */
    private String refused(int status, String path, String body) throws IOException {
        WireClient.Answer answer = wire.send("POST", path, body);
        assertEquals(status, answer.status(), answer.body());
        return new ObjectMapper().readTree(answer.body()).get("detail").asText();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
