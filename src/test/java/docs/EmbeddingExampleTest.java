package docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pactor.Pactor;
import transaction.Bytes;
import transaction.Details;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Reply;
import transaction.Submission;

/** The code of docs/embedding.md, which {@link DocsTest} compares with this file. */
class EmbeddingExampleTest {

    @TempDir
    private Path dir;

    @Test
    void aHostRunsASagaToItsEnd() throws Exception {
        HttpServer shop = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> called = new CopyOnWriteArrayList<>();
        List<String> troubles = new CopyOnWriteArrayList<>();
        shop.createContext("/", exchange -> {
            called.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        shop.start();
        ActorSystem<Void> system = host(dir);
        try {
            Submission order = order("order-1", "http://127.0.0.1:" + shop.getAddress().getPort());
            Pactor pactor = Pactor.start(system);
            CompletionStage<Reply> reply = pactor.ready().thenCompose(
                ready -> ready.coordinator().submit(order));
            pactor.failed().thenAccept(failure -> troubles.add(failure.getMessage()));

            assertEquals(Reply.DONE, within(reply));
            assertEquals(List.of("/stock/take", "/purse/charge"), called);
            assertThrows(IllegalStateException.class, () -> Pactor.start(system));
            within(pactor.stop());
            assertEquals(List.of(), troubles);
        } finally {
            system.terminate();
            within(system.getWhenTerminated());
            shop.stop(0);
        }
    }

    /** The host's own system. */
    static ActorSystem<Void> host(Path dataDir) {
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

    static Submission order(String gid, String shop) {
        List<Submission.Step> steps = List.of(
            new Submission.Step(shop + "/stock/take", shop + "/stock/give-back",
                Bytes.utf8("{\"sku\":7}")),
            new Submission.Step(shop + "/purse/charge", shop + "/purse/refund",
                Bytes.utf8("{\"price\":30}")));
        boolean waits = true; // The reply comes at the end of the saga, not at the beginning.
        Options options = new Options(waits, 0, 0, 0, 0, 0, Map.of(), false);
        return new Submission(
            gid, Mode.SAGA, steps, "", Protocol.HTTP, "", Details.PLAIN, options);
    }

    private static <T> T within(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
