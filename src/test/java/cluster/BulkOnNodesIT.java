package cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import client.CoordinatorProcess;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bulk operation outlives the node that carries it out, whichever of two it is. */
class BulkOnNodesIT {

    private static final int COUNT = 1_200;

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path dir;

    private static Nodes nodes;

    @BeforeAll
    static void start() {
        nodes = new Nodes(dir, 2);
    }

    @AfterAll
    static void stop() {
        if (nodes != null) {
            nodes.close();
        }
    }

    @Test
    void each_of_the_nodes_is_killed_meanwhile() throws Exception {
        for (int i = 0; i < COUNT; i++) {
            ask(nodes.node(i % 2), "POST", "/api/dtmsvr/prepare",
                "{\"gid\":\"g" + i + "\",\"trans_type\":\"tcc\",\"timeout_to_fail\":3600}");
        }
        ask(nodes.node(1), "POST", "/api/v1/bulk", "{\"action\":\"stop\",\"outcome\":\"failed\","
            + "\"id\":\"b\",\"reason\":\"why\",\"expect\":" + COUNT
            + ",\"filter\":{\"gid_prefix\":\"g\"}}");

        awaitDone(1, COUNT / 6);
        nodes.node(0).killHard();
        awaitDone(1, COUNT / 3);
        nodes.node(0).restart();
        nodes.node(1).killHard();
        awaitDone(0, COUNT);

        JsonNode end = ask(nodes.node(0), "GET", "/api/v1/bulk/b", "");
        assertEquals("finished", end.get("state").asText(), end.toString());
        assertEquals(COUNT, end.get("succeeded").asInt(), end.toString());
        assertEquals("[]", ask(nodes.node(0), "GET",
            "/api/v1/transactions?unfinished=true", "").get("items").toString());
    }

    private static void awaitDone(int node, int count) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            JsonNode it = ask(nodes.node(node), "GET", "/api/v1/bulk/b", "");
            return COUNT - it.get("remaining").asInt() >= count;
        });
    }

    private static JsonNode ask(CoordinatorProcess node, String method, String path, String body)
            throws Exception {
        HttpResponse<String> answer = HTTP.send(HttpRequest.newBuilder(node.uri(path))
            .timeout(Duration.ofSeconds(20))
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
            HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        return new ObjectMapper().readTree(answer.body());
    }
}
