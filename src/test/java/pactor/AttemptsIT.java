package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import client.CoordinatorProcess.Launch;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator is killed in the middle of many retries; what its calls brought is there. */
class AttemptsIT {

    private static final int SAGAS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String PIN = "51d2c0";
    private static final String HEADER = "77ab10";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final AtomicInteger all = new AtomicInteger();
    private volatile boolean well;

    @TempDir
    private Path dir;

    @Test
    void whatCallsBroughtSurvivesKills() throws Exception {
        HttpServer participant = participant();
        try (CoordinatorProcess server = CoordinatorProcess.start(launch())) {
            for (int i = 0; i < SAGAS; i++) {
                submit(server, "g" + i, participant.getAddress().getPort());
            }
            int kills = 2;
            for (int kill = 0; kill < kills; kill++) {
                int before = all.get();
                await().atMost(PATIENCE).until(() -> all.get() >= before + 3 * SAGAS);
                server.killHard();
                server.restart();
            }
            well = true;
            for (int i = 0; i < SAGAS; i++) {
                String gid = "g" + i;
                await().atMost(PATIENCE).until(() -> get(server,
                    "/api/v1/transactions/" + gid).get("status").asText().equals("succeed"));
                assertAsCalled(gid, attempts(server, gid), kills);
            }
            server.killHard();
        } finally {
            participant.stop(0);
        }
    }

    /** A call counts once it is written that it came back, and then it is here, too. */
    private void assertAsCalled(String gid, List<JsonNode> kept, int kills) {
        int made = calls.get(gid).get();
        assertTrue(kept.size() <= made && kept.size() >= made - kills,
            gid + " was called " + made + " times: " + kept);
        for (int i = 0; i < kept.size(); i++) {
            JsonNode each = kept.get(i);
            boolean isLast = i == kept.size() - 1;
            assertEquals(i + 1, each.get("attempt").asInt(), kept.toString());
            assertEquals(isLast ? "success" : "unknown", each.get("outcome").asText());
            assertEquals(isLast ? "200 OK" : "503 Service Unavailable",
                each.get("status_line").asText());
            if (!isLast) {
                String request = each.get("request").asText();
                assertTrue(request.contains("x-token: ***"), request);
                assertTrue(request.endsWith("\n\n{\"pin\":\"***\",\"amount\":30}"), request);
                assertEquals("{\"pin\":\"***\",\"why\":\"busy\"}", each.get("answer").asText());
            }
        }
    }

    private List<JsonNode> attempts(CoordinatorProcess server, String gid) throws Exception {
        List<JsonNode> attempts = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = get(server, "/api/v1/transactions/" + gid + "/attempts?limit=3"
                + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            page.get("items").forEach(attempts::add);
            assertEquals("[]", page.get("skipped").toString());
            cursor = page.get("next").isNull() ? "" : page.get("next").asText();
        } while (!cursor.isEmpty());
        // Calls that were put off are told of without a number.
        attempts.removeIf(each -> each.get("attempt").isNull());
        return attempts;
    }

    private Launch launch() {
        return Launch.in(dir.resolve("data")).withJvm("-Xmx256m", "-XX:TieredStopAtLevel=1")
            .withArguments("--set", "pactor.transaction.retry-interval=1 s",
                "--set", "pactor.transaction.retry-interval-max=1 s",
                "--set", "pactor.calls.retry.per-second=10000",
                "--set", "pactor.calls.retry.burst=10000",
                "--set", "pactor.calls.retry.burst-max=10000");
    }

    private void submit(CoordinatorProcess server, String gid, int port) throws Exception {
        String saga = """
            {"gid": "%s", "trans_type": "saga", "branch_headers": {"x-token": "%s"},
             "steps": [{"action": "http://127.0.0.1:%d/pay", "compensate": ""}],
             "payloads": ["{\\"pin\\":\\"%s\\",\\"amount\\":30}"]}"""
            .formatted(gid, HEADER, port, PIN);
        HttpResponse<String> sent = http.send(
            HttpRequest.newBuilder(server.uri("/api/dtmsvr/submit"))
                .POST(HttpRequest.BodyPublishers.ofString(saga)).build(),
            HttpResponse.BodyHandlers.ofString());
        assertEquals(200, sent.statusCode(), sent.body());
    }

    private JsonNode get(CoordinatorProcess server, String path) throws Exception {
        HttpResponse<String> answer = http.send(
            HttpRequest.newBuilder(server.uri(path)).build(),
            HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        return new ObjectMapper().readTree(answer.body());
    }

    private HttpServer participant() throws IOException {
        HttpServer server = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                String gid = exchange.getRequestURI().getQuery().replaceAll(
                    ".*gid=([^&]*).*", "$1");
                calls.computeIfAbsent(gid, first -> new AtomicInteger()).incrementAndGet();
                byte[] said = ("{\"pin\":\"" + PIN + "\",\"why\":\"busy\"}")
                    .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(well ? 200 : 503, said.length);
                exchange.getResponseBody().write(said);
                all.incrementAndGet();
            }
        });
        server.start();
        return server;
    }
}
