package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients see of transactions that were removed after their time. */
class RetentionIT {

    private static StartedJar jar;

    @BeforeAll
    static void start(@TempDir Path dir) {
        jar = StartedJar.in(dir, "--set", "pactor.retention.keep=1 s",
            "--set", "pactor.retention.keep-workflow=1 d",
            "--set", "pactor.retention.interval=100 ms");
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    @Test
    void whatHasEndedGoesAfterItsTimeAndCannotRunAgain() {
        String saga = Requests.step("old", "saga", jar.url("yes"), "");
        assertEquals(200, jar.client.post("submit", saga).status());
        assertEquals(200, jar.client.post("prepare", Requests.bare("open", "tcc")).status());
        assertEquals(200,
            jar.client.post("prepareWorkflow", Requests.bare("flow", "workflow")).status());
        assertEquals(200,
            jar.client.post("submit", Requests.finished("flow", "succeed")).status());
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(
            () -> assertEquals(List.of("01 action yes"), jar.participant.told("old")));

        jar.awaitStatus("old", "none");

        assertEquals("{\"transaction\":null,\"branches\":[]}", jar.client.query("old"));
        for (Door door : jar.doors()) {
            assertEquals(door.told(409), door.ask("submit", saga), door.name());
        }
        WireClient.Answer again = jar.client.post("submit", saga);
        assertEquals(409, again.status(), again.body());
        assertTrue(again.body().contains("has ended and was removed"), again.body());
        assertEquals(409, jar.client.post("prepare", saga).status());
        assertEquals(409, jar.client.post("abort", saga).status());
        assertEquals(409,
            jar.client.post("prepareWorkflow", Requests.bare("old", "workflow")).status());
        assertEquals(409, jar.client.post("registerBranch",
            Requests.branch("old", "tcc", "01", jar.url("yes"))).status());
        assertEquals(404, jar.client.post("forceStop", "{\"gid\":\"old\"}").status());
        assertEquals(List.of("01 action yes"), jar.participant.told("old"));
        assertEquals("prepared", jar.status("open"));
        assertEquals("succeed", jar.status("flow"), "its mode is kept for longer");
        assertTrue(Scrape.of(jar.metrics()).stream().anyMatch(each ->
            each.name().equals("pactor_transactions_removed_total") && each.value() == 1));
        assertTrue(Scrape.of(jar.metrics()).stream().anyMatch(each ->
            each.name().equals("pactor_transaction_oldest_finished_seconds")));
    }
}
