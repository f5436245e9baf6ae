package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import encryption.Key;
import encryption.Keys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pactor.settings.LiveSettings;
import pactor.settings.Settings;
import store.Database;
import store.StoreException;
import store.StoreSettings;
import transaction.BranchInvoker;
import transaction.Bytes;
import transaction.Details;
import transaction.Mode;
import transaction.Options;
import transaction.Outcome;
import transaction.Protocol;
import transaction.Reply;
import transaction.Submission;

/** What a host brings of its own is what the coordinator uses. */
class HostTest {

    private final Queue<String> order = new ConcurrentLinkedQueue<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    private Path dir;

    @Test
    void itsMetersItsKeysAndItsCallsAreUsed() throws Exception {
        Host host = Host.plain().withMeters(registry)
            .withKeys(Keys.of(Key.of("of-the-host", new byte[Key.BYTES])))
            .withCalls(around("inner")).withCalls(around("outer"))
            .withCalls(inner -> call -> call.url().startsWith("http://made.up/")
                ? CompletableFuture.completedFuture(Outcome.SUCCESS) : inner.invoke(call));
        ActorSystem<Void> system = system();
        try {
            Pactor pactor = get(Pactor.start(
                system, LiveSettings.fixed(Settings.of(system.settings().config())), host).ready());

            assertEquals(Reply.DONE, get(pactor.coordinator().submit(
                saga("made-up", "http://made.up/reserve", true))));
            assertEquals(List.of(), List.copyOf(order));
            assertEquals(1.0, registry.get("pactor.transactions.started").counter().count());

            assertEquals(Reply.DONE, get(pactor.coordinator().submit(
                saga("refused", "http://127.0.0.1:1/reserve", false))));
            await().until(() -> order.size() >= 2);
            assertEquals(List.of("outer", "inner"), order.stream().limit(2).toList());
        } finally {
            system.terminate();
            get(system.getWhenTerminated());
        }
        String refused = assertThrows(StoreException.class, () -> Database.open(
            StoreSettings.at("jdbc:h2:file:" + dir.resolve("pactor") + ";WRITE_DELAY=0"),
            Host.plain().meter())).getMessage();
        assertTrue(refused.contains("encryption key of-the-host"), refused);
    }

    @Test
    void nothingOfItIsNull() {
        Host plain = Host.plain();
        assertThrows(NullPointerException.class, () -> new Host(plain.meter(), null));
        assertThrows(NullPointerException.class, () -> plain.withMeters(null));
        assertThrows(NullPointerException.class, () -> plain.withKeys(null));
        assertTrue(plain.meter().scrape().isEmpty());
    }

    private UnaryOperator<BranchInvoker> around(String name) {
        return inner -> call -> {
            order.add(name);
            return inner.invoke(call);
        };
    }

    private static Submission saga(String gid, String url, boolean waits) {
        return new Submission(gid, Mode.SAGA,
            List.of(new Submission.Step(url, "", Bytes.utf8("{}"))), "", Protocol.HTTP, "",
            Details.PLAIN, new Options(waits, 0, 0, 0, 0, 0, Map.of(), false));
    }

    private ActorSystem<Void> system() {
        Config config = ConfigFactory.parseString("""
            pekko.actor.provider = cluster
            pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            pekko.loglevel = ERROR
            pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
            pactor.store.data-dir = "%s"
            """.formatted(dir)).withFallback(ConfigFactory.defaultReference());
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "host", config.resolve());
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        return system;
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
