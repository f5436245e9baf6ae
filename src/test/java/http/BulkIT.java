package http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand stuck transactions of twenty kinds are ended by one action, a SIGKILL in between. */
class BulkIT {

    private static final int STUCK = 1_000;
    private static final int KINDS = 20;
    private static final String ACTION = "{\"action\":\"stop\",\"outcome\":\"failed\","
        + "\"reason\":\"the service is gone\",\"filter\":{\"gid_prefix\":\"stuck-\"}";

    @Test
    void itGoesOnAfterAKill(@TempDir Path dir) {
        try (StartedJar jar = StartedJar.in(dir)) {
            for (int i = 0; i < KINDS; i++) {
                jar.participant.script("kind" + i, "busy");
            }
            for (int i = 0; i < STUCK; i++) {
                submit(jar, "stuck-" + i, "kind" + i % KINDS);
            }
            jar.participant.script("fine", "busy");
            submit(jar, "fine", "fine");
            assertEquals(STUCK, ok(jar, "POST", "/count", ACTION + "}").get("count").asInt());
            JsonNode begun = ok(jar, "POST", "",
                ACTION + ",\"expect\":" + STUCK + ",\"id\":\"night\"}");
            assertEquals(STUCK, begun.get("total").asInt());

            await().atMost(Duration.ofSeconds(60)).until(
                () -> STUCK - ok(jar, "GET", "/night", "").get("remaining").asInt() > STUCK / 10);
            jar.process.killHard();
            jar.process.restart();

            JsonNode after = ok(jar, "GET", "/night", "");
            assertTrue(after.get("remaining").asInt() > 0, "it was killed in between: " + after);
            await().atMost(Duration.ofSeconds(90)).until(
                () -> ok(jar, "GET", "/night", "").get("state").asText().equals("finished"));
            JsonNode end = ok(jar, "GET", "/night", "");
            assertEquals(STUCK, end.get("succeeded").asInt(), end.toString());
            assertEquals(0, ok(jar, "POST", "/count", ACTION + "}").get("count").asInt());
            for (int i = 0; i < STUCK; i += 7) {
                assertEquals("failed", jar.status("stuck-" + i));
            }
            assertEquals("submitted", jar.status("fine"));
            assertTrue(jar.client.send("GET", "/api/v1/transactions/stuck-999/history", "").body()
                .contains("the service is gone (bulk night)"));
        }
    }

    private static void submit(StartedJar jar, String gid, String path) {
        WireClient.Answer answer = jar.client.post("submit", "{\"gid\":\"" + gid
            + "\",\"trans_type\":\"saga\",\"retry_interval\":2400,\"steps\":[{\"action\":\""
            + jar.url(path) + "\"}],\"payloads\":[\"{}\"]}");
        assertEquals(200, answer.status(), answer.body());
    }

    private static JsonNode ok(StartedJar jar, String method, String path, String body) {
        WireClient.Answer answer = jar.client.send(method, "/api/v1/bulk" + path, body);
        assertEquals(200, answer.status(), answer.body());
        return StartedJar.json(answer.body());
    }
}
