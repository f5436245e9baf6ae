package pactor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import database.Ports;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.Test;

/** Nodes that are started before the one that they are to join. */
class SeedNodesTest {

    /** Pekko asks a second time only when the test is long over. */
    private static final String SELDOM = "pekko.cluster.seed-node-timeout = 10 m";

    private static final Duration JOIN_MAX = Duration.ofSeconds(60);

    @Test
    void whoWasTooEarlyJoinsAsSoonAsThereIsACluster() throws Exception {
        int port = Ports.free();
        String seed = "pekko://pactor@127.0.0.1:" + port;
        String database = "jdbc:h2:mem:seeds-" + UUID.randomUUID();
        CompletableFuture<Server> early = CompletableFuture.supplyAsync(
            () -> launch(LocalCluster.config(seed, database, SELDOM)));
        Server first = launch(LocalCluster.config(
            seed, database, "pekko.remote.artery.canonical.port = " + port));
        try {
            Server second = early.get(JOIN_MAX.toSeconds(), TimeUnit.SECONDS);
            assertEquals(2, members(second));
            second.stop().toCompletableFuture().get(JOIN_MAX.toSeconds(), TimeUnit.SECONDS);
        } finally {
            first.stop().toCompletableFuture().get(JOIN_MAX.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static long members(Server server) {
        return StreamSupport.stream(
            Cluster.get(server.system()).state().getMembers().spliterator(), false).count();
    }

    private static Server launch(com.typesafe.config.Config config) {
        return Server.launch(config, LiveSettings.fixed(Settings.of(config)));
    }
}
