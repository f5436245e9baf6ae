package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import security.Caller;
import transaction.Attempts.Kept;
import transaction.Attempts;
import transaction.ByteBudget;
import transaction.CallKey;
import transaction.CallRecord;
import transaction.Op;
import transaction.Outcome;
import transaction.Reply;

/** All that is known of one transaction, as one document. */
class ExportRoutesTest {

    private static final String ONE = "/api/v1/transactions/g";

    private final Wire wire = Wire.start();

    @BeforeEach
    void submit() {
        assertEquals(200, wire.post("submit", "{\"gid\":\"g\",\"trans_type\":\"saga\",\"steps\":"
            + "[{\"action\":\"http://a/x\"}],\"payloads\":[\"{}\"]}").status());
    }

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void itsPartsAreWhatTheOtherPathsTell() throws IOException {
        kept(1, "no");
        wire.coordinator.attempts().skipped.add(
            new Attempts.Skipped(new CallKey("01", Op.ACTION), 7));

        JsonNode all = get("/export");

        assertEquals("g", all.get("gid").asText());
        assertEquals(get(""), all.get("transaction"));
        assertEquals(get("/history").get("items"), all.get("history"));
        assertTrue(all.get("history").size() > 0);
        assertEquals(get("/attempts").get("items"), all.get("attempts"));
        assertEquals(get("/attempts").get("skipped"), all.get("skipped"));
        assertEquals(1, all.get("skipped").size());
    }

    @Test
    void whyTheHistoryEndsEarlyIsInIt() throws IOException {
        assertTrue(get("/export").get("quarantine").isNull());
        wire.coordinator.index.broken = "entry 2 cannot be read";
        JsonNode all = get("/export");
        assertEquals("entry 2 cannot be read", all.get("quarantine").asText());
        assertEquals(get("/history").get("quarantine"), all.get("quarantine"));
    }

    @Test
    void everyPageIsInIt() throws IOException {
        for (int i = 1; i <= 250; i++) {
            kept(i, "no");
        }
        List<Integer> numbers = new ArrayList<>();
        get("/export").get("attempts").forEach(each -> numbers.add(each.get("attempt").asInt()));
        assertEquals(250, numbers.size());
        assertEquals(250, numbers.get(249));
    }

    @Test
    void whatIsTooLongIsRefusedAndTheNextOneIsNot() throws IOException {
        String answer = "x".repeat(1 << 20);
        for (int i = 1; i <= 3; i++) {
            kept(i, answer);
        }
        assertEquals(3, get("/export").get("attempts").size());
        kept(4, answer);
        for (int i = 0; i <= ExportRoutes.EXPORTS_MAX; i++) {
            WireClient.Answer refused = wire.send("GET", ONE + "/export", "");
            assertEquals(409, refused.status(), "its room is free again");
            assertTrue(refused.body().contains("page by page"), refused.body());
        }
        wire.coordinator.attempts().kept.remove(3);
        assertEquals(3, get("/export").get("attempts").size());
    }

    @Test
    void whatIsNotThereOrWrongIsRefused() {
        for (int i = 0; i <= ExportRoutes.EXPORTS_MAX; i++) {
            assertEquals(404,
                wire.send("GET", "/api/v1/transactions/none/export", "").status());
            assertEquals(400, wire.send("GET", ONE + "/export?limit=1", "").status());
        }
    }

    @Test
    void onlySoManyAreWrittenAtOneTime() {
        Route route = new ExportRoutes(new TransactionRoutes(wire.coordinator, Runnable::run,
            new Outbox(new ByteBudget(1 << 20), Duration.ofMinutes(1)), () -> null),
            wire.coordinator, Runnable::run).routes().get(0);
        var call = new Route.Call(QueryString.EMPTY, Map.of("gid", "g"), new byte[0], name -> "",
            Caller.LOCAL);
        CompletableFuture<Reply> found = new CompletableFuture<>();
        Reply reply = wire.coordinator.find("g").toCompletableFuture().join();
        wire.coordinator.answerInstead(found);
        List<CompletableFuture<HttpAnswer>> asked = new ArrayList<>();
        for (int i = 0; i <= ExportRoutes.EXPORTS_MAX; i++) {
            asked.add(route.handler().handle(call).toCompletableFuture());
        }
        assertEquals(503, asked.remove(ExportRoutes.EXPORTS_MAX).join().status());
        assertTrue(asked.stream().noneMatch(CompletableFuture::isDone));
        found.complete(reply);
        asked.forEach(each -> assertEquals(200, each.join().status()));
        assertEquals(200, route.handler().handle(call).toCompletableFuture().join().status());
    }

    private void kept(int number, String answer) {
        wire.coordinator.attempts().kept.add(new Kept(new CallKey("01", Op.ACTION), number,
            Instant.EPOCH, Outcome.Kind.UNKNOWN, 1_000,
            new CallRecord("500 Internal Server Error", "", "", answer)));
    }

    private JsonNode get(String rest) throws IOException {
        WireClient.Answer answer = wire.send("GET", ONE + rest, "");
        assertEquals(200, answer.status(), answer.body());
        return new ObjectMapper().readTree(answer.body());
    }
}
