package docs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import pactor.Pactor;
import transaction.Bytes;
import transaction.Details;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Reply;
import transaction.Submission;

/** A shop whose own actor system runs the coordinator. */
final class Shop {

    final ActorSystem<Void> system;
    final Pactor pactor;

    Shop(Path dataDir) {
        system = system(dataDir);
        pactor = Pactor.start(system); // Blocks while it opens the database.
        pactor.failed().thenAccept(failure ->
            system.log().error("the coordinator has stopped: {}", failure.getMessage()));
    }

    /** Takes the goods and charges the purse, or does neither. */
    CompletionStage<Reply> order(String gid, String services) {
        List<Submission.Step> steps = List.of(
            new Submission.Step(services + "/stock/take", services + "/stock/give-back",
                Bytes.utf8("{\"sku\":7}")),
            new Submission.Step(services + "/purse/charge", services + "/purse/refund",
                Bytes.utf8("{\"price\":30}")));
        boolean waits = true; // The reply comes at the end of the saga, not at the beginning.
        Options options = new Options(waits, 0, 0, 0, 0, 0, Map.of(), false);
        Submission saga = new Submission(
            gid, Mode.SAGA, steps, "", Protocol.HTTP, "", Details.PLAIN, options);
        return pactor.ready().thenCompose(ready -> ready.coordinator().submit(saga));
    }

    /** Stops the coordinator; the actor system goes on. */
    CompletionStage<Done> stop() {
        return pactor.stop();
    }

    static ActorSystem<Void> system(Path dataDir) {
        Config config = ConfigFactory.parseString(String.join("\n",
                "pekko.actor.provider = cluster",
                "pekko.remote.artery.canonical { hostname = \"127.0.0.1\", port = 0 }",
                "pactor.store.data-dir = \"" + dataDir + "\""))
            .withFallback(ConfigFactory.defaultReference());
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "shop", config);
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        return system;
    }
}
