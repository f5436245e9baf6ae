package cluster;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import client.CoordinatorProcess.Launch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Three processes over one PostgreSQL: what becomes of transactions whose node goes. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ThreeNodesIT {

    private static final int WAITING = 120;


    @TempDir
    private static Path dir;

    private static Nodes nodes;
    private static WaitingBranches branches;

    @BeforeAll
    static void start() {
        branches = new WaitingBranches();
        nodes = new Nodes(dir, 3);
    }

    @AfterAll
    static void stop() {
        if (nodes != null) {
            nodes.close();
        }
        branches.close();
    }

    @Test
    @Order(1)
    void anotherClusterOverTheSameDatabaseIsRefused() {
        refused(nodes.aloneArguments(), "which is not in the cluster of this node");
    }

    @Test
    @Order(2)
    void aNodeWithAnotherNumberOfShardsIsRefused() {
        List<String> arguments = new ArrayList<>(nodes.arguments(database.Ports.free()));
        arguments.addAll(List.of("--set", "pactor.coordinator.shards=64"));
        refused(arguments, "pactor.coordinator.shards");
    }

    @Test
    @Order(3)
    void theTransactionsOfAKilledNodeGoOnElsewhere() throws Exception {
        WaitingSagas sagas = new WaitingSagas("waiting", branches);
        sagas.submit(nodes.all(), WAITING);
        branches.watch();
        nodes.node(0).killHard();
        sagas.assertCalledSoon("the oldest of three was killed");
        nodes.node(0).restart();
        sagas.endAll(nodes.node(0));
    }

    @Test
    @Order(4)
    void aNodeThatWasStoppedForTooLongEndsWhenItGoesOn() throws Exception {
        CoordinatorProcess stopped = nodes.node(1);
        String before = Instant.now().toString();
        signal("STOP", stopped);
        await().atMost(Duration.ofSeconds(30)).until(() -> nodes.all().stream().anyMatch(
            node -> node.log().stream().anyMatch(line ->
                line.contains("took decision AcquireLeaseAndDownUnreachable")
                    && !line.contains("downing []") && line.compareTo(before) > 0)));
        signal("CONT", stopped);
        assertEquals(1, stopped.awaitExit(Duration.ofSeconds(20)));
        assertEquals(1, stopped.log().stream()
            // Its row tells it, or the cluster, whichever it hears first.
            .filter(line -> line.startsWith("pactor: ") && line.contains("went on without "))
            .count(), () -> String.join("\n", stopped.log()));
        stopped.restart();
    }

    @Test
    @Order(5)
    void aRollingRestartShowsClientsNothingWorseThanToAskAgain() {
        branches.sayYes();
        List<PatientClient> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            clients.add(new PatientClient("rolling-" + i, nodes.all(), branches.url()));
        }
        try {
            await().until(() -> clients.stream().allMatch(client -> client.done() > 3));
            for (CoordinatorProcess node : nodes.all()) {
                assertEquals(143, node.stop());
                node.restart();
            }
            int before = clients.stream().mapToInt(PatientClient::done).sum();
            await().until(
                () -> clients.stream().mapToInt(PatientClient::done).sum() > before + 20);
        } finally {
            clients.forEach(PatientClient::close);
        }
        assertEquals(List.of(),
            clients.stream().flatMap(client -> client.wrong().stream()).toList());
        System.out.println("rolling: done "
            + clients.stream().mapToInt(PatientClient::done).sum() + ", repeated "
            + clients.stream().mapToInt(PatientClient::repeated).sum());
    }

    /** One more process, which is to say why it does not start, and end with 1. */
    private static void refused(List<String> arguments, String because) {
        String said = "";
        try {
            CoordinatorProcess.start(Launch.in(dir.resolve("other"))
                .withJvm("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m")
                .withArguments(arguments.toArray(String[]::new))).close();
        } catch (IllegalStateException ended) {
            said = ended.getMessage();
        }
        String all = said;
        assertTrue(all.lines().anyMatch(
            line -> line.contains("pactor: ") && line.contains(because)), all);
        assertTrue(all.contains("(exit code 1)"), all);
    }

    private static void signal(String name, CoordinatorProcess node) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, String.valueOf(node.pid()))
            .inheritIO().start().waitFor());
    }
}
