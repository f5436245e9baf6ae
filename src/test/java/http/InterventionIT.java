package http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do by hand, over HTTP, to the started jar; a pause outlives a SIGKILL. */
class InterventionIT {

    private static final String BRANCH = "\"branch_id\":\"01\",\"op\":\"action\"";

    @Test
    void eachActionDoesWhatItSays(@TempDir Path dir) {
        try (StartedJar jar = StartedJar.in(dir)) {
            for (String gid : new String[] {"skip", "resolve", "rollback", "stop", "edit",
                    "park", "killed"}) {
                jar.participant.script(gid, "busy");
                jar.participant.script(gid + "-undo", "yes");
                WireClient.Answer answer = jar.client.post("submit",
                    Requests.step(gid, "saga", jar.url(gid), jar.url(gid + "-undo")));
                assertEquals(200, answer.status(), answer.body());
                jar.awaitRest(gid);
            }
            assertDone("succeed", act(jar, "skip", "skip", "{" + BRANCH + ",\"reason\":\"r\"}"));
            assertDone("aborting|failed", act(jar, "resolve", "resolve",
                "{" + BRANCH + ",\"outcome\":\"failure\",\"reason\":\"r\"}"));
            jar.awaitStatus("resolve", "failed");
            assertDone("aborting|failed", act(jar, "rollback", "rollback", "{}"));
            jar.awaitStatus("rollback", "failed");
            assertDone("succeed", act(jar, "stop", "stop",
                "{\"outcome\":\"succeed\",\"reason\":\"by hand\"}"));
            assertDone("submitted", act(jar, "edit", "edit",
                "{" + BRANCH + ",\"url\":\"" + jar.url("other") + "\"}"));
            jar.participant.script("other", "yes");
            act(jar, "edit", "retry", "{}");
            jar.awaitStatus("edit", "succeed");
            assertDone("submitted", act(jar, "park", "park", "{\"reason\":\"look\"}"));
            assertEquals(409, act(jar, "park", "retry", "").status());
            assertDone("submitted", act(jar, "park", "unpark", ""));

            outlivesAKill(jar);
            aParticipantIsPaused(jar);
        }
    }

    private static void outlivesAKill(StartedJar jar) {
        jar.participant.script("killed", "yes");
        int calls = jar.participant.calls("killed").size();
        Instant until = Instant.now().plusSeconds(12);
        assertDone("submitted", act(jar, "killed", "pause",
            "{\"reason\":\"night\",\"until\":\"" + until + "\"}"));

        jar.process.killHard();
        jar.process.restart();

        JsonNode shown = StartedJar.json(jar.client.send(
            "GET", "/api/v1/transactions/killed", "").body());
        assertEquals("paused", shown.get("waiting").asText());
        assertEquals(409, act(jar, "killed", "retry", "").status());
        assertEquals(calls, jar.participant.calls("killed").size());
        await().atMost(Duration.ofSeconds(40)).until(
            () -> jar.status("killed").equals("succeed"));
        assertTrue(!Instant.now().isBefore(until), "it went on before its time");
    }

    private static void aParticipantIsPaused(StartedJar jar) {
        String host = URI.create(jar.url("")).getAuthority();
        assertEquals(200, jar.client.send("POST", "/api/v1/participants/" + host + "/pause",
            "{\"reason\":\"moving\"}").status());
        jar.participant.script("held", "yes");
        assertEquals(200, jar.client.post("submit",
            Requests.step("held", "saga", jar.url("held"), "")).status());
        jar.awaitRest("held");
        String shown = jar.client.send("GET", "/api/v1/transactions/held", "").body();
        assertTrue(shown.contains(host + " is paused: moving"), shown);
        assertEquals(0, jar.participant.calls("held").size());

        jar.process.killHard();
        jar.process.restart();

        jar.client.post("resetNextCronTime", "{\"gid\":\"held\"}");
        jar.awaitRest("held");
        assertEquals(0, jar.participant.calls("held").size());
        assertEquals(200, jar.client.send(
            "POST", "/api/v1/participants/" + host + "/resume", "").status());
        jar.client.post("resetNextCronTime", "{\"gid\":\"held\"}");
        jar.awaitStatus("held", "succeed");
    }

    private static WireClient.Answer act(
            StartedJar jar, String gid, String action, String body) {
        return jar.client.send("POST", "/api/v1/transactions/" + gid + "/" + action, body);
    }

    private static void assertDone(String status, WireClient.Answer answer) {
        assertEquals(200, answer.status(), answer.body());
        assertTrue(StartedJar.json(answer.body()).get("status").asText().matches(status),
            answer.body());
    }
}
