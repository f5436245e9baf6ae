package docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pactor.Pactor;
import transaction.Reply;

/** Runs {@link Shop}, the code of docs/embedding.md. */
class EmbeddingExampleTest {

    @TempDir
    private Path dir;

    @Test
    void aHostRunsASagaToItsEnd() throws Exception {
        HttpServer services = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> called = new CopyOnWriteArrayList<>();
        services.createContext("/", exchange -> {
            called.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        services.start();
        Shop shop = new Shop(dir);
        try {
            CompletionStage<Reply> reply = shop.order(
                "order-1", "http://127.0.0.1:" + services.getAddress().getPort());

            assertEquals(Reply.DONE, within(reply));
            assertEquals(List.of("/stock/take", "/purse/charge"), called);
            assertThrows(IllegalStateException.class, () -> Pactor.start(shop.system));
            within(shop.stop());
            assertFalse(shop.pactor.failed().toCompletableFuture().isDone());
        } finally {
            shop.system.terminate();
            within(shop.system.getWhenTerminated());
            services.stop(0);
        }
    }

    @Test
    void aHostHasCountersOfItsOwn() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ActorSystem<Void> system = Shop.system(dir);
        try {
            within(MeteredShop.start(system, registry).ready());
            assertFalse(registry.getMeters().isEmpty());
        } finally {
            system.terminate();
            within(system.getWhenTerminated());
        }
    }

    private static <T> T within(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
