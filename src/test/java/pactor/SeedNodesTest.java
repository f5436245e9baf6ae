package pactor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.Config;
import database.Ports;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import pactor.cluster.Node;
import pactor.settings.Settings;

/** A node that is started before the one that it is to join. */
class SeedNodesTest {

    /** Pekko asks a second time only when the test is long over. */
    private static final String SELDOM = "pekko.cluster.seed-node-timeout = 10 m";

    private static final Duration JOIN_MAX = Duration.ofSeconds(60);

    @Test
    void whoWasTooEarlyJoinsAsSoonAsThereIsACluster() throws Exception {
        int port = Ports.free();
        String seed = "pekko://pactor@127.0.0.1:" + port;
        Config later = LocalCluster.config(seed, "jdbc:h2:mem:none", SELDOM);
        Config first = LocalCluster.config(
            seed, "jdbc:h2:mem:none", "pekko.remote.artery.canonical.port = " + port);
        ActorSystem<Void> early = ActorSystem.create(Behaviors.empty(), "pactor", later);
        ActorSystem<Void> seeds = null;
        try {
            CompletableFuture<Node> joining = CompletableFuture.supplyAsync(
                () -> Node.join(early, Settings.of(later)));
            seeds = ActorSystem.create(Behaviors.empty(), "pactor", first);
            Node node = Node.join(seeds, Settings.of(first));
            Set<String> members =
                joining.get(JOIN_MAX.toSeconds(), TimeUnit.SECONDS).members();
            assertEquals(2, members.size(), members::toString);
            assertEquals(2, node.members().size());
        } finally {
            Stream.of(early, seeds).filter(each -> each != null).forEach(ActorSystem::terminate);
        }
    }
}
