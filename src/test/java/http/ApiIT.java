package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The other paths of docs/protocol.md, on the runnable jar. */
class ApiIT {

    private static StartedJar jar;

    @BeforeAll
    static void start(@TempDir Path dir) {
        jar = StartedJar.in(dir);
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    @Test
    void idsAreNew() {
        Set<String> gids = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            JsonNode answer = StartedJar.json(jar.client.get("newGid").body());
            assertEquals("SUCCESS", answer.get("dtm_result").asText());
            gids.add(answer.get("gid").asText());
        }
        assertEquals(100, gids.size());
        assertEquals("none", jar.status(gids.iterator().next()), "an id is no transaction");
    }

    @Test
    void aTopicReachesItsSubscribers() {
        String message = "{\"gid\":\"%s\",\"trans_type\":\"msg\",\"wait_result\":true,"
            + "\"steps\":[{\"action\":\"topic://orders\"}],\"payloads\":[\"{}\"]}";
        assertEquals(400, jar.client.post("submit", message.formatted("early")).status());
        assertEquals("none", jar.status("early"));
        for (String url : List.of("first", "second")) {
            assertEquals(200, subscription("subscribe", url).status());
        }

        WireClient.Answer sent = jar.client.post("submit", message.formatted("news"));

        assertEquals(200, sent.status(), sent.body());
        assertEquals(Set.of("first", "second"), Set.copyOf(jar.participant.calls("news").stream()
            .map(Participant.Call::path).toList()));
        assertEquals(400, subscription("subscribe", "first").status(), "this url exists");
        JsonNode item = item("orders");
        assertEquals(2, item.get("version").asInt());
        assertEquals(2, StartedJar.json(item.get("v").asText()).size());
        assertEquals(200, subscription("unsubscribe", "first").status());
        assertEquals(200, subscription("unsubscribe", "second").status());
        assertEquals("[]", item("orders").get("v").asText());
        assertEquals(4, item("orders").get("version").asInt());
        assertEquals(400, subscription("unsubscribe", "second").status(), "this topic is empty");
        assertEquals(200, jar.client.send("DELETE", WireClient.API + "topic/orders", "").status());
        assertEquals(404, jar.client.send("DELETE", WireClient.API + "topic/orders", "").status());
        assertTrue(item("orders").isMissingNode());
    }

    @Test
    void topicsAreShownPageByPage() {
        List<String> names = Stream.of("k1", "k2", "k3", "k4", "k5").toList();
        names.forEach(name -> assertEquals(200, jar.client.get("subscribe?topic=" + name + "&url="
            + WireClient.encoded(jar.url("x"))).status()));

        List<String> seen = new ArrayList<>();
        String position = "";
        do {
            JsonNode page = StartedJar.json(jar.client.get(
                "scanKV?cat=topics&limit=2&position=" + WireClient.encoded(position)).body());
            page.get("kv").forEach(each -> seen.add(each.get("k").asText()));
            position = page.get("next_position").asText();
        } while (!position.isEmpty());

        seen.retainAll(names);
        assertEquals(names, seen);
    }

    @Test
    void transactionsAreListedPageByPageNewestFirst() {
        List<String> gids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            gids.add(0, "listed-" + i);
            prepare("listed-" + i, "xa");
        }

        List<String> seen = new ArrayList<>();
        String position = "";
        int pages = 0;
        do {
            JsonNode page = StartedJar.json(jar.client.get(
                "all?transType=xa&status=prepared&limit=3&position="
                    + WireClient.encoded(position)).body());
            page.get("transactions").forEach(each -> seen.add(each.get("gid").asText()));
            position = page.get("next_position").asText();
            pages++;
        } while (!position.isEmpty());

        assertEquals(gids, seen);
        assertEquals(3, pages);
        assertEquals("listed-3", StartedJar.json(jar.client.get("all?gid=listed-3&limit=1").body())
            .at("/transactions/0/gid").asText());
        assertTrue(StartedJar.json(jar.client.get("all?gid=nobody").body())
            .get("transactions").isNull());
        assertEquals(400, jar.client.get("all?status=done").status());
        assertEquals(400, jar.client.get("all?limit=x").status());
    }

    @Test
    void whatWaitsIsTriedNowIfOneAsks() {
        jar.participant.script("recovers", "busy", "yes");
        sleeper("sleeps", "recovers");

        assertEquals(200, jar.client.post("resetNextCronTime", "{\"gid\":\"sleeps\"}").status());

        jar.awaitStatus("sleeps", "succeed");
    }

    @Test
    void whatWaitsForLongIsTriedNowInParts() {
        jar.participant.script("returns", "busy", "busy", "busy", "yes");
        List<String> gids = List.of("long-1", "long-2", "long-3");
        gids.forEach(gid -> sleeper(gid, "returns"));

        assertEquals("{\"has_remaining\":true,\"succeed_count\":2}",
            jar.client.get("resetCronTime?timeout=3000&limit=2").body());
        assertEquals("{\"has_remaining\":false,\"succeed_count\":1}",
            jar.client.get("resetCronTime?timeout=3000&limit=2").body());

        gids.forEach(gid -> jar.awaitStatus(gid, "succeed"));
    }

    /** Its wait is kept in memory, and nothing was written of it. */
    @Test
    void aShortWaitIsListedAndCutShortLikeALongOne() {
        jar.participant.script("soon", "busy", "yes");
        submit("held", "soon", 14);
        String next = "/transaction/next_cron_time";
        String shown = StartedJar.json(jar.client.get("query?gid=held").body()).at(next).asText();
        Awaitility.await().until(() -> shown.equals(StartedJar.json(
            jar.client.get("all?gid=held").body()).at("/transactions/0/next_cron_time").asText()));

        assertTrue(StartedJar.json(jar.client.get("resetCronTime?timeout=5").body())
            .get("succeed_count").asInt() >= 1);

        jar.awaitStatus("held", "succeed");
        Instant finished = Instant.parse(StartedJar.json(
            jar.client.get("query?gid=held").body()).at("/transaction/finish_time").asText());
        assertTrue(finished.isBefore(Instant.parse(shown)), finished + " " + shown);
    }

    /** A saga whose next try is an hour away. */
    private static void sleeper(String gid, String path) {
        submit(gid, path, 3_600);
    }

    private static void submit(String gid, String path, int interval) {
        assertEquals(200, jar.client.post("submit", Requests.step(gid, "saga", jar.url(path), "")
            .replaceFirst("\\{", "{\"retry_interval\":" + interval + ",")).status());
        jar.awaitRest(gid);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"jsonrpc":"2.0","id":"1","method":"newGid"}                         | 200 | null
        {"jsonrpc":"2.0","id":7,"method":"prepare","params":{"gid":"rpc","trans_type":"tcc"}} \
                                                                             | 200 | null
        {"jsonrpc":"2.0","id":"1","method":"abort","params":{"gid":"rpc-done","trans_type":"tcc"}} \
                                                                             | 200 | -32901
        {"jsonrpc":"2.0","id":"1","method":"abort","params":{"gid":"rpc-none","trans_type":"tcc"}} \
                                                                             | 200 | -32603
        {"jsonrpc":"2.0","id":"1","method":"query","params":{}}              | 200 | -32601
        {"jsonrpc":"1.0","id":"1","method":"newGid"}                         | 200 | -32600
        {"jsonrpc":"2.0","method":"newGid"}                                  | 200 | -32600
        {"jsonrpc":"2.0","id":"1","method"                                   | 400 | -32700
        """)
    void jsonRpcIsServedToo(String body, int status, String code) {
        jar.client.post("submit", Requests.bare("rpc-done", "tcc"));

        WireClient.Answer answer = jar.client.send("POST", "/api/json-rpc", body);

        assertEquals(status, answer.status(), answer.body());
        JsonNode read = StartedJar.json(answer.body());
        assertTrue(read.has("result") && read.has("error"), answer.body());
        assertEquals(code, read.get("error").isNull() ? "null"
            : read.at("/error/code").asText(), answer.body());
        if (body.contains("\"id\":7")) {
            assertEquals(7, read.get("id").asInt());
            assertEquals("prepared", jar.status("rpc"));
        }
    }

    @Test
    void itTellsHowItIs() {
        prepare("measured-gid", "tcc");
        assertEquals("pong", StartedJar.json(plain("/api/ping").body()).get("msg").asText());
        assertEquals("success", StartedJar.json(plain("/api/health").body())
            .get("result").asText());
        assertTrue(StartedJar.json(jar.client.get("version").body())
            .get("version").asText().startsWith("v"));
        assertEquals(404, plain("/api/dtmsvr/nothing").status());

        List<Scrape.Sample> samples = Scrape.of(plain("/api/metrics").body());

        assertTrue(samples.stream().anyMatch(
            each -> each.name().equals("pactor_transactions_started_total")
                && "tcc".equals(each.labels().get("kind")) && each.value() >= 1));
        for (Scrape.Sample each : samples) {
            assertFalse(each.labels().containsKey("gid"), each.toString());
            assertFalse(each.labels().containsKey("branchid"), each.toString());
            assertFalse(each.labels().containsValue("measured-gid"), each.toString());
        }
    }

    @Test
    void aSecondSubmitWithOtherContentIsRefused() {
        String first = Requests.step("twice", "saga", jar.url("busy"), "")
            .replaceFirst("\\{", "{\"retry_interval\":3600,");
        assertEquals(200, jar.client.post("submit", first).status());
        jar.awaitRest("twice");
        String before = jar.client.query("twice");

        WireClient.Answer other = jar.client.post("submit", first.replace("/busy", "/yes"));

        assertEquals(409, other.status(), other.body());
        assertTrue(other.body().endsWith(" FAILURE\"}"), other.body());
        assertEquals(409, jar.client.post("submit",
            Requests.step("twice", "msg", jar.url("busy"), "")).status(), "another mode");
        assertEquals(before, jar.client.query("twice"));
        assertEquals(List.of("01 action busy"), jar.participant.told("twice"));
    }

    private static WireClient.Answer plain(String path) {
        return jar.client.send("GET", path, "");
    }

    private static void prepare(String gid, String mode) {
        assertEquals(200, jar.client.post("prepare", Requests.bare(gid, mode)).status());
    }

    private static WireClient.Answer subscription(String verb, String path) {
        return jar.client.get(verb + "?topic=orders&remark=r&url="
            + WireClient.encoded(jar.url(path)));
    }

    private static JsonNode item(String topic) {
        return StartedJar.json(jar.client.get("queryKV?cat=topics&key=" + topic).body())
            .at("/kv/0");
    }
}
