package crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import crash.Child.Place;
import crash.Child.Setup;
import database.Databases;
import database.FaultProxy;
import database.PostgresServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import store.Unfinished;

/**
 * Three nodes over one PostgreSQL, each on a host of its own, under load: a kill, partitions (one
 * against two, one way only, coming and going), a node that is stopped between its write and its
 * call and goes on when others have taken over, and a restart of each in turn. Part A7 of the
 * failure model. All the while one node's clock is ten minutes ahead, and another's behind (F-02).
 * Nodes that end themselves are started again, as their supervisor would.
 */
class ClusterFaults {

    private static final int NODES = 3;

    /** Seconds by which the clock of each is wrong. */
    private static final int[] AHEAD = {600, -600, 0};

    private static final int CLUSTER_PORT = 7355;
    private static final String FROZEN = "frozen";
    private static final Duration PARTITION = Duration.ofSeconds(22);
    private static final Duration STOPPED = Duration.ofSeconds(30);
    private static final int FLAPS = 5;

    /** The fence of the stopped node, and its way out, after it goes on. */
    private static final Duration AFTER_RESUMING = Duration.ofSeconds(10);

    /** L2 is 25 s to the first call; initiators need some calls more, and their own time-outs. */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(60);

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final RunRecord record = new RunRecord("cluster", seed)
        .plan("kill", 1).plan("partition 1/2", 1).plan("one-way partition", 1)
        .plan("flapping partition", 1).plan("SIGSTOP between write and call", 1)
        .plan("clock ten minutes off", 2).plan("rolling restart", NODES)
        .planTransactions(300).planAllRules();
    private final List<Child> nodes = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private Namespaces hosts;
    private PostgresServer server;
    private FaultProxy proxy;
    private BankParticipants bank;
    private BankLoad load;
    private Wire wire;
    private Path ticket;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        Databases.server(Databases.POSTGRESQL); // Skipped where there is none.
        boolean possible = Namespaces.canBeMade() && FalseClock.isHere();
        String needs = "they need root, ip and nft (package nftables), and libfaketime";
        if (!possible && System.getenv("CI") != null) {
            throw new AssertionError("no partitions: " + needs);
        }
        assumeTrue(possible, "NO PARTITIONS WERE TESTED: " + needs);
        hosts = new Namespaces(NODES);
        server = new PostgresServer();
        server.start();
        server.create("cluster");
        proxy = new FaultProxy(hosts.here(), server);
        bank = new BankParticipants(BankLoad.ACCOUNTS, hosts.here());
        ticket = home.resolve("stop-once");
        String join = IntStream.range(0, NODES)
            .mapToObj(i -> hosts.address(i) + ":" + CLUSTER_PORT).collect(Collectors.joining(","));
        for (int i = 0; i < NODES; i++) {
            nodes.add(new Child(Files.createDirectory(home.resolve("node" + i)), setup(i, join)));
        }
        wire = new Wire(this::anyNode);
        load = new BankLoad(wire, bank, seed);
    }

    @AfterEach
    void close() throws Exception {
        if (hosts == null) {
            return;
        }
        load.close();
        nodes.forEach(Child::close);
        bank.close();
        proxy.close();
        server.close();
        hosts.close();
    }

    @Test
    void nothingIsLostOrDoneTwiceWhateverHappensToNodesAndTheirLinks() throws Exception {
        nodes.forEach(node -> node.launch(""));
        nodes.forEach(Child::awaitServing);
        for (int i = 0; i < NODES; i++) {
            if (AHEAD[i] != 0 && FalseClock.isAhead(new Wire(nodes.get(i)::uri), AHEAD[i])) {
                record.happened("clock ten minutes off", 1);
            }
        }
        load.start();
        load.awaitSome(30, Duration.ofSeconds(30));

        nodes.get(2).kill();
        settled("kill", 1);
        part("partition 1/2", 0, () -> hosts.isolate(0));
        part("one-way partition", 1, () -> {
            hosts.cut(1, 0);
            hosts.cut(1, 2);
        });
        flap();
        stopBetweenWriteAndCall();
        restartEach();

        load.finish();
        Unfinished.assertAllDue(this::connect);
        record.judged(load.judge(), load.told());
        System.out.println(load);
        record.close();
    }

    private Setup setup(int i, String join) {
        List<String> arguments = new ArrayList<>(Databases.arguments(proxy.url("cluster")));
        arguments.addAll(List.of("--set", "pactor.security.allow-insecure=on",
            "--set", "pactor.security.authentication=off", "--host", hosts.address(i),
            "--cluster-host", hosts.address(i),
            "--cluster-port", String.valueOf(CLUSTER_PORT), "--join", join));
        Map<String, String> environment = new HashMap<>(FalseClock.ahead(AHEAD[i]));
        environment.put(HaltingFailpoints.STOP_VARIABLE, "CP-03@" + FROZEN + "@" + ticket);
        return Setup.lean().withArguments(arguments.toArray(String[]::new))
            .at(new Place(hosts.prefix(i), hosts.address(i), environment));
    }

    /** In turn, as a balancer in front of them would have it. */
    private URI anyNode(String path) {
        return nodes.get(Math.floorMod(turn.getAndIncrement(), NODES)).uri(path);
    }

    /** The database decides which side goes on: the larger as a rule, one and one only always. */
    private void part(String kind, int one, Runnable cut) {
        cut.run();
        LockSupport.parkNanos(PARTITION.toNanos());
        boolean oneLives = nodes.get(one).isAlive();
        List<Boolean> othersLive = IntStream.range(0, NODES).filter(i -> i != one)
            .mapToObj(i -> nodes.get(i).isAlive()).distinct().toList();
        if (!othersLive.equals(List.of(!oneLives))) {
            record.violated("F6 not one side alone went on after " + kind + ": the node by itself"
                + (oneLives ? " lives" : " has ended") + ", the others live: " + othersLive);
        }
        hosts.heal();
        settled(kind, 1);
    }

    private void flap() {
        for (int i = 0; i < FLAPS; i++) {
            hosts.isolate(2);
            LockSupport.parkNanos(2_000_000_000L);
            hosts.heal();
            LockSupport.parkNanos(1_500_000_000L);
        }
        settled("flapping partition", 1);
    }

    /** S8, C13: what was decided before is not sent after others have gone on. */
    private void stopBetweenWriteAndCall() throws Exception {
        Files.createFile(ticket);
        wire.tell("submit", Crowd.saga(FROZEN, 1, bank.url("/receipt")));
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (Files.exists(ticket) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(5_000_000);
        }
        LockSupport.parkNanos(STOPPED.toNanos());
        List<Receipt> before = bank.receipts(FROZEN);
        if (!Files.exists(ticket) && !before.isEmpty()) {
            record.happened("SIGSTOP between write and call", 1);
        }
        for (Child node : nodes) {
            new ProcessBuilder("kill", "-CONT", String.valueOf(node.pid())).start().waitFor();
        }
        LockSupport.parkNanos(AFTER_RESUMING.toNanos());
        if (bank.receipts(FROZEN).size() > before.size()) {
            record.violated("C13 a node that was given up for dead called all the same: "
                + bank.receipts(FROZEN));
        }
        settled("SIGSTOP", 0);
    }

    private void restartEach() {
        for (Child node : nodes) {
            node.stop();
            node.launch("");
            node.awaitServing();
            record.happened("rolling restart", 1);
            load.awaitSome(5, Duration.ofSeconds(5));
        }
    }

    /** Starts again whoever has ended, and waits until each initiator gets through. */
    private void settled(String kind, int count) {
        long from = System.nanoTime();
        boolean isBack = load.awaitEach(BACK_WITHIN);
        record.stoodStill(kind, (System.nanoTime() - from) / 1_000_000);
        if (!isBack) {
            record.violated("L2 not every initiator got through after " + kind);
        }
        for (Child node : nodes) {
            if (!node.isAlive()) {
                record.happened("restart of a node that had ended", 1);
                node.launch("");
            }
        }
        nodes.forEach(Child::awaitServing);
        if (count > 0) {
            record.happened(kind, count);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(server.url("cluster"), server.user(), server.user());
    }
}
