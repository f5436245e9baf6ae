package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import security.Access;
import security.BrowserGuard;
import security.Caller;
import security.Identities;
import security.Token;
import transaction.InvalidRequest;
import transaction.Park;
import transaction.TestControls;

/** What a team does and sees is the same whether there are others or not. */
class NamespacesTest {

    private static final List<String> GRANTS = List.of("client", "orders/client", "stock/client",
        "orders/viewer", "orders/operator", "orders/admin", "operator", "admin", "*/operator",
        "orders/client:o-*");

    private static final TestControls CONTROLS = (TestControls) Proxy.newProxyInstance(
        TestControls.class.getClassLoader(), new Class<?>[] {TestControls.class},
        (proxy, method, args) -> CompletableFuture.failedFuture(
            new InvalidRequest("not here")));

    private Wire wire = start();

    private static Wire start() {
        return Wire.start(new RequestGuard(new Access(true, NamespacesTest::identities, List::of),
            new BrowserGuard(List.of(), List.of())), CONTROLS);
    }

    /** The token of each grant is its text. */
    private static Identities identities() {
        return Identities.of(GRANTS.stream().map(grant -> "somebody " + grant + " sha256:"
            + HexFormat.of().formatHex(Token.hash(grant))).toList());
    }

    @AfterEach
    void close() {
        wire.close();
    }

    private WireClient.Answer post(String grant, String name, String body, String... headers) {
        return send(grant, "POST", Wire.API + name, body, headers);
    }

    private WireClient.Answer get(String grant, String name, String... headers) {
        return send(grant, "GET", Wire.API + name, "", headers);
    }

    private WireClient.Answer send(
            String grant, String method, String path, String body, String... headers) {
        List<String> all = new ArrayList<>(List.of("Authorization", "Bearer " + grant));
        all.addAll(List.of(headers));
        return wire.send(method, path, body, all.toArray(String[]::new));
    }

    private static String saga(String gid) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"saga\","
            + "\"steps\":[{\"action\":\"http://a/x\"}],\"payloads\":[\"{}\"]}";
    }

    @Test
    void aBulkOperationIsOfItsNamespaceAlone() throws IOException {
        for (String grant : List.of("orders/client", "stock/client", "client")) {
            assertEquals(200, post(grant, "prepare",
                "{\"gid\":\"g\",\"trans_type\":\"tcc\"}").status());
        }
        String bulk = "/api/v1/bulk";
        String asked = "{\"action\":\"park\",\"id\":\"b\",\"expect\":9,"
            + "\"filter\":{\"unfinished\":true}}";
        assertEquals("1", text(send("orders/operator", "POST", bulk, asked), "/total"));
        assertEquals(404, send("operator", "GET", bulk + "/b", "").status());
        assertEquals(404, send("operator", "POST", bulk + "/b/cancel", "").status());
        assertEquals("[]", json(send("client", "GET", bulk, "")).get("items").toString());
        assertEquals("b", text(send("orders/viewer", "GET", bulk, ""), "/items/0/id"));
        assertEquals(403, send("orders/client:o-*", "GET", bulk + "/b", "").status());
        assertEquals(403, send("orders/viewer", "POST", bulk + "/b/cancel", "").status());
        assertEquals("b", text(send("operator", "POST", bulk, asked), "/id"), "another one");
        assertEquals("b", text(send("*/operator", "GET", bulk, "", Caller.NAMESPACE_HEADER,
            "orders"), "/items/0/id"));

        var batch = wire.bulks.next(9, List.of()).toCompletableFuture().join().orElseThrow();
        assertEquals("orders", batch.bulk().namespace());
        assertEquals("orders\tg", batch.bulk().idOf(batch.items().get(0).gid()));
        assertEquals("orders\tg", ((Park) batch.bulk().commandTo("g")).gid());
    }

    @Test
    void oneGidInTwoNamespacesIsTwoTransactions() throws IOException {
        assertEquals(200, post("orders/client", "submit", saga("g")).status());
        assertEquals(200, post("stock/client", "prepare",
            "{\"gid\":\"g\",\"trans_type\":\"tcc\"}").status());

        assertEquals("saga", text(get("orders/client", "query?gid=g"), "/transaction/trans_type"));
        assertEquals("orders", text(get("orders/client", "query?gid=g"),
            "/transaction/namespace"));
        assertEquals("tcc", text(get("stock/client", "query?gid=g"), "/transaction/trans_type"));
        assertTrue(json(get("client", "query?gid=g")).get("transaction").isNull());
        for (String path : List.of("query?gid=g", "all", "history?gid=g")) {
            assertFalse(get("orders/client", path).body().contains("\\t"), path);
        }
    }

    /** What is in another namespace looks like what does not exist, to readers and to operators. */
    @ParameterizedTest
    @ValueSource(strings = {"client", "stock/client", "operator"})
    void whatIsOfOthersLooksAbsent(String grant) {
        post("orders/client", "submit", saga("theirs"));
        for (String path : List.of("query?gid=%s", "all?gid=%s", "history?gid=%s",
                "query?gid=orders%%09%s", "all?gid=orders%%09%s", "history?gid=orders%%09%s")) {
            assertEquals(get(grant, String.format(path, "absent")).body(), get(grant,
                String.format(path, "theirs")).body().replace("theirs", "absent"), path);
        }
        for (String name : List.of("forceStop", "resetNextCronTime", "unpark", "abort")) {
            WireClient.Answer absent =
                post(grant, name, "{\"gid\":\"absent\",\"trans_type\":\"saga\"}");
            WireClient.Answer theirs =
                post(grant, name, "{\"gid\":\"theirs\",\"trans_type\":\"saga\"}");
            assertEquals(absent.status(), theirs.status(), name);
            assertEquals(absent.body(), theirs.body().replace("theirs", "absent"), name);
        }
        assertEquals(get(grant, "all").body(), "{\"transactions\":[],\"next_position\":\"\"}");
    }

    @Test
    void onlyThoseOfAllNamespacesNameAnother() throws IOException {
        post("orders/client", "submit", saga("g"));
        String[] orders = {Caller.NAMESPACE_HEADER, "orders"};
        for (String grant : List.of("client", "stock/client", "operator")) {
            assertEquals(403, get(grant, "all", orders).status(), grant);
        }
        for (String grant : List.of("orders/viewer", "orders/admin", "admin", "*/operator")) {
            assertEquals(List.of("g"), gids(get(grant, "all", orders)), grant);
        }
        assertEquals(403,
            get("orders/admin", "all", Caller.NAMESPACE_HEADER, "default").status());
        assertEquals(List.of(), gids(get("admin", "all")));
        assertEquals(403, get("admin", "all", Caller.NAMESPACE_HEADER, "a b").status());
        assertEquals(403, wire.send("GET", "/api/ping", "", Caller.NAMESPACE_HEADER, "orders")
            .status());
    }

    @Test
    void whatConcernsTheWholeServerIsNotForOneTeam() {
        for (String grant : List.of("orders/viewer", "orders/operator", "orders/admin")) {
            assertEquals(403, send(grant, "GET", "/api/metrics", "").status(), grant);
            assertEquals(403, send(grant, "DELETE", "/api/test/data", "").status(), grant);
            assertEquals(200, get(grant, "version").status(), grant);
        }
        for (String grant : List.of("operator", "admin", "*/operator")) {
            assertEquals(200, send(grant, "GET", "/api/metrics", "").status(), grant);
            assertEquals(400, send(grant, "DELETE", "/api/test/data", "").status(), grant);
        }
    }

    @Test
    void topicsAreOfOneNamespace() throws IOException {
        assertEquals(200,
            get("orders/operator", "subscribe?topic=t&url=http://a/orders").status());
        assertEquals(200, get("operator", "subscribe?topic=t&url=http://a/default").status());
        assertTrue(get("orders/client", "queryKV?cat=topics&key=t").body()
            .contains("http://a/orders"));
        assertFalse(get("orders/client", "scanKV?cat=topics").body()
            .contains("http://a/default"));
        post("orders/client", "submit", "{\"gid\":\"m\",\"trans_type\":\"msg\","
            + "\"steps\":[{\"action\":\"topic://t\"}],\"payloads\":[\"{}\"]}");
        assertEquals("http://a/orders", text(get("orders/client", "query?gid=m"),
            "/branches/0/url"));
        assertEquals(400, post("stock/client", "submit", "{\"gid\":\"m\",\"trans_type\":\"msg\","
            + "\"steps\":[{\"action\":\"topic://t\"}],\"payloads\":[\"{}\"]}").status());
    }

    /** A plan is of what the caller could submit, to its own topics, with no password told. */
    @Test
    void aPlanIsOfOnesOwnNamespaceAndScope() throws IOException {
        get("operator", "subscribe?topic=t&url=http://a/default");
        assertEquals(400, plan("orders/viewer", "m", "topic://t").status());
        get("orders/operator", "subscribe?topic=t&url=http://me:secret@a/orders");
        for (String grant : List.of("orders/viewer", "orders/operator")) {
            assertEquals("http://***@a/orders",
                text(plan(grant, "m", "topic://t"), "/steps/0/url"), grant);
        }
        assertEquals("http://me:secret@a/orders",
            text(plan("orders/client", "m", "topic://t"), "/steps/0/url"));
        assertEquals("http://a/default", text(plan("client", "m", "topic://t"), "/steps/0/url"));
        assertEquals(200, plan("orders/client:o-*", "o-1", "http://a/x").status());
        WireClient.Answer outside = plan("orders/client:o-*", "x-1", "http://a/x");
        assertEquals(json(post("orders/client:o-*", "submit", saga("x-1"))).get("message"),
            json(outside).get("detail"));
        assertEquals(400, outside.status());
    }

    private WireClient.Answer plan(String grant, String gid, String action) {
        return send(grant, "POST", "/api/v1/plan", "{\"gid\":\"" + gid + "\",\"trans_type\":"
            + "\"msg\",\"steps\":[{\"action\":\"" + action + "\"}],\"payloads\":[\"{}\"]}");
    }

    @Test
    void interventionsStayInANamespaceAndParticipantsAreTheServers() throws IOException {
        wire.coordinator.participant("http://a/x", MemoryCoordinator.LATER);
        for (String grant : List.of("client", "orders/client")) {
            assertEquals(200, post(grant, "submit", saga("g")).status());
        }
        assertEquals(200, send("orders/operator", "POST", "/api/v1/transactions/g/stop",
            "{\"outcome\":\"failed\"}").status());
        assertEquals("failed", text(get("orders/client", "query?gid=g"), "/transaction/status"));
        assertEquals("submitted", text(get("client", "query?gid=g"), "/transaction/status"));
        for (String path : List.of("participants/a/pause", "participants/a/resume", "calls/pause",
                "calls/resume")) {
            assertEquals(403,
                send("orders/operator", "POST", "/api/v1/" + path, "{}").status(), path);
        }
        assertEquals(403, send("orders/operator", "GET", "/api/v1/paused", "").status());
        assertEquals(200, send("operator", "GET", "/api/v1/paused", "").status());
    }

    @Test
    void operatorsOfATeamActOnItsTransactionsAlone() throws IOException {
        wire.coordinator.participant("http://a/x", MemoryCoordinator.LATER);
        for (String grant : List.of("client", "orders/client", "stock/client")) {
            assertEquals(200, post(grant, "submit", saga("g")).status());
        }
        assertEquals(200, post("orders/operator", "forceStop", "{\"gid\":\"g\"}").status());
        assertEquals("failed", text(get("orders/client", "query?gid=g"), "/transaction/status"));
        assertEquals("submitted", text(get("client", "query?gid=g"), "/transaction/status"));
        assertEquals(200, post("operator", "complete", "{\"gid\":\"g\",\"branch_id\":\"01\","
            + "\"op\":\"action\",\"result\":\"SUCCESS\"}").status());
        assertEquals("succeed", text(get("client", "query?gid=g"), "/transaction/status"));
        assertEquals("submitted", text(get("stock/client", "query?gid=g"),
            "/transaction/status"));
    }

    @Test
    void soDoTheirActsOverTheNewerApi() throws IOException {
        wire.coordinator.participant("http://a/x", MemoryCoordinator.LATER);
        post("client", "submit", saga("g"));
        String path = "/api/v1/transactions/g/park";
        String why = "{\"reason\":\"mine\"}";
        assertEquals(404, send("orders/operator", "POST", path, why).status());
        post("orders/client", "submit", saga("g"));
        assertEquals(200, send("orders/operator", "POST", path, why).status());
        assertTrue(get("orders/client", "query?gid=g").body().contains("parked"));
        assertFalse(get("client", "query?gid=g").body().contains("parked"));
    }

    @Test
    void aScopeLiesWithinANamespace() throws IOException {
        post("stock/client", "submit", saga("o-1"));
        assertEquals(403, post("orders/client:o-*", "submit", saga("x-1")).status());
        assertEquals(200, post("orders/client:o-*", "submit", saga("o-1")).status());
        post("orders/client", "submit", saga("x-1"));
        assertEquals(List.of("o-1"), gids(get("orders/client:o-*", "all")));
        assertTrue(json(get("orders/client:o-*", "query?gid=x-1")).get("transaction").isNull());
    }

    /** Random requests of two teams with the same gids: each hears what it would hear alone. */
    @Test
    void nobodyCanTellWhetherThereAreOthers() {
        List<String> teams = List.of("orders/client", "stock/client", "client");
        for (int seed = 0; seed < 12; seed++) {
            List<String[]> asked = requests(seed, teams);
            Map<String, List<String>> together = answers(asked);
            for (String team : teams) {
                List<String[]> own = asked.stream().filter(each -> each[0].equals(team)).toList();
                assertEquals(answers(own).get(team), together.get(team), team + " of " + seed);
            }
        }
    }

    private static List<String[]> requests(int seed, List<String> teams) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String[]> asked = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String team = teams.get(random.nextInt(teams.size()));
            String gid = "g" + random.nextInt(3);
            String mode = List.of("saga", "tcc", "msg").get(random.nextInt(3));
            String body = "{\"gid\":\"" + gid + "\",\"trans_type\":\"" + mode + "\"}";
            asked.add(switch (random.nextInt(9)) {
                case 0 -> new String[] {team, "submit", saga(gid)};
                case 1 -> new String[] {team, "prepare", body};
                case 2 -> new String[] {team, "submit", body};
                case 3 -> new String[] {team, "abort", body};
                case 4 -> new String[] {team, "registerBranch", "{\"gid\":\"" + gid
                    + "\",\"trans_type\":\"tcc\",\"branch_id\":\"0" + random.nextInt(2)
                    + "\",\"confirm\":\"http://a/c\",\"cancel\":\"http://a/d\"}"};
                case 5 -> new String[] {team, "query?gid=" + gid, ""};
                case 6 -> new String[] {team, "history?gid=" + gid, ""};
                case 7 -> new String[] {team, "all?gid=" + gid, ""};
                default -> new String[] {team, "all", ""};
            });
        }
        return asked;
    }

    private Map<String, List<String>> answers(List<String[]> asked) {
        wire.close();
        wire = start();
        Map<String, List<String>> heard = new HashMap<>();
        for (String[] each : asked) {
            WireClient.Answer answer = each[2].isEmpty() ? get(each[0], each[1])
                : post(each[0], each[1], each[2]);
            heard.computeIfAbsent(each[0], none -> new ArrayList<>())
                .add(each[1] + " " + answer.status() + " " + answer.body());
        }
        return heard;
    }

    private static String text(WireClient.Answer answer, String at) throws IOException {
        return json(answer).at(at).asText();
    }

    private static List<String> gids(WireClient.Answer list) throws IOException {
        List<String> gids = new ArrayList<>();
        json(list).get("transactions").forEach(row -> gids.add(row.get("gid").asText()));
        return gids;
    }

    private static JsonNode json(WireClient.Answer answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }
}
