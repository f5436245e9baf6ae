package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import security.Access;
import security.BrowserGuard;
import security.Identities;
import security.Token;
import transaction.Again;
import transaction.Command;
import transaction.Mode;
import transaction.Outcome;
import transaction.Reply;
import transaction.Submission;

/** An ended transaction is run again as a new one: once, linked, and by who may do so. */
class AgainRoutesTest {

    private static final List<String> GRANTS = List.of("client", "operator", "viewer",
        "orders/client", "orders/operator", "client:o-*", "admin");

    private final Wire wire = Wire.start(new RequestGuard(
        new Access(true, AgainRoutesTest::identities, List::of),
        new BrowserGuard(List.of(), List.of())), null);

    /** The token of each grant is its text. */
    private static Identities identities() {
        return Identities.of(GRANTS.stream().map(grant -> "somebody " + grant + " sha256:"
            + HexFormat.of().formatHex(Token.hash(grant))).toList());
    }

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void itBeginsOnceAndIsFoundByWhatItIsOf() throws IOException {
        stopped("client", "operator", "g");
        wire.participant("http://b/x", Outcome.unknown("still down"));

        JsonNode first = done(again("operator", "g", "{\"reason\":\"b is back\"}"));
        assertEquals("{\"gid\":\"g-again-1\",\"again_of\":\"g\",\"from\":\"02\",\"changed\":true,"
            + "\"status\":\"submitted\",\"text\":\"run again as g-again-1: status submitted\","
            + "\"warnings\":[\"01: not part of it, since done before: if it is rolled back, that"
            + " stays done\",\"02: may have been done before, and then is done once more\"]}",
            first.toString());
        assertFalse(done(again("operator", "g", "{}")).get("changed").asBoolean());
        refused(409, "gid g-again-1 is that of another transaction; name one that is free",
            again("operator", "g", "{\"from\":\"01\"}"));

        assertEquals("failed", one("operator", "g").get("status").asText());
        JsonNode next = one("operator", "g-again-1");
        assertEquals("{\"order\":\"7\",\"pactor.again_of\":\"g\"}",
            next.get("attributes").toString());
        JsonNode list = json(send("viewer", "GET",
            "/api/v1/transactions?attribute=pactor.again_of:g", ""));
        assertEquals(1, list.get("items").size());
        assertEquals("g-again-1", list.at("/items/0/gid").asText());
    }

    @Test
    void whatHasEndedSinceIsStillTheAnswer() throws IOException {
        stopped("client", "operator", "g");
        wire.participant("http://b/x", Outcome.SUCCESS);

        assertEquals("succeed", done(again("operator", "g", "{\"gid\":\"n\"}"))
            .get("status").asText());
        JsonNode second = done(again("operator", "g", "{\"gid\":\"n\"}"));
        assertFalse(second.get("changed").asBoolean());
        assertEquals("succeed", second.get("status").asText());
        assertEquals(List.of("g", "g", "n"), wire.coordinator.calls().stream()
            .map(call -> call.gid()).toList(), "nobody is called twice");
    }

    /** Both have looked before either began. */
    @Test
    void oneOfTwoAtTheSameMomentBegins() throws IOException {
        stopped("client", "operator", "g");
        wire.participant("http://b/x", Outcome.SUCCESS);
        wire.coordinator.overtakeNextSubmit(new Command.Submit(
            Again.of(wire.coordinator.state("g"), "", "").submission()));

        JsonNode second = done(again("operator", "g", "{}"));
        assertFalse(second.get("changed").asBoolean());
        assertEquals("succeed", second.get("status").asText());

        wire.coordinator.overtakeNextSubmit(new Command.Submit(
            Submission.bare("n", Mode.TCC)));
        refused(409, "gid n is that of another transaction; name one that is free",
            again("operator", "g", "{\"gid\":\"n\"}"));
    }

    @Test
    void aDryRunTellsTheCallsAndBeginsNothing() throws IOException {
        stopped("client", "operator", "g");

        JsonNode told = done(again("operator", "g", "{\"from\":\"01\",\"dry_run\":true}"));
        assertEquals(2, told.get("steps").size());
        assertEquals("http://a/x", told.at("/steps/0/url").asText());
        assertFalse(told.get("changed").asBoolean());
        assertEquals("01: done before, and done once more", told.at("/warnings/0").asText());
        assertEquals(404, send("operator", "GET", "/api/v1/transactions/g-again-1", "").status());
    }

    @Test
    void whatIsNotToBeRunAgainIsRefusedWithTheReason() throws IOException {
        begin("client", "g");
        refused(409, "current status 'submitted', it has not ended: cannot run it again.",
            again("operator", "g", "{}"));
        stopped("client", "operator", "h");
        refused(404, "no branch 09 in h", again("operator", "h", "{\"from\":\"09\"}"));
        refused(404, "there is no transaction with the gid none",
            again("operator", "none", "{}"));
        refused(409, "gid g is that of another transaction; name one that is free",
            again("operator", "h", "{\"gid\":\"g\"}"));
        refused(400, "unknown key form; known are dry_run, from, gid, reason",
            again("operator", "h", "{\"form\":\"01\"}"));
        refused(422, "gid has a character that cannot be printed",
            again("operator", "h", "{\"gid\":\"a\\tb\"}"));
        wire.coordinator.quarantine("h", "entry 2 is missing");
        refused(409, "this transaction is in quarantine: entry 2 is missing: cannot run it again.",
            again("operator", "h", "{}"));
        wire.coordinator.answerInstead(
            CompletableFuture.completedFuture(new Reply.Full("full")));
        refused(503, "full", again("operator", "h", "{}"));
    }

    @Test
    void clientsCannotSayWhatATransactionIsOf() {
        WireClient.Answer answer = send("client", "POST", Wire.API + "submit",
            saga("forged").replace("\"order\"", "\"pactor.again_of\""));
        assertEquals(400, answer.status(), answer.body());
        assertTrue(answer.body().contains("is the server's to say"), answer.body());
    }

    @Test
    void onlyOperatorsMayAndOnlyInTheirNamespace() throws IOException {
        stopped("orders/client", "orders/operator", "g");
        for (String grant : List.of("client", "viewer", "orders/client", "client:o-*")) {
            assertEquals(403, again(grant, "g", "{}").status(), grant);
        }
        refused(404, "there is no transaction with the gid g", again("operator", "g", "{}"));
        assertEquals("g-again-1",
            done(again("orders/operator", "g", "{}")).get("gid").asText());
        assertEquals("orders\tg-again-1",
            wire.coordinator.state("orders\tg-again-1").submission().gid());
        assertEquals(404, send("operator", "GET", "/api/v1/transactions/g-again-1", "").status());
        assertFalse(done(again("orders/operator", "g", "{}")).get("changed").asBoolean());
    }

    private void begin(String grant, String gid) {
        wire.participant("http://b/x", Outcome.unknown("down"));
        WireClient.Answer answer = send(grant, "POST", Wire.API + "submit", saga(gid));
        assertEquals(200, answer.status(), answer.body());
    }

    /** One whose first step is done, and that was ended by hand. */
    private void stopped(String client, String operator, String gid) {
        begin(client, gid);
        WireClient.Answer answer = send(operator, "POST",
            "/api/v1/transactions/" + gid + "/stop", "{\"outcome\":\"failed\"}");
        assertEquals(200, answer.status(), answer.body());
    }

    private static String saga(String gid) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"saga\",\"steps\":["
            + "{\"action\":\"http://a/x\",\"compensate\":\"http://a/y\"},"
            + "{\"action\":\"http://b/x\",\"compensate\":\"http://b/y\"}],"
            + "\"payloads\":[\"{}\",\"{}\"],\"attributes\":{\"order\":\"7\"}}";
    }

    private WireClient.Answer again(String grant, String gid, String body) {
        return send(grant, "POST", "/api/v1/transactions/" + gid + "/again", body);
    }

    private JsonNode one(String grant, String gid) throws IOException {
        return json(send(grant, "GET", "/api/v1/transactions/" + gid, ""));
    }

    private WireClient.Answer send(String grant, String method, String path, String body) {
        return wire.send(method, path, body, "Authorization", "Bearer " + grant);
    }

    private static JsonNode done(WireClient.Answer answer) throws IOException {
        assertEquals(200, answer.status(), answer.body());
        return json(answer);
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
