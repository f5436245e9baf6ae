package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.Attempts;
import transaction.Attempts.Kept;
import transaction.CallKey;
import transaction.CallRecord;
import transaction.Op;
import transaction.Outcome;

/** The calls of one transaction under /api/v1. */
class AttemptRoutesTest {

    private static final String PATH = "/api/v1/transactions/g/attempts";

    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");

    private final Wire wire = Wire.start();

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void eachCallIsTold() throws IOException {
        kept("01", 1, Outcome.Kind.UNKNOWN, new CallRecord(
            "503 Service Unavailable", "", "POST /in HTTP/1.1\n\n{\"n\":1}", "busy"));
        kept("01", 0, Outcome.Kind.PUT_OFF, new CallRecord("", "put off: too many", "", ""));
        kept("02", 1, Outcome.Kind.SUCCESS, new CallRecord("200 OK", "", "", ""));
        wire.coordinator.attempts().skipped.add(
            new Attempts.Skipped(new CallKey("01", Op.ACTION), 7));

        JsonNode page = get("");

        assertEquals("{\"branch_id\":\"01\",\"op\":\"action\",\"attempt\":1,"
            + "\"started_at\":\"2026-03-01T10:00:00.123Z\",\"duration_ms\":12,"
            + "\"outcome\":\"unknown\",\"status_line\":\"503 Service Unavailable\",\"error\":null,"
            + "\"request\":\"POST /in HTTP/1.1\\n\\n{\\\"n\\\":1}\",\"answer\":\"busy\"}",
            page.at("/items/0").toString());
        assertEquals("put-off", page.at("/items/1/outcome").asText());
        assertTrue(page.at("/items/1/attempt").isNull());
        assertEquals("put off: too many", page.at("/items/1/error").asText());
        assertEquals("[{\"branch_id\":\"01\",\"op\":\"action\",\"count\":7}]",
            page.get("skipped").toString());
        assertTrue(page.get("next").isNull());
        assertEquals(1, get("?branch_id=02&op=action").get("items").size());
        assertEquals(0, get("?op=compensate").get("items").size());
    }

    @Test
    void theyComeInPages() throws IOException {
        for (int i = 1; i <= 5; i++) {
            kept("01", i, Outcome.Kind.UNKNOWN, CallRecord.NONE);
        }
        JsonNode first = get("?limit=2");
        JsonNode second = get("?limit=100&cursor=" + first.get("next").asText());

        assertEquals(2, first.get("items").size());
        assertEquals(3, second.at("/items/0/attempt").asInt());
        assertEquals(3, second.get("items").size());
    }

    @Test
    void whatIsWrongIsRefused() {
        for (String rest : List.of("?limit=0", "?limit=101", "?branch=01")) {
            assertEquals(400, wire.send("GET", PATH + rest, "").status(), rest);
        }
        assertEquals(405, wire.send("POST", PATH, "{}").status());
    }

    private void kept(String branch, int number, Outcome.Kind outcome, CallRecord record) {
        wire.coordinator.attempts().kept.add(
            new Kept(new CallKey(branch, Op.ACTION), number, AT, outcome, 12_345, record));
    }

    private JsonNode get(String rest) throws IOException {
        WireClient.Answer answer = wire.send("GET", PATH + rest, "");
        assertEquals(200, answer.status(), answer.body());
        return new ObjectMapper().readTree(answer.body());
    }
}
