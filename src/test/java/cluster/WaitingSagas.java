package cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sagas whose branch is at work for as long as the test wants; each is called every second. */
final class WaitingSagas {

    /**
     * From the death of a node to the first call of each of its transactions: 7 s on a machine
     * that is free, and more for one on which all nodes and the tests share two cores.
     */
    static final Duration FAIL_OVER_MAX = Duration.ofSeconds(12);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String prefix;
    private final WaitingBranches branches;
    private int count;

    /** @param prefix of the gids */
    WaitingSagas(String prefix, WaitingBranches branches) {
        this.prefix = prefix;
        this.branches = branches;
    }

    /** Submits so many at these nodes in turn, and waits until each has been called. */
    void submit(List<CoordinatorProcess> nodes, int wanted) throws Exception {
        count = wanted;
        branches.sayAtWork();
        for (int i = 0; i < count; i++) {
            HttpResponse<String> response = post(nodes.get(i % nodes.size()), """
                {"gid":"%s-%d","trans_type":"saga","retry_interval":1,
                 "steps":[{"action":"%s"}],"payloads":["{}"]}"""
                .formatted(prefix, i, branches.url()));
            assertEquals(200, response.statusCode(), response.body());
        }
        await().until(() -> branches.callers() == count);
    }

    /** A node has just gone: none of them is left alone for long. */
    void assertCalledSoon(String because) {
        long gone = System.nanoTime();
        // Each has been called twice since, so the gap is over.
        await().atMost(Duration.ofSeconds(60)).until(
            () -> branches.allCalledSince(gone + TimeUnit.SECONDS.toNanos(1)));
        Duration gap = branches.longestGap();
        System.out.println(because + ": left alone for at most " + gap.toMillis() + " ms");
        assertTrue(gap.compareTo(FAIL_OVER_MAX) <= 0, because + ": left alone for " + gap);
    }

    /** Lets them end, and waits until {@code asked} knows that each has. */
    void endAll(CoordinatorProcess asked) {
        branches.sayYes();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            for (int i = 0; i < count; i++) {
                if (!get(asked, "/api/dtmsvr/query?gid=" + prefix + "-" + i).body()
                        .contains("\"status\":\"succeed\"")) {
                    return false;
                }
            }
            return true;
        });
    }

    static HttpResponse<String> get(CoordinatorProcess node, String path)
            throws IOException, InterruptedException {
        return HTTP.send(
            HttpRequest.newBuilder(node.uri(path)).timeout(Duration.ofSeconds(20)).build(),
            HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(CoordinatorProcess node, String body)
            throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(
            node.uri("/api/dtmsvr/submit")).POST(HttpRequest.BodyPublishers.ofString(body))
            .build(), HttpResponse.BodyHandlers.ofString());
    }
}
