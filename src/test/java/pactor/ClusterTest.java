package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Three nodes in one JVM: whoever is asked, the transaction is the same. */
class ClusterTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void whatOneNodeTookInAnotherFinishesWhenItIsGone() throws Exception {
        try (LocalCluster cluster = new LocalCluster()) {
            Server first = cluster.add();
            Server second = cluster.add();
            Server third = cluster.add();
            cluster.answer.set(500);
            for (int i = 0; i < 30; i++) {
                assertEquals(200, cluster.post(second, "/api/dtmsvr/submit", """
                    {"gid":"moved-%d","trans_type":"saga",
                     "steps":[{"action":"%s"}],"payloads":["{}"]}
                    """.formatted(i, cluster.participant())).statusCode());
            }
            for (int i = 0; i < 30; i++) {
                assertTrue(cluster.get(third, "/api/dtmsvr/query?gid=moved-" + i).body()
                    .contains("\"submitted\""));
            }
            cluster.down(second, first);
            ExecutionException gone = assertThrows(ExecutionException.class,
                () -> second.terminated().toCompletableFuture().get(20, TimeUnit.SECONDS));
            assertTrue(gone.getMessage().contains("went on without "), gone.getMessage());
            cluster.answer.set(200);
            for (int i = 0; i < 30; i++) {
                String query = "/api/dtmsvr/query?gid=moved-" + i;
                Server asked = i % 2 == 0 ? first : third;
                await().atMost(SOON).until(
                    () -> cluster.get(asked, query).body().contains("\"succeed\""));
            }
        }
    }
}
