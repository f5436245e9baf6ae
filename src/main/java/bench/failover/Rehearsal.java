package bench.failover;

import bench.failover.Chronicle.Mark;
import bench.failover.Chronicle.Moment;
import bench.failover.Scenario.Victim;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Plays one scenario from the start of the nodes to their end. The calling thread keeps the clock;
 * it is blocked for as long as that takes.
 */
final class Rehearsal implements AutoCloseable {

    private static final long LOOK_MILLIS = 20;

    /** Shards move for some while after a node has come; then it goes on all the same. */
    static final Duration REST_WITHIN = Duration.ofSeconds(90);

    /** What is kept of the time before the event, to compare with. */
    static final Duration BEFORE = Duration.ofSeconds(3);

    private static final Duration CALLED_WITHIN = Duration.ofSeconds(300);

    private final Scenario scenario;
    private final Nodes nodes;
    private final DatabaseOutage outage;
    private final Optional<Long> databasePid;
    private final PrintWriter progress;
    private final Chronicle chronicle;
    private final Lookout lookout;
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory("failover-load", true), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final AtomicReference<Homes> homes = new AtomicReference<>(Homes.UNKNOWN);
    private final AtomicReference<IntConsumer> firstCalls = new AtomicReference<>(number -> { });
    private final String prefix = "failover-" + Long.toString(
        ThreadLocalRandom.current().nextLong(1L << 40), Character.MAX_RADIX) + "-";
    /** Never opened: only waited at, with a time limit. */
    private final CountDownLatch pause = new CountDownLatch(1);

    /**
     * What was seen, and what the processes used.
     *
     * @param seconds of the observation
     * @param nodesCpu of all nodes together in that time
     * @param databaseCpu of the database, if it could be told
     * @param load of the machine in the last minute of the observation
     */
    record Seen(Chronicle chronicle, Lookout.LogCount logs, int victim, double seconds,
            Duration nodesCpu, Optional<Duration> databaseCpu, double load) {}

    /** @param outage takes the database away and brings it back */
    Rehearsal(Scenario scenario, Nodes nodes, DatabaseOutage outage, Optional<Long> databasePid,
            PrintWriter progress) {
        this.scenario = scenario;
        this.nodes = nodes;
        this.outage = outage;
        this.databasePid = databasePid;
        this.progress = progress;
        this.chronicle = new Chronicle(scenario.waiting());
        this.lookout = new Lookout(chronicle);
    }

    /** Plays it. @throws IllegalStateException if it cannot be played, with the reason in words */
    Seen play() throws InterruptedException {
        startNodes();
        if (scenario.event() == Fault.START) {
            return seen(-1, 0, Duration.ZERO, Optional.empty());
        }
        try (var branches = new Branches(loop, this::called)) {
            spreadShards();
            NodeProcess victim = scenario.event().hasVictim() ? victim() : null;
            LoadClients clients = clients(branches, victim);
            clients.start();
            tell("warming up for " + scenario.times().warmup().toSeconds() + " s");
            await(scenario.times().warmup(), () -> false);
            if (scenario.nodes() > 1) {
                awaitRest();
            }
            if (scenario.waiting() > 0) {
                letWait(branches, victim);
            }
            Seen seen = observe(victim);
            clients.stop();
            await(scenario.load().patience().plusSeconds(5), () -> clients.unfinished() == 0);
            return seen;
        }
    }

    /** One after the other, so that ages are known; all at once if that is what is measured. */
    private void startNodes() throws InterruptedException {
        boolean measured = scenario.event() == Fault.START;
        if (measured) {
            chronicle.event(System.nanoTime());
        }
        tell("starting " + scenario.nodes() + (scenario.nodes() == 1 ? " node" : " nodes"));
        List<NodeProcess> started = new ArrayList<>();
        for (int i = 0; i < scenario.nodes(); i++) {
            NodeProcess node = nodes.launch(measured, lookout::heard);
            started.add(node);
            if (measured) {
                chronicle.add(new Moment(
                    Mark.STARTED, node.launchedAt(), node.index(), "the tool"));
            } else {
                awaitReady(List.of(node));
            }
        }
        if (measured) {
            awaitReady(started);
        }
    }

    private void awaitReady(List<NodeProcess> started) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<RuntimeException> failed = new ArrayList<>();
        for (NodeProcess node : started) {
            Thread thread = new Thread(() -> {
                try {
                    node.awaitListening();
                    if (await(Nodes.START_MAX, () -> HealthProbe.isServing(node.base()))) {
                        chronicle.add(new Moment(
                            Mark.READY, System.nanoTime(), node.index(), "/api/health"));
                    } else {
                        throw new IllegalStateException(
                            "node " + node.index() + " listens and does not serve");
                    }
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException thrown) {
                    synchronized (failed) {
                        failed.add(thrown);
                    }
                }
            }, "await-node-" + node.index());
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failed.isEmpty()) {
            throw failed.get(0);
        }
    }

    /** A shard is nowhere until somebody asks for a transaction in it. */
    private void spreadShards() {
        for (int shard = 0; shard < Homes.SHARDS; shard++) {
            String gid = Homes.gidIn(Set.of(String.valueOf(shard)), prefix + "s");
            HealthProbe.isAnswered(nodes.get(0).base(), gid);
        }
    }

    private void awaitRest() throws InterruptedException {
        tell("waiting for the shards to come to rest");
        long until = System.nanoTime() + REST_WITHIN.toNanos();
        long since = System.nanoTime();
        while (System.nanoTime() - until < 0
                && System.nanoTime() - since < scenario.times().rest().toNanos()) {
            Homes now = lookForHomes();
            if (!now.equals(homes.getAndSet(now)) || !now.isWhole()) {
                since = System.nanoTime();
            }
            await(Duration.ofSeconds(1), () -> false);
        }
    }

    private Homes lookForHomes() {
        return Homes.of(nodes.all().stream()
            .map(each -> new ManagementPort(each.managementPort()).shards()).toList());
    }

    private NodeProcess victim() {
        if (scenario.victim() == Victim.RANDOM) {
            return nodes.get(ThreadLocalRandom.current().nextInt(scenario.nodes()));
        }
        if (scenario.victim() == Victim.YOUNGEST) {
            return nodes.get(scenario.nodes() - 1);
        }
        String oldest = new ManagementPort(nodes.get(0).managementPort()).members()
            .map(ManagementPort.View::oldest).orElse("");
        return nodes.all().stream().filter(each -> each.clusterAddress().equals(oldest)).findFirst()
            .orElseThrow(() -> new IllegalStateException("nobody says which node is the oldest"));
    }

    private LoadClients clients(Branches branches, NodeProcess victim) {
        List<Integer> order = IntStream.range(0, scenario.nodes())
            .filter(each -> scenario.load().at() == Scenario.At.ALL
                || victim == null || each != victim.index()).boxed().toList();
        if (scenario.load().at() == Scenario.At.ONE) {
            order = order.subList(0, 1);
        }
        Map<Integer, InetSocketAddress> addresses = order.stream()
            .collect(Collectors.toMap(each -> each, each -> nodes.get(each).address()));
        return new LoadClients(loop, scenario.load(), new LoadClients.Sites(addresses, order,
            branches.yes(), prefix, gid -> homes.get().of(gid)), chronicle);
    }

    private void letWait(Branches branches, NodeProcess victim) throws InterruptedException {
        tell(scenario.waiting() + " transactions begin to wait");
        Set<String> shards = new ManagementPort(victim.managementPort()).shards();
        if (shards.isEmpty()) {
            throw new IllegalStateException("the node that is to go has no shards");
        }
        var waiters = new Waiters(loop, branches, new Waiters.Wanted(scenario.waiting(),
            scenario.retryInterval(), victim.address(), shards, prefix + "w"));
        firstCalls.set(waiters::called);
        waiters.start();
        if (!await(CALLED_WITHIN, () -> waiters.callers() == scenario.waiting())) {
            throw new IllegalStateException("only " + waiters.callers()
                + " transactions had called after " + CALLED_WITHIN.toSeconds() + " s");
        }
    }

    /** A transaction that waits has called. On the load's loop. */
    private void called(int number) {
        chronicle.called(number, System.nanoTime());
        firstCalls.get().accept(number);
    }

    private Seen observe(NodeProcess victim) throws InterruptedException {
        Duration nodesBefore = nodesCpu();
        Optional<Duration> databaseBefore = databasePid.map(DatabaseOutage::cpuOf);
        if (victim != null) {
            homes.set(lookForHomes());
            lookout.follow(nodes.all(), victim,
                new ManagementPort(victim.managementPort()).shards());
        }
        long from = System.nanoTime();
        chronicle.forgetBefore(from - BEFORE.toNanos());
        chronicle.event(from);
        tell(scenario.event() == Fault.NONE ? "counting" : "now");
        happen(victim, from);
        long until = from + scenario.times().observe().toNanos();
        await(Duration.ofNanos(until - System.nanoTime()), () -> false);
        await(scenario.load().patience(), () -> chronicle.calledAgain() == scenario.waiting());
        chronicle.noteCalls();
        return seen(victim == null ? -1 : victim.index(), (System.nanoTime() - from) / 1e9,
            nodesCpu().minus(nodesBefore),
            databasePid.map(pid -> DatabaseOutage.cpuOf(pid).minus(databaseBefore.orElseThrow())));
    }

    private void happen(NodeProcess victim, long from) throws InterruptedException {
        switch (scenario.event()) {
            case KILL -> {
                victim.kill();
                chronicle.add(new Moment(Mark.KILLED, from, victim.index(), "the tool"));
            }
            case STOP -> {
                victim.onExit(() -> chronicle.add(new Moment(
                    Mark.EXITED, System.nanoTime(), victim.index(), "the tool")));
                victim.stop();
                chronicle.add(new Moment(Mark.STOPPED, from, victim.index(), "the tool"));
            }
            case DATABASE -> {
                chronicle.add(new Moment(Mark.AWAY, from, -1, "the tool"));
                outage.takeAway();
                await(scenario.times().outage(), () -> false);
                outage.bringBack();
                chronicle.add(new Moment(Mark.BACK, System.nanoTime(), -1, "the tool"));
            }
            case START, NONE -> { }
        }
    }

    private Seen seen(
            int victim, double seconds, Duration nodesCpu, Optional<Duration> databaseCpu) {
        return new Seen(chronicle, lookout.logs(), victim, seconds, nodesCpu, databaseCpu,
            java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                .getSystemLoadAverage());
    }

    private Duration nodesCpu() {
        return nodes.all().stream().map(NodeProcess::cpu).reduce(Duration.ZERO, Duration::plus);
    }

    private boolean await(Duration atMost, BooleanSupplier done) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        while (!done.getAsBoolean()) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            pause.await(Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)),
                TimeUnit.NANOSECONDS);
        }
        return true;
    }

    private void tell(String what) {
        progress.println(what);
        progress.flush();
    }

    @Override
    public void close() {
        lookout.close();
        nodes.close();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
