package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import audit.Act;
import audit.Audit;
import audit.MemoryLog;
import audit.Who;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import security.Access;
import security.BrowserGuard;
import security.Identities;
import security.Token;
import security.TokenIssuer;
import transaction.ByteBudget;
import transaction.InvalidRequest;
import transaction.Outcome;
import transaction.TestControls;

/** J-03: what is put on record of each request. */
class RecordedTest {

    private static final TestControls CONTROLS = (TestControls) Proxy.newProxyInstance(
        TestControls.class.getClassLoader(), new Class<?>[] {TestControls.class},
        (proxy, method, args) -> CompletableFuture.failedFuture(new InvalidRequest("not here")));

    private final MemoryLog log = new MemoryLog();
    private Wire wire = start(Audit.Reads.OFF);

    private Wire start(Audit.Reads reads) {
        Audit audit = new Audit(log, reads, Runnable::run);
        return Wire.start(new RequestGuard(
            new Access(true, RecordedTest::identities, List::of, TokenIssuer.NONE,
                (listener, peer) -> audit.refused(Act.refusal(new Who("", "", "token",
                    peer.address().getHostAddress()), "authenticate", "", "wrong"))),
            new BrowserGuard(List.of(), List.of())), CONTROLS, audit);
    }

    private static Identities identities() {
        List<String> lines = new ArrayList<>();
        for (String role : List.of("client", "viewer", "operator", "admin")) {
            lines.add(role + " " + role + " sha256:"
                + HexFormat.of().formatHex(Token.hash(role)));
        }
        return Identities.of(lines);
    }

    @AfterEach
    void close() {
        wire.close();
    }

    private WireClient.Answer send(
            String role, String method, String path, String body, String... more) {
        List<String> headers =
            new ArrayList<>(List.of("Authorization", "Bearer " + role));
        headers.addAll(List.of(more));
        return wire.send(method, path, body, headers.toArray(String[]::new));
    }

    private void submit() {
        wire.coordinator.participant("http://a/x", Outcome.unknown("down"));
        assertEquals(200, send("client", "POST", Wire.API + "submit", "{\"gid\":\"g\","
            + "\"trans_type\":\"saga\",\"steps\":[{\"action\":\"http://a/x\"}],"
            + "\"payloads\":[\"canary\"]}").status());
    }

    @Test
    void anOperatorsActIsTwoRowsWithTheStatusBeforeAndAfter() {
        submit();
        assertEquals(List.of(), log.lines());
        assertEquals(200, send("operator", "POST", Wire.API + "forceStop", "{\"gid\":\"g\"}",
            "Pactor-Reason", "ticket 4711").status());
        assertEquals(List.of(
            "intent|operator|token|POST /api/dtmsvr/forceStop|gid=g|ticket 4711|submitted||",
            "result|operator|token|POST /api/dtmsvr/forceStop|gid=g|ticket 4711|submitted|failed"
                + "|200"), log.lines());
        Act intent = log.acts().get(0);
        assertEquals("operator", intent.who().role());
        assertEquals("127.0.0.1", intent.who().address());
        assertEquals(1, log.acts().get(1).about());
    }

    private static final String[][] ACTS = {
        {"POST", Wire.API + "forceStop", "{\"gid\":\"g\",\"payload\":\"canary\"}"},
        {"POST", Wire.API + "resetNextCronTime", "{\"gid\":\"g\"}"},
        {"GET", Wire.API + "resetCronTime?timeout=3", ""},
        {"POST", Wire.API + "unpark", "{\"gid\":\"g\"}"},
        {"GET", Wire.API + "subscribe?topic=t&url=http://u:canary@a/x?key=canary", ""},
        {"GET", Wire.API + "unsubscribe?topic=t&url=http://a/x", ""},
        {"DELETE", Wire.API + "topic/t", ""},
        {"POST", "/api/test/clock/advance", "{\"seconds\":3}"},
        {"POST", "/api/test/manual", "{\"on\":true}"},
        {"POST", "/api/test/run", "{\"gid\":\"g\"}"},
        {"POST", "/api/test/run-due", "{}"},
        {"POST", "/api/test/pass-delay", "{\"millis\":3}"},
        {"DELETE", "/api/test/data", ""}};

    /** Apart, since so many refusals in a minute are not all on record. */
    private static final String[][] INTERVENTIONS = {
        {"POST", "/api/v1/transactions/g/retry", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/transactions/g/pause", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/transactions/g/resume", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/transactions/g/park", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/transactions/g/unpark", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/transactions/g/skip", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/transactions/g/resolve", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/transactions/g/stop", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/transactions/g/rollback", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/transactions/g/edit", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/transactions/g/again", "{\"reason\":\"why\",\"gid\":\"n\","
            + "\"from\":\"02\"}"},
        {"POST", "/api/v1/participants/a/pause", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/participants/a/resume", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/calls/pause", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/calls/resume", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/bulk", "{\"action\":\"retry\",\"reason\":\"why\",\"expect\":9,"
            + "\"filter\":{\"gid_prefix\":\"g\"},\"id\":\"b1\"}"},
        {"POST", "/api/v1/bulk/b1/pause", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/bulk/b1/resume", "{\"reason\":\"why\"}"},
        {"POST", "/api/v1/bulk/b1/cancel", "{\"reason\":\"why\"}"}};

    @Test
    void eachInterventionIsOnRecord() {
        areOnRecord(INTERVENTIONS);
        assertTrue(log.lines().toString().contains(
            "action=retry filter={\"gid_prefix\":\"g\"} id=b1"), log.lines().toString());
        assertTrue(log.lines().toString().contains("gid=g from=02 new_gid=n"),
            log.lines().toString());
    }

    /** So that a new route is on record, or this test says that it is not. */
    @Test
    void eachRouteThatNeedsAnOperatorAndChangesSomethingIsOnRecord() {
        areOnRecord(ACTS);
        assertFalse(log.lines().toString().contains("canary"), log.lines().toString());
        assertTrue(log.lines().toString().contains("topic=t url=http://***@a/x?***"));
        long operators = HttpServer.routes(new HttpServer.Parts(wire.coordinator,
                new Ops(() -> "", () -> "", () -> ""), (route, method, status, took) -> { },
                RequestGuard.LOCAL, Optional.empty(), Optional.of(CONTROLS),
                ByteBudget.unlimited()), HttpSettings.defaults(), new ErrorResponses(),
            Runnable::run).stream().filter(Route::isOperators).count();
        assertEquals(ACTS.length + INTERVENTIONS.length, operators);
    }

    private void areOnRecord(String[][] acts) {
        for (String[] each : acts) {
            int before = log.acts().size();
            WireClient.Answer answer = send("operator", each[0], each[1], each[2]);
            List<Act> rows = log.acts().subList(before, log.acts().size());
            assertEquals(2, rows.size(), each[1]);
            assertEquals(String.valueOf(answer.status()), rows.get(1).result(), each[1]);
            send("viewer", each[0], each[1], each[2]);
            Act refusal = log.acts().get(log.acts().size() - 1);
            assertEquals(Act.Kind.REFUSAL, refusal.kind(), each[1]);
            assertEquals("403", refusal.result());
            assertEquals("viewer", refusal.who().name());
        }
    }

    @Test
    void aRefusalStaysOneWhateverTheUrlSays() {
        String answer = wire.raw("GET /api/dtmsvr/subscribe?topic=%zz&url=%ff HTTP/1.1\r\n"
            + "Host: localhost\r\nAuthorization: Bearer viewer\r\n\r\n");
        String known = wire.raw("GET /api/dtmsvr/subscribe?topic=t&topic=u HTTP/1.1\r\n"
            + "Host: localhost\r\nAuthorization: Bearer viewer\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 403") || answer.startsWith("HTTP/1.1 400"), answer);
        assertTrue(known.startsWith("HTTP/1.1 403"), known);
        assertEquals("refusal|viewer|token|GET /api/dtmsvr/subscribe|topic=t,u||||403",
            log.lines().get(log.lines().size() - 1));
    }

    /** What the handler passes over must not keep from the record what it heeds. */
    @Test
    void nothingThatIsSentHidesTheTarget() {
        submit();
        for (String hiding : List.of(
                "\"o_p\":1,", "\"result\":5,", "\"on\":\"x\",\"seconds\":[],")) {
            send("operator", "POST", Wire.API + "resetNextCronTime?gid=other",
                "{" + hiding + "\"gid\":\" g \"}");
            assertTrue(log.lines().get(log.lines().size() - 1).contains("gid=g"),
                log.lines().toString());
        }
        send("operator", "DELETE", Wire.API + "topic/t?topic=other&gid=x", "{\"gid\":\"y\"}");
        assertTrue(log.lines().get(log.lines().size() - 1).contains("topic=t|"),
            log.lines().toString());
        send("operator", "GET", Wire.API + "subscribe?topic=t&url=http://a/x", "");
        assertTrue(log.lines().get(log.lines().size() - 1).contains("|topic=t url=http://a/x|"));
    }

    @Test
    void whatOthersDoIsNotOnRecord() {
        submit();
        send("viewer", "GET", Wire.API + "query?gid=g", "");
        send("viewer", "GET", Wire.API + "all", "");
        send("operator", "GET", "/api/test/passes", "");
        send("admin", "GET", Wire.API + "query?gid=g", "");
        assertEquals(List.of(), log.lines());
    }

    @Test
    void anOperatorsCompletionIsOnRecordWithTheReasonOfItsBody() {
        wire.coordinator.participant("http://a/x", MemoryCoordinator.LATER);
        send("client", "POST", Wire.API + "submit", "{\"gid\":\"g\",\"trans_type\":\"saga\","
            + "\"steps\":[{\"action\":\"http://a/x\"}],\"payloads\":[\"{}\"]}");
        assertEquals(200, send("operator", "POST", Wire.API + "complete", "{\"gid\":\"g\","
            + "\"branch_id\":\"01\",\"op\":\"action\",\"result\":\"SUCCESS\",\"reason\":\"seen\"}")
            .status());
        assertEquals("result|operator|token|POST /api/dtmsvr/complete|gid=g branch_id=01 op=action"
            + " result=SUCCESS|seen|submitted|succeed|200", log.lines().get(1));
    }

    @Test
    void aCompletionThatIsRefusedIsOnRecord() {
        assertEquals(403, wire.send("POST", Wire.API + "complete", "{\"gid\":\"g\","
            + "\"branch_id\":\"01\",\"op\":\"action\",\"result\":\"SUCCESS\"}").status());
        assertEquals(List.of("refusal||none|POST /api/dtmsvr/complete|gid=g branch_id=01 op=action"
            + " result=SUCCESS||||403"), log.lines());
    }

    @Test
    void whatCannotBePutOnRecordIsNotDone() {
        submit();
        log.failAfter(0);
        WireClient.Answer answer =
            send("operator", "POST", Wire.API + "forceStop", "{\"gid\":\"g\"}");
        assertEquals(503, answer.status());
        assertTrue(answer.body().contains("audit log cannot be written: nothing was done"));
        assertTrue(send("viewer", "GET", Wire.API + "query?gid=g", "").body()
            .contains("\"status\":\"submitted\""));
        assertEquals(200, send("client", "GET", Wire.API + "newGid", "").status());
    }

    @Test
    void readsOfPayloadsAreOnRecordIfThatIsSet() {
        wire.close();
        wire = start(Audit.Reads.ADMIN);
        submit();
        for (String role : List.of("client", "viewer", "operator", "admin")) {
            send(role, "GET", Wire.API + "query?gid=g", "");
        }
        assertEquals(List.of("read|admin|token|GET /api/dtmsvr/query|gid=g||||200"), log.lines());
        wire.close();
        wire = start(Audit.Reads.ALL);
        send("client", "GET", Wire.API + "history?gid=none", "");
        assertEquals("read|client|token|GET /api/dtmsvr/history|gid=none||||200",
            log.lines().get(1));
    }

    @Test
    void aWrongTokenIsOnRecordTenTimes() {
        for (int i = 0; i < 15; i++) {
            send("wrong", "POST", Wire.API + "forceStop", "{\"gid\":\"g\"}");
        }
        assertEquals(10, log.lines().size());
        assertEquals("refusal||token|authenticate|||||wrong", log.lines().get(0));
    }
}
