package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import security.Access;
import security.BrowserGuard;
import security.Identities;
import security.Token;
import transaction.ByteBudget;
import transaction.InvalidRequest;
import transaction.Outcome;
import transaction.TestControls;

/** J-03: each route with no token, a wrong one and one of each role, as the page says. */
class RolesTest {

    private static final Path PAGE = Path.of("docs/security.md");
    private static final Pattern ROW = Pattern.compile("\\| (\\w+) `(/[^`]*)` \\|(.*)\\|");
    private static final List<String> ROLES =
        List.of("client", "metrics", "viewer", "operator", "admin");

    private static final TestControls CONTROLS = (TestControls) Proxy.newProxyInstance(
        TestControls.class.getClassLoader(), new Class<?>[] {TestControls.class},
        (proxy, method, args) -> CompletableFuture.failedFuture(
            new InvalidRequest("not here")));

    private final Wire wire = Wire.start(new RequestGuard(
        new Access(true, RolesTest::identities, List::of),
        new BrowserGuard(List.of(), List.of())), CONTROLS);

    /** A line of the page's table. */
    private record Row(String method, String path, List<Boolean> allowed) {

        @Override
        public String toString() {
            return method + " " + path;
        }

        String verb() {
            return method.equals("any") ? "GET" : method;
        }
    }

    /** The token of each role is its name; two have a scope. */
    private static Identities identities() {
        List<String> lines = new ArrayList<>();
        for (String role : ROLES) {
            lines.add(role + " " + role + " " + hash(role));
        }
        lines.add("orders client:orders-* " + hash("orders"));
        lines.add("sagas viewer:orders-*:saga " + hash("sagas"));
        lines.add("tccs client:orders-*:tcc " + hash("tccs"));
        return Identities.of(lines);
    }

    private static String hash(String token) {
        return "sha256:" + HexFormat.of().formatHex(Token.hash(token));
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(new Row(row.group(1), row.group(2),
                    Pattern.compile("\\|").splitAsStream(row.group(3))
                        .map(cell -> cell.strip().equals("yes")).toList()));
            }
        }
        return rows;
    }

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void thePageHasEveryRouteAndNoOther() throws IOException {
        Set<String> served = HttpServer.routes(new HttpServer.Parts(wire.coordinator,
                new Ops(() -> "", () -> "", () -> ""), (route, method, status, took) -> { },
                RequestGuard.LOCAL, Optional.of(wire.events),
                Optional.of(CONTROLS), ByteBudget.unlimited()),
                HttpSettings.defaults(), new ErrorResponses(), Runnable::run).stream()
            .map(route -> route.method() + " " + route.path())
            .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(served, rows().stream().map(Row::toString)
            .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void eachRoleMayDoWhatThePageSays() throws IOException {
        for (Row row : rows()) {
            for (int i = 0; i < ROLES.size(); i++) {
                String what = row + " as " + ROLES.get(i);
                int status = send(row, "Authorization", "Bearer " + ROLES.get(i)).status();
                assertNotEquals(401, status, what);
                // A completion without the token of its call is refused in its own words.
                boolean isOwnRefusal = row.path.endsWith("complete") && status == 403;
                assertEquals(row.allowed.get(i), status != 403 || isOwnRefusal, what);
            }
        }
    }

    @Test
    void nobodyElseMayDoAnythingButProbe() throws IOException {
        Set<String> open = Set.of("/api/ping", "/api/health", "/api/dtmsvr/complete",
            ServerRoutes.DESCRIPTION,
            "/.well-known/http-message-signatures-directory", "/console", "/console/{name}");
        for (Row row : rows()) {
            for (String[] headers : new String[][] {{}, {"Authorization", "Bearer wrong"},
                    {"Authorization", "Basic YWRtaW46YWRtaW4="}, {"Authorization", "admin"}}) {
                WireClient.Answer answer = send(row, headers);
                if (open.contains(row.path)) {
                    assertFalse(Set.of(401, 403).contains(answer.status()), row.toString());
                } else {
                    assertTrue(Set.of(401, 429).contains(answer.status()),
                        row + ": " + answer.status() + " " + answer.body());
                }
                // The description names the verdicts that an operator may give.
                assertTrue(!answer.mentionsVerdict()
                    || row.path.equals(ServerRoutes.DESCRIPTION), answer.body());
            }
        }
        assertEquals(List.of(), wire.coordinator.calls());
    }

    @Test
    void aClientSeesAndChangesNothingOutsideOfItsScope() throws IOException {
        String[] orders = {"Authorization", "Bearer orders"};
        String[] admin = {"Authorization", "Bearer admin"};
        assertEquals(200, submit(one("stock-1", "saga"), admin).status());
        assertEquals(200, submit(one("orders-1", "saga"), orders).status());

        assertEquals(403, submit(one("stock-2", "saga"), orders).status());
        // Whether it exists is not told.
        assertEquals(submit(one("stock-2", "saga"), orders),
            submit(one("stock-1", "saga"), orders));
        assertEquals(get("query?gid=none-1", orders).body().replace("none", "stock"),
            get("query?gid=stock-1", orders).body());
        assertEquals(get("all?gid=none-1", orders).body(), get("all?gid=stock-1", orders).body());
        assertEquals(get("history?gid=none-1", orders).body().replace("none", "stock"),
            get("history?gid=stock-1", orders).body());
        assertEquals(List.of("orders-1"), gids(get("all", orders)));
        assertEquals(List.of("orders-1", "stock-1"), gids(get("all", admin)));
        assertTrue(json(get("newGid", orders)).get("gid").asText().startsWith("orders-"));
        assertEquals(200, get("query?gid=orders-1", orders).status());
        assertTrue(get("query?gid=orders-1", orders).body().contains("orders-1"));
    }

    @Test
    void aScopeHoldsForModesToo() throws IOException {
        String[] sagas = {"Authorization", "Bearer sagas"};
        wire.coordinator.participant("http://a/x", Outcome.unknown("down"));
        submit(one("orders-1", "msg"), "Authorization", "Bearer client");
        submit(one("orders-2", "saga"), "Authorization", "Bearer client");
        assertEquals(List.of("orders-2"), gids(get("all", sagas)));
        assertEquals(List.of(), gids(get("all?transType=msg", sagas)));
        assertTrue(json(get("query?gid=orders-1", sagas)).get("transaction").isNull());
        assertEquals("orders-2",
            json(get("query?gid=orders-2", sagas)).at("/transaction/gid").asText());
    }

    /** A participant may answer with what it was sent, and a url may hold a password. */
    @Test
    void whatAParticipantAnsweredIsAPayloadToo() {
        wire.coordinator.participant("http://u:canary@a/x", Outcome.unknown(
            "url:http://u:canary@a/x return code 500: you sent canary\nand canary"));
        submit("{\"gid\":\"g\",\"trans_type\":\"saga\",\"steps\":[{\"action\":"
            + "\"http://u:canary@a/x\"}],\"payloads\":[\"{}\"]}", "Authorization", "Bearer client");
        String own = get("query?gid=g", "Authorization", "Bearer client").body();
        assertTrue(own.contains("you sent canary"), own);
        String seen = get("query?gid=g", "Authorization", "Bearer viewer").body()
            + get("all", "Authorization", "Bearer operator").body()
            + get("history?gid=g", "Authorization", "Bearer operator").body();
        assertFalse(seen.contains("canary"), seen);
        assertTrue(seen.contains("url:http://***@a/x return code 500: ***"), seen);
    }

    /** However it says so. */
    @Test
    void whatAParticipantCompletesWithIsAPayloadToo() {
        wire.coordinator.participant("http://a/x", Outcome.failure("no"));
        wire.coordinator.participant("http://a/undo",
            Outcome.ongoing("at work").callback(Duration.ofHours(1)));
        submit("{\"gid\":\"g\",\"trans_type\":\"saga\",\"steps\":[{\"action\":\"http://a/x\","
            + "\"compensate\":\"http://a/undo\"}],\"payloads\":[\"{}\"]}",
            "Authorization", "Bearer client");
        assertEquals(200, wire.send("POST", Wire.API + "complete", "{\"gid\":\"g\","
            + "\"branch_id\":\"01\",\"op\":\"compensate\",\"result\":\"FAILURE\","
            + "\"reason\":\"canary\"}", "Authorization", "Bearer operator").status());

        String own = get("query?gid=g", "Authorization", "Bearer client").body();
        assertTrue(own.contains("url:http://a/undo return failed: canary"), own);
        StringBuilder seen = new StringBuilder();
        for (String path : List.of("/api/dtmsvr/query?gid=g", "/api/dtmsvr/all",
                "/api/dtmsvr/history?gid=g", "/api/v1/transactions", "/api/v1/transactions/g",
                "/api/v1/transactions/g/explain", "/api/v1/transactions/g/history",
                "/api/v1/attention", "/api/v1/participants")) {
            WireClient.Answer answer =
                wire.send("GET", path, "", "Authorization", "Bearer viewer");
            assertEquals(200, answer.status(), path);
            seen.append(answer.body());
        }
        assertFalse(seen.toString().contains("canary"), seen.toString());
        assertTrue(seen.toString().contains("return failed"), seen.toString());
    }

    /** Who may do so to any transaction needs no token of a call; nobody else gets by without. */
    @Test
    void anOperatorCompletesWithoutATokenOfTheCall() throws IOException {
        wire.coordinator.participant("http://a/x", MemoryCoordinator.LATER);
        submit(one("g", "saga"), "Authorization", "Bearer client");
        String told = "{\"gid\":\"g\",\"branch_id\":\"01\",\"op\":\"action\","
            + "\"result\":\"SUCCESS\"}";
        for (String[] headers : new String[][] {{}, {"Authorization", "Bearer client"},
                {"Authorization", "Bearer viewer"}, {"Authorization", "Bearer wrong"}}) {
            assertEquals(403,
                wire.send("POST", Wire.API + "complete", told, headers).status());
        }
        assertEquals(404, wire.send("POST", Wire.API + "complete", told.replace("\"g\"", "\"x\""),
            "Authorization", "Bearer operator").status());
        assertEquals(200, wire.send("POST", Wire.API + "complete", told,
            "Authorization", "Bearer operator").status());
        assertEquals("succeed", json(get("query?gid=g", "Authorization", "Bearer viewer"))
            .at("/transaction/status").asText());
    }

    /** Else a few of them could fill the room for the bodies of all. */
    @Test
    void strangersSendNoLargeBodies() {
        String most = " ".repeat(Router.STRANGERS_BYTES);
        assertEquals(400, wire.send("POST", Wire.API + "complete", most).status());
        assertEquals(413, wire.send("POST", Wire.API + "complete", most + " ").status());
        assertEquals(400, wire.send("POST", Wire.API + "complete", most + " ",
            "Authorization", "Bearer operator").status());
        assertEquals(200, wire.send("POST", "/api/ping", most + " ").status());
    }

    /** Saying that it is another mode is no way in. */
    @Test
    void noOtherModeIsAborted() throws IOException {
        String[] admin = {"Authorization", "Bearer admin"};
        for (String mode : List.of("tcc", "xa")) {
            assertEquals(200, wire.send("POST", Wire.API + "prepare",
                "{\"gid\":\"orders-" + mode + "\",\"trans_type\":\"" + mode + "\"}",
                admin).status());
            wire.send("POST", Wire.API + "abort", "{\"gid\":\"orders-" + mode
                + "\",\"trans_type\":\"tcc\"}", "Authorization", "Bearer tccs");
            String status = json(get("query?gid=orders-" + mode, admin))
                .at("/transaction/status").asText();
            assertEquals(mode.equals("xa") ? "prepared" : "failed", status);
        }
    }

    @Test
    void onlyThoseWhoMaySeePayloads() {
        wire.coordinator.participant("http://a/x", Outcome.unknown("down"));
        WireClient.Answer given = submit("{\"gid\":\"g\",\"trans_type\":\"msg\","
            + "\"steps\":[{\"action\":\"http://a/x\"}],\"payloads\":[\"canary-payload\"],"
            + "\"custom_data\":\"{\\\"note\\\":\\\"canary-data\\\"}\","
            + "\"branch_headers\":{\"X-Key\":\"canary-header\"}}",
            "Authorization", "Bearer client");
        assertEquals(200, given.status(), given.body());
        for (String role : List.of("client", "admin")) {
            String seen = get("query?gid=g", "Authorization", "Bearer " + role).body();
            assertTrue(seen.contains(Base64.getEncoder().encodeToString(
                "canary-payload".getBytes(StandardCharsets.UTF_8))), seen);
            assertTrue(seen.contains("canary-data") && seen.contains("canary-header"), seen);
        }
        for (String role : List.of("viewer", "operator")) {
            String seen = get("query?gid=g", "Authorization", "Bearer " + role).body()
                + get("all", "Authorization", "Bearer " + role).body()
                + get("history?gid=g", "Authorization", "Bearer " + role).body();
            assertFalse(seen.contains("canary") || seen.contains("bin_data"), seen);
            assertTrue(seen.contains("X-Key") && seen.contains("***"), seen);
        }
    }

    @Test
    void whoForcedAnEndStandsInTheHistory() {
        wire.coordinator.participant("http://a/x", Outcome.unknown("down"));
        submit(one("g", "saga"), "Authorization", "Bearer client");
        assertEquals(200, wire.send("POST", Wire.API + "forceStop", "{\"gid\":\"g\"}",
            "Authorization", "Bearer operator").status());
        String history = get("history?gid=g", "Authorization", "Bearer viewer").body();
        assertTrue(history.contains("\"by\":\"operator\""), history);
    }

    /** With one step, at a participant that answers as it is told. */
    private static String one(String gid, String mode) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"" + mode + "\","
            + "\"steps\":[{\"action\":\"http://a/x\"}],\"payloads\":[\"{}\"]}";
    }

    /** No page of somebody else has a token that is known, and a balancer has whatever name. */
    @Test
    void whoHasATokenMayAskForAnyName() {
        for (String token : List.of("client", "wrong")) {
            String answer = wire.raw("GET /api/dtmsvr/all HTTP/1.1\r\nHost: a.load.balancer\r\n"
                + "Authorization: Bearer " + token + "\r\n\r\n");
            assertTrue(answer.startsWith(token.equals("client") ? "HTTP/1.1 200" : "HTTP/1.1 401"),
                answer);
        }
    }

    private WireClient.Answer send(Row row, String... headers) {
        return wire.send(row.verb(), row.path.replaceAll("\\{\\w+}", "none"),
            row.verb().equals("POST") ? "{}" : "", headers);
    }

    private WireClient.Answer submit(String body, String... headers) {
        return wire.send("POST", Wire.API + "submit", body, headers);
    }

    private WireClient.Answer get(String name, String... headers) {
        return wire.send("GET", Wire.API + name, "", headers);
    }

    private static List<String> gids(WireClient.Answer list) throws IOException {
        List<String> gids = new ArrayList<>();
        json(list).get("transactions").forEach(row -> gids.add(row.get("gid").asText()));
        gids.sort(null);
        return gids;
    }

    private static JsonNode json(WireClient.Answer answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }
}
