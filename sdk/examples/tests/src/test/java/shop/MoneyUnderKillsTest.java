package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pactor.client.Pactor;
import io.pactor.client.TransactionView;
import io.pactor.testing.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Customers order while services and coordinator are killed at random, and ask again until they are
 * told what became of it. In the end the books and the money are where the answers say.
 */
class MoneyUnderKillsTest {

    private static final long PRICE = 30;

    /** Each third order costs more than there is, and is refused after the books were reserved. */
    private static final long TOO_MUCH = 2_000_000_000;

    /** One that meets a dead service waits for the coordinator's next attempt: 10 s and more. */
    private static final int CUSTOMERS = 12;
    private static final int ORDERS_MIN = 60;

    private static final int COPIES = 1_000_000;
    private static final long CENTS = 1_000_000_000;

    private static final Duration SETTLED_MAX = Duration.ofSeconds(180);

    private final HttpClient http =
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<Integer, Integer> answers = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();

    @Test
    void nothing_is_booked_twice_and_nothing_is_lost(@TempDir Path dir) throws Exception {
        assumeTrue(PostgresServer.isHere(), "no PostgreSQL here");
        long seed = Long.getLong("seed", System.nanoTime());
        int kills = Integer.getInteger("kills", 4);
        System.out.println("money under kills: seed " + seed + ", " + kills + " kills");
        try (ShopProcesses shop = new ShopProcesses(dir)) {
            shop.fill(COPIES, CENTS);
            ExecutorService customers = Executors.newFixedThreadPool(CUSTOMERS);
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < CUSTOMERS; i++) {
                done.add(customers.submit(() -> order(shop)));
            }
            kill(shop, kills, new Random(seed));
            closing.set(true);
            for (Future<?> each : done) {
                each.get(SETTLED_MAX.toSeconds(), TimeUnit.SECONDS);
            }
            customers.shutdown();
            check(shop);
        }
    }

    private static void kill(ShopProcesses shop, int kills, Random random) {
        List<String> names = shop.killers().keySet().stream().sorted().toList();
        for (int i = 0; i < kills; i++) {
            // Each is killed once before one is killed again.
            String name = names.get(i < names.size() ? i : random.nextInt(names.size()));
            Pause.millis(random.nextInt(2_000));
            System.out.println("kill " + (i + 1) + ": " + name);
            shop.killers().get(name).run();
        }
    }

    private void order(ShopProcesses shop) {
        while (!closing.get() || ids.get() < ORDERS_MIN) {
            int id = ids.incrementAndGet();
            answers.put(id, definite(shop, id));
        }
    }

    /** Asks with the same id until the answer is one. */
    private int definite(ShopProcesses shop, int id) {
        Instant deadline = Instant.now().plus(SETTLED_MAX);
        while (Instant.now().isBefore(deadline)) {
            int status = place(shop, id);
            if (status == 200 || status == 409) {
                return status;
            }
            Pause.millis(100);
        }
        throw new AssertionError("no answer for k" + id);
    }

    private int place(ShopProcesses shop, int id) {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(shop.orders() + "/orders/k" + id))
                .header("Content-Type", "application/json").timeout(Duration.ofSeconds(30))
                .PUT(HttpRequest.BodyPublishers.ofString(
                    "{\"article\":\"book\",\"copies\":1,\"account\":\"ann\",\"cents\":"
                        + (isRefused(id) ? TOO_MUCH : PRICE) + "}")).build(),
                HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isRefused(int id) {
        return id % 3 == 0;
    }

    private void check(ShopProcesses shop) {
        answers.forEach((id, status) -> assertEquals(isRefused(id) ? 409 : 200, status, "k" + id));
        long placed = answers.values().stream().filter(status -> status == 200).count();
        System.out.println(answers.size() + " orders, " + placed + " placed");
        try (Pactor pactor = Pactor.connect(shop.coordinator().baseUrl())) {
            answers.forEach((id, status) -> assertEquals(status == 200 ? "succeed" : "failed",
                settled(pactor, "order-k" + id), "k" + id));
        }
        assertEquals(COPIES - placed, shop.copies());
        assertEquals(CENTS - placed * PRICE, shop.cents());
        // And whoever asks once more is told the same.
        answers.forEach((id, status) -> assertEquals(status, definite(shop, id), "k" + id));
        assertEquals(CENTS - placed * PRICE, shop.cents());
    }

    private static String settled(Pactor pactor, String gid) {
        return pactor.query(gid).map(TransactionView::status).orElse("unknown");
    }
}
