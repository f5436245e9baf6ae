package cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Three processes: the others know of a killed one before its heartbeats are missed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KilledNodeIT {

    private static final int CLIENTS = 32;

    /** Half a second, and what a busy machine may add; it was {@code wait-within}, 30 s. */
    private static final Duration ANSWERED_MAX = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What the probe says. */
    private static final String GONE = "has ended: it takes no connections";

    /** What Pekko says. */
    private static final String UNREACHABLE = "Marking node as UNREACHABLE";

    @TempDir
    private static Path dir;

    private static Nodes nodes;

    @BeforeAll
    static void start() {
        nodes = new Nodes(dir, 3);
    }

    @AfterAll
    static void stop() {
        if (nodes != null) {
            nodes.close();
        }
    }

    @Test
    @Order(1)
    void aKilledProcessIsOutOfReachAtOnce() {
        assertEquals(0, said(nodes.node(1), UNREACHABLE) + said(nodes.node(2), UNREACHABLE));
        long killed = System.nanoTime();
        nodes.node(0).killHard();
        await().pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).until(
            () -> said(nodes.node(1), UNREACHABLE) + said(nodes.node(2), UNREACHABLE) > 0);
        Duration took = Duration.ofNanos(System.nanoTime() - killed);
        System.out.println("killed: out of reach after " + took.toMillis() + " ms");
        await().atMost(PATIENCE).until(
            () -> said(nodes.node(1), GONE) == 1 && said(nodes.node(2), GONE) == 1);
        nodes.node(0).restart();
    }

    @Test
    @Order(2)
    void aProcessThatStandsStillIsNotTakenForDead() throws Exception {
        CoordinatorProcess stopped = nodes.node(2);
        long unreachable = said(nodes.node(1), UNREACHABLE);
        long gone = said(nodes.node(1), GONE);
        signal("STOP", stopped);
        await().atMost(PATIENCE).until(() -> said(nodes.node(1), UNREACHABLE) > unreachable);
        assertEquals(gone, said(nodes.node(1), GONE));
        signal("CONT", stopped);
    }

    /** Each saga finishes, with nothing worse than to be asked for again. */
    @Test
    @Order(3)
    void noClientOfTheOthersWaitsForAKilledNode() {
        try (WaitingBranches branches = new WaitingBranches()) {
            branches.sayYes();
            CoordinatorProcess dead = nodes.node(0);
            List<PatientClient> clients = IntStream.range(0, CLIENTS).mapToObj(i ->
                new PatientClient("beside-" + i, List.of(nodes.node(1), nodes.node(2)),
                    branches.url())).toList();
            awaitMore(clients);
            long killed = System.nanoTime();
            dead.killHard();
            awaitMore(clients);
            dead.restart();
            awaitMore(clients);
            clients.forEach(PatientClient::close);
            assertEquals(List.of(),
                clients.stream().flatMap(client -> client.wrong().stream()).toList());
            PatientClient waited = clients.stream()
                .max(Comparator.comparing(PatientClient::slowest)).orElseThrow();
            Duration slowest = waited.slowest();
            System.out.println("killed beside " + CLIENTS + " clients: slowest answer "
                + slowest.toMillis() + " ms, longest silence of all "
                + silence(clients, killed).toMillis() + " ms, repeated "
                + clients.stream().mapToInt(PatientClient::repeated).sum() + " of "
                + clients.stream().mapToInt(client -> client.answeredAt().size()).sum());
            assertTrue(slowest.compareTo(ANSWERED_MAX) <= 0, "waited for " + slowest
                + ": " + waited.slowestAnswer());
        }
    }

    private static void awaitMore(List<PatientClient> clients) {
        List<Integer> before = clients.stream().map(PatientClient::done).toList();
        await().atMost(PATIENCE.multipliedBy(2)).until(() -> IntStream.range(0, clients.size())
            .allMatch(i -> clients.get(i).done() > before.get(i) + 10
                || !clients.get(i).wrong().isEmpty()));
    }

    /** The longest time after {@code from} in which nobody was answered. */
    private static Duration silence(List<PatientClient> clients, long from) {
        List<Long> answers = clients.stream().flatMap(client -> client.answeredAt().stream())
            .filter(at -> at - from > 0).sorted().toList();
        return Duration.ofNanos(IntStream.range(1, answers.size())
            .mapToLong(i -> answers.get(i) - answers.get(i - 1)).max().orElse(0));
    }

    private static long said(CoordinatorProcess node, String words) {
        return node.log().stream().filter(line -> line.contains(words)).count();
    }

    private static void signal(String name, CoordinatorProcess node) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, String.valueOf(node.pid()))
            .inheritIO().start().waitFor());
    }
}
