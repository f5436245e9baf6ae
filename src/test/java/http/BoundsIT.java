package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too much stays outside, and who is slow stays alone. */
class BoundsIT {

    /** Requests sent before the first answer is waited for. */
    private static final int AT_ONCE = 100;

    /** The default of {@code pactor.http.max-connections}. */
    private static final int CONNECTIONS_MAX = 4_096;

    private static StartedJar jar;

    @BeforeAll
    static void start(@TempDir Path dir) {
        jar = StartedJar.in(dir);
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    @Test
    @DisplayName("11. Over-large payload rejected cleanly, nothing half-created")
    void overLargePayloads() {
        String most = "p".repeat(1 << 20);
        List<String> tooMuch = List.of(most + "p", "p".repeat(2 << 20), "p".repeat(5 << 20));
        assertEquals(200, jar.client.post("prepare", Requests.bare("big-tcc", "tcc")).status());
        String tcc = jar.client.query("big-tcc");
        for (String payload : tooMuch) {
            int status = payload.length() > 4 << 20 ? 413 : 400;
            for (String verb : List.of("prepare", "submit")) {
                refused(status, jar.client.post(verb, saga("big", payload)));
            }
            refused(status, jar.client.post("registerBranch",
                Requests.branch("big-tcc", "tcc", "01", jar.url("yes"))
                    .replace("\"data\":\"{}\"", "\"data\":\"" + payload + "\"")));
            WireClient.Answer rpc = jar.client.send("POST", "/api/json-rpc",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"submit\",\"params\":"
                    + saga("big", payload) + "}");
            assertTrue(rpc.status() == 413 || rpc.body().contains("\"code\":-32603"), rpc.body());
        }

        assertEquals("none", jar.status("big"));
        assertTrue(jar.client.get("all?gid=big").body().contains("\"transactions\":null"));
        assertEquals(tcc, jar.client.query("big-tcc"), "no branch has joined");
        assertTrue(jar.participant.calls("big").isEmpty());
        // The id is as free as before, and what is just allowed arrives whole.
        assertEquals(200, jar.client.post("submit", saga("big", most)).status());
        jar.awaitStatus("big", "succeed");
        assertEquals(most, jar.participant.calls("big").get(0).body());
    }

    private static void refused(int status, WireClient.Answer answer) {
        assertEquals(status, answer.status(), answer.body());
        assertTrue(answer.body().startsWith("{\"message\":\"") && answer.body().length() < 1_000,
            answer.body());
        assertFalse(answer.mentionsVerdict(), answer.body());
    }

    private static String saga(String gid, String payload) {
        return Requests.step(gid, "saga", jar.url("yes"), "").replace("\"{}\"",
            "\"" + payload + "\"");
    }

    @Test
    @DisplayName("12. One poisoned participant or message does not block others")
    void onePoisonedParticipant() {
        try (Participant poisoned = Participant.start()) {
            // The first by itself: there are more than calls that one host may have at once.
            assertEquals(200, WireClient.await(stuck(0, poisoned)).status());
            Awaitility.await().until(() -> !poisoned.calls("stuck-0").isEmpty());
            all(AT_ONCE, i -> stuck(1 + i, poisoned));
            List<WireClient.Answer> answers = all(200, i -> jar.client.posting("submit",
                WaitedResults.submit("free-" + i, "saga", jar.url("yes"))));

            answers.forEach(answer -> assertEquals(200, answer.status(), answer.body()));
            assertEquals("submitted", jar.status("stuck-0"), "the others still hang");
            assertEquals(1, poisoned.calls("stuck-0").size());
        }
    }

    private static CompletableFuture<WireClient.Answer> stuck(int i, Participant poisoned) {
        return jar.client.posting("submit",
            Requests.step("stuck-" + i, "saga", poisoned.url("hang"), "")
                .replaceFirst("\\{", "{\"request_timeout\":60,"));
    }

    @Test
    @DisplayName("Idle connections, more than may be open, keep nobody out")
    void idleConnectionsMakeRoom() {
        List<RawConnection> idle = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS_MAX + 200; i++) {
                idle.add(new RawConnection(jar.client.port()));
            }
            assertEquals(200, jar.client.send("GET", "/api/ping", "").status());
            assertEquals(200, jar.client.send("GET", "/api/health", "").status());
            assertEquals(200, jar.client.post("prepare", Requests.bare("amid", "tcc")).status());
        } finally {
            idle.forEach(RawConnection::close);
        }
    }

    /** 600 of them, 62 headers of 16,000 bytes each, had filled 512 MiB of heap. */
    @Test
    @DisplayName("Heads that never end do not fill the heap")
    void unfinishedHeadsAreBounded() {
        String header = "X-%d: " + "x".repeat(16_000) + "\r\n";
        List<RawConnection> open = new ArrayList<>();
        try {
            for (int i = 0; i < 600; i++) {
                RawConnection each = new RawConnection(jar.client.port());
                open.add(each);
                each.trySend("POST /api/dtmsvr/submit HTTP/1.1\r\nHost: x\r\n");
                for (int j = 0; j < 62 && each.trySend(header.formatted(j)); j++) {
                    assertTrue(jar.process.isAlive());
                }
            }
            assertEquals(200, jar.client.send("GET", "/api/health", "").status());
        } finally {
            open.forEach(RawConnection::close);
        }
        assertEquals(200, jar.client.post("prepare", Requests.bare("after", "tcc")).status());
    }

    @Test
    @DisplayName("17. Metrics cardinality stays bounded")
    void metricsStayFew() {
        many("warm", 10);
        List<Scrape.Sample> before = scrape();

        many("metered", 1_000);

        List<Scrape.Sample> after = scrape();
        // New are at most the series of an outcome that had not occurred before.
        assertTrue(after.size() < before.size() + 100, before.size() + " to " + after.size());
        assertTrue(after.size() < 5_000, "series: " + after.size());
        for (Scrape.Sample each : after) {
            assertTrue(each.labels().values().stream().noneMatch(value ->
                value.contains("metered") || value.contains("127.")), each.toString());
        }
    }

    /** So many gids, hosts, branch ids and paths, none of which comes twice. */
    private static void many(String name, int count) {
        all(count, i -> jar.client.posting("submit", Requests.step(name + "-" + i, "saga",
                "http://127.1." + i / 250 + "." + (1 + i % 250) + ":1/" + name, "")
            .replaceFirst("\\{", "{\"retry_limit\":1,\"wait_result\":true,")));
        all(count, i -> jar.client.posting("prepareWorkflow",
            Requests.bare(name + "-w" + i, "workflow")));
        all(count, i -> jar.client.posting("registerBranch", Requests.branch(
            name + "-w" + i, "workflow", name + "-b" + i, "")
            .replace("\"op\":\"action\"", "\"op\":\"" + name + "-op" + i + "\"")));
        all(count, i -> jar.client.sending("GET", "/" + name + "/" + i, new byte[0]));
        all(count, i -> jar.client.sending("GET", WireClient.API + "query?gid=" + name + "-" + i,
            new byte[0]));
    }

    private static List<Scrape.Sample> scrape() {
        return Scrape.of(jar.client.send("GET", "/api/metrics", "").body());
    }

    /** Sends them {@link #AT_ONCE}; returns the answers in their order. */
    private static List<WireClient.Answer> all(
            int count, IntFunction<CompletableFuture<WireClient.Answer>> request) {
        List<WireClient.Answer> answers = new ArrayList<>();
        for (int from = 0; from < count; from += AT_ONCE) {
            List<CompletableFuture<WireClient.Answer>> open = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + AT_ONCE); i++) {
                open.add(request.apply(i));
            }
            open.forEach(each -> answers.add(WireClient.await(each)));
        }
        return answers;
    }
}
