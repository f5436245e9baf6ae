package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A node of three makes ids of transactions that live on it, so no other node has to be asked. */
class OwnShardsTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void aNewGidIsOfTheNodeThatMadeIt() {
        try (LocalCluster cluster = new LocalCluster()) {
            Server first = cluster.add();
            Server second = cluster.add();
            Server third = cluster.add();
            cluster.answer.set(500); // They wait, so that the query tells where they live.
            for (int i = 0; i < 300; i++) {
                submit(cluster, first, "some-" + i);
            }
            for (Server node : new Server[] {second, third}) {
                String here = LocalCluster.address(node).hostPort().replaceAll(".*@", "");
                await().atMost(SOON).untilAsserted(() ->
                    assertEquals(20, IntStream.range(0, 20).filter(i ->
                        home(cluster, node).contains("\"node\":\"" + here + "\"")).count()));
            }
        }
    }

    private static String home(LocalCluster cluster, Server node) {
        String gid = cluster.get(node, "/api/dtmsvr/newGid").body()
            .replaceAll(".*\"gid\":\"([^\"]+)\".*", "$1");
        submit(cluster, node, gid);
        return cluster.get(node, "/api/dtmsvr/query?gid=" + gid).body();
    }

    private static void submit(LocalCluster cluster, Server node, String gid) {
        assertEquals(200, cluster.post(node, "/api/dtmsvr/submit", """
            {"gid":"%s","trans_type":"saga","steps":[{"action":"%s"}],"payloads":["{}"]}
            """.formatted(gid, cluster.participant())).statusCode());
    }
}
