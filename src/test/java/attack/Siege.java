package attack;

import client.CoordinatorProcess;
import client.LiveHeap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** The jar, all attacks on it at one time, and honest clients beside them. */
final class Siege implements AutoCloseable {

    /** Until all has come to its end, and the node is healthy, once the strangers have left. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(10);

    private final CoordinatorProcess node;
    private final Branches branches = new Branches();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Map<String, Integer> rounds = new ConcurrentHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();

    /**
     * What came of it.
     *
     * @param lost honest transactions that did not come to their right end, once each
     * @param rounds of each attack
     * @param isWell the process lives, is healthy, and nothing ran out of memory
     * @param logBytes without the lines of honest transactions
     * @param heapMib what is reachable at the end
     * @param rssMib the most memory the process had
     */
    record Outcome(Clients clients, List<String> lost, Map<String, Integer> rounds, boolean isWell,
        long logBytes, long heapMib, long rssMib, double seconds) {}

    /** Starts the jar on an empty directory. */
    Siege(Path dir, String... jvm) {
        node = CoordinatorProcess.start(CoordinatorProcess.Launch.in(dir).withJvm(jvm));
    }

    /**
     * Runs to the end of both. What honest transactions take is measured from the first attack on.
     *
     * @param alone how long the clients are alone before it
     * @param attackGoesOn given the rounds an attack has had, whether there is another one
     * @param clientGoesOn likewise the sagas of a client
     * @param progress hears a line now and then
     */
    Outcome run(Duration alone, IntPredicate attackGoesOn, IntPredicate clientGoesOn,
            Consumer<String> progress) throws IOException, InterruptedException {
        Attack.storeLongTexts(node);
        Clients clients = new Clients(node, branches, clientGoesOn);
        clients.start();
        TimeUnit.MILLISECONDS.sleep(alone.toMillis());
        clients.took.reset();
        long from = System.nanoTime();
        List<Attack> attacks = Attack.on(node, branches);
        List<Thread> attackers = new ArrayList<>();
        for (Attack attack : attacks) {
            Thread thread = new Thread(() -> repeat(attack, attackGoesOn), attack.name());
            thread.setDaemon(true);
            attackers.add(thread);
            thread.start();
        }
        report(clients, attackers, progress);
        double seconds = (System.nanoTime() - from) / 1e9;
        over.countDown();
        attacks.forEach(attack -> attack.held().close());

        List<String> lost = whenAtRest(clients);
        return new Outcome(clients, lost, new TreeMap<>(rounds), isWell(), logBytes(),
            node.isAlive() ? LiveHeap.mib(node.pid()) : 0, memory("VmHWM"), seconds);
    }

    /** What the process printed; for messages. */
    List<String> log() {
        return node.log();
    }

    private void repeat(Attack attack, IntPredicate goesOn) {
        try {
            for (int i = 0; goesOn.test(i) && node.isAlive(); i++) {
                try {
                    attack.round().run();
                } catch (IOException | UncheckedIOException cutOff) {
                    // What this test hopes for.
                }
                rounds.merge(attack.name(), 1, Integer::sum);
                if (over.await(attack.pause().toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until the clients have finished, and every attacker its rounds. */
    private void report(Clients clients, List<Thread> attackers, Consumer<String> progress)
            throws InterruptedException {
        long last = System.nanoTime();
        long before = 0;
        while (clients.isAtWork()
                || node.isAlive() && attackers.stream().anyMatch(Thread::isAlive)) {
            TimeUnit.MILLISECONDS.sleep(100);
            double passed = (System.nanoTime() - last) / 1e9;
            if (passed >= BETWEEN_REPORTS.toSeconds()) {
                progress.accept(("honest %6.0f/s  p99 %8.1f ms  refused %d  cut off %d  rss %d MiB"
                    + "  rounds %s").formatted((clients.finished() - before) / passed,
                    clients.took.getValueAtPercentile(99) / 1e3, clients.refused.sum(),
                    clients.cut.sum(), memory("VmRSS"), new TreeMap<>(rounds)));
                last = System.nanoTime();
                before = clients.finished();
            }
        }
    }

    /** What is lost when all has had its time to come to an end, and the node to be healthy. */
    private List<String> whenAtRest(Clients clients) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> lost = List.of("nothing is known");
        while (node.isAlive() && System.nanoTime() < deadline) {
            try {
                lost = clients.lost();
                if (lost.isEmpty() && isHealthy()) {
                    return lost;
                }
            } catch (IOException notYet) {
                lost = List.of(notYet.toString());
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
        return lost;
    }

    private boolean isWell() throws InterruptedException {
        try {
            return node.isAlive() && isHealthy()
                && node.log().stream().noneMatch(line -> line.contains("OutOfMemory"));
        } catch (IOException silent) {
            return false;
        }
    }

    private boolean isHealthy() throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(node.uri("/api/health"))
            .timeout(Duration.ofSeconds(10)).build(),
            HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }

    private long logBytes() {
        return node.log().stream().filter(line -> !line.contains(" TransactionLog "))
            .mapToLong(line -> line.length() + 1).sum();
    }

    /** MiB, by what Linux says of the process; 0 if it does not. */
    private long memory(String what) {
        try {
            return Files.readAllLines(Path.of("/proc/" + node.pid() + "/status")).stream()
                .filter(line -> line.startsWith(what)).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10).orElse(0L);
        } catch (IOException gone) {
            return 0;
        }
    }

    @Override
    public void close() {
        over.countDown();
        node.close();
        branches.close();
    }
}
