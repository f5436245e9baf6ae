package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import transaction.Outcome;

/** What records look like where the golden conversations do not come. */
class WireRecordsTest {

    private final Wire wire = Wire.start();

    @AfterEach
    void stop() {
        wire.close();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-01T10:00:00Z,2026-03-01T10:00:00Z",
        "2026-03-01T10:00:00.1Z,2026-03-01T10:00:00.1Z",
        "2026-03-01T10:00:00.194691800Z,2026-03-01T10:00:00.1946918Z",
        "2026-03-01T10:00:00.000000001Z,2026-03-01T10:00:00.000000001Z",
        "2026-12-31T23:59:59.999999999Z,2026-12-31T23:59:59.999999999Z"})
    void timesHaveAsManyDigitsAsThereAre(Instant at, String shown) {
        assertEquals(shown, WireRecords.time(at));
    }

    @Test
    void aTransactionInQuarantineSaysSo() {
        wire.post("prepare", "{\"gid\":\"q\",\"trans_type\":\"tcc\"}");
        wire.coordinator.quarantine("q", "an event is missing");
        wire.coordinator.quarantine("gone", "its first event cannot be read");

        String shown = wire.get("query?gid=q").body();
        assertTrue(shown.contains("\"concurrent\":false,\"quarantine\":\"an event is missing\"}"),
            shown);
        assertFalse(shown.contains("next_cron_time"), shown);
        assertEquals("{\"transaction\":{\"id\":0,\"create_time\":null,\"update_time\":null,"
            + "\"gid\":\"gone\",\"concurrent\":false,\"quarantine\":\"its first event cannot be"
            + " read\"},\"branches\":[]}", wire.get("query?gid=gone").body());
        WireClient.Answer submit = wire.post("submit", "{\"gid\":\"q\",\"trans_type\":\"tcc\"}");
        assertEquals(500, submit.status());
        assertEquals("{\"message\":\"this transaction is in quarantine: an event is missing\"}",
            submit.body());
    }

    /** The word would be a verdict for whoever searches the answer for it. */
    @Test
    void eachBranchSaysWhyItWaits() {
        wire.coordinator.participant("http://a/1", Outcome.unknown("connection refused"))
            .participant("http://b/confirm", Outcome.failure("FAILURE, no funds"))
            .participant("http://a/check", Outcome.unknown("503"));
        wire.post("submit", "{\"gid\":\"s\",\"trans_type\":\"saga\",\"steps\":["
            + "{\"action\":\"http://a/1\"},{\"action\":\"http://a/2\"}],"
            + "\"payloads\":[\"1\",\"2\"]}");
        wire.post("prepare", "{\"gid\":\"t\",\"trans_type\":\"tcc\"}");
        wire.post("registerBranch", "{\"gid\":\"t\",\"trans_type\":\"tcc\",\"branch_id\":\"01\","
            + "\"confirm\":\"http://b/confirm\",\"cancel\":\"http://b/cancel\"}");
        wire.post("submit", "{\"gid\":\"t\",\"trans_type\":\"tcc\"}");
        wire.post("prepare", "{\"gid\":\"m\",\"trans_type\":\"msg\",\"query_prepared\":"
            + "\"http://a/check\",\"steps\":[{\"action\":\"http://a/2\"}],"
            + "\"payloads\":[\"1\"]}");
        wire.coordinator.clock.advance(Duration.ofSeconds(35));
        wire.coordinator.wakeAll();

        String saga = wire.get("query?gid=s").body();
        assertTrue(saga.contains("\"status\":\"prepared\",\"attempts\":2,"
            + "\"last_error\":\"connection refused\","
            + "\"last_attempt_time\":\"2026-03-01T10:00:35.12Z\","
            + "\"next_try\":\"2026-03-01T10:01:15.12Z\"}"), saga);
        assertEquals(1, saga.split("attempts", -1).length - 1, "the others were not called");
        String tcc = wire.get("query?gid=t").body();
        assertTrue(tcc.contains("\"last_error\":\"fail***, no funds\""), tcc);
        String message = wire.get("query?gid=m").body();
        assertTrue(message.contains("\"concurrent\":false,\"attempts\":1,\"last_error\":\"503\","
            + "\"last_attempt_time\":\"2026-03-01T10:00:35.12Z\","
            + "\"next_try\":\"2026-03-01T10:00:55.12Z\"},\"branches\""), message);

        wire.coordinator.participant("http://a/check", Outcome.SUCCESS);
        wire.coordinator.clock.advance(Duration.ofSeconds(20));
        wire.coordinator.wakeAll();
        String delivered = wire.get("query?gid=m").body();
        assertFalse(delivered.contains("attempts"), delivered);
    }

    @Test
    void aHistoryTellsWhatHappenedPageByPage() {
        wire.coordinator.participant("http://a/1", Outcome.unknown("503"))
            .participant("http://a/2", Outcome.failure("no funds"));
        wire.post("submit", "{\"gid\":\"s\",\"trans_type\":\"saga\",\"steps\":["
            + "{\"action\":\"http://a/1\"},{\"action\":\"http://a/2\"}],"
            + "\"payloads\":[\"1\",\"2\"]}");
        wire.coordinator.participant("http://a/1", Outcome.SUCCESS);
        wire.post("resetNextCronTime", "{\"gid\":\"s\"}");

        String at = "\"time\":\"2026-03-01T10:00:00.12Z\",\"event\":";
        String first = "{\"entry\":1," + at + "\"opened\",\"trans_type\":\"saga\","
            + "\"status\":\"submitted\"},{\"entry\":2," + at + "\"retry\",\"branch_id\":\"01\","
            + "\"op\":\"action\",\"attempts\":1,\"reason\":\"503\","
            + "\"not_before\":\"2026-03-01T10:00:20.12Z\"}";
        String second = "{\"entry\":3," + at + "\"hurried\"},{\"entry\":4," + at + "\"settled\","
            + "\"branch_id\":\"01\",\"op\":\"action\",\"branch_status\":\"succeed\"},"
            + "{\"entry\":5," + at + "\"settled\",\"branch_id\":\"02\",\"op\":\"action\","
            + "\"branch_status\":\"failed\",\"reason\":\"no funds\"},{\"entry\":5," + at
            + "\"turned_back\",\"status\":\"aborting\",\"reason\":\"no funds FAILURE\"},";
        assertEquals("{\"gid\":\"s\",\"events\":[" + first + "],\"next_position\":\"2\"}",
            wire.get("history?gid=s&limit=2").body());
        String rest = wire.get("history?gid=s&position=2").body();
        assertTrue(rest.startsWith("{\"gid\":\"s\",\"events\":[" + second), rest);
        assertTrue(rest.endsWith("\"event\":\"ended\",\"status\":\"failed\"}],"
            + "\"next_position\":\"\"}"), rest);
        assertEquals("{\"gid\":\"x\",\"events\":[],\"next_position\":\"\"}",
            wire.get("history?gid=x").body());
        assertEquals(400, wire.get("history").status());
        assertEquals(400, wire.get("history?gid=s&limit=0").status());
        assertEquals(400, wire.get("history?gid=s&position=-1").status());
        assertEquals(200, wire.get("history?gid=s&limit=500").status());
    }

    @Test
    void listsLeaveOutWhatIsLong() {
        String data = "x".repeat(transaction.Limits.LIST_TEXT_CHARS + 1);
        wire.post("prepare", "{\"gid\":\"long\",\"trans_type\":\"tcc\",\"custom_data\":\"" + data
            + "\"}");

        assertFalse(wire.get("all").body().contains(data));
        assertTrue(wire.get("query?gid=long").body().contains(data));
    }

    /** A megabyte to each of fifty subscribers: a query leaves the payloads out. */
    @Test
    void whatIsTooMuchForOneAnswerIsLeftOut() {
        for (int i = 0; i < 50; i++) {
            assertEquals(200, wire.get("subscribe?topic=many&url=http://a/" + i).status());
        }
        String data = "x".repeat(1 << 20);
        assertEquals(200, wire.post("prepare", "{\"gid\":\"many\",\"trans_type\":\"msg\","
            + "\"steps\":[{\"action\":\"topic://many\"}],\"payloads\":[\"" + data + "\"]}")
            .status());

        String shown = wire.get("query?gid=many").body();

        assertFalse(shown.contains("bin_data"));
        assertTrue(shown.contains("\"branch_id\":\"01-50\""));
    }
}
