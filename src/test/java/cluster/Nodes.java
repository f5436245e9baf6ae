package cluster;

import client.CoordinatorProcess;
import client.CoordinatorProcess.Launch;
import database.Databases;
import database.Ports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Nodes of the runnable jar, each a process, in one cluster over one PostgreSQL. */
final class Nodes implements AutoCloseable {

    private final List<Integer> ports = new ArrayList<>();
    private final String database = Databases.fresh(Databases.POSTGRESQL);
    private final List<CoordinatorProcess> nodes;

    /** Starts all at once, and waits until each serves. The first is the oldest. */
    Nodes(Path home, int count) {
        IntStream.range(0, count).forEach(i -> ports.add(Ports.free()));
        List<CompletableFuture<CoordinatorProcess>> starting = IntStream.range(0, count)
            .mapToObj(i -> inThread(i, home)).toList();
        nodes = starting.stream().map(CompletableFuture::join).toList();
    }

    List<CoordinatorProcess> all() {
        return nodes;
    }

    CoordinatorProcess node(int i) {
        return nodes.get(i);
    }

    /** Arguments for a process that takes part, listening for the others at that port. */
    List<String> arguments(int clusterPort) {
        List<String> all = new ArrayList<>(Databases.arguments(database));
        all.addAll(List.of("--cluster-host", "127.0.0.1",
            "--cluster-port", String.valueOf(clusterPort), "--join", ports.stream()
                .map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","))));
        return all;
    }

    /** Arguments for a process that works on the same database, and joins nobody. */
    List<String> aloneArguments() {
        return Databases.arguments(database);
    }

    @Override
    public void close() {
        nodes.forEach(CoordinatorProcess::close);
    }

    private CompletableFuture<CoordinatorProcess> inThread(int i, Path home) {
        var started = new CompletableFuture<CoordinatorProcess>();
        new Thread(() -> {
            try {
                started.complete(CoordinatorProcess.start(
                    Launch.in(home.resolve("node-" + i))
                        .withJvm("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m")
                        .withArguments(arguments(ports.get(i)).toArray(String[]::new))));
            } catch (RuntimeException | Error failed) {
                started.completeExceptionally(failed);
            }
        }, "start-node-" + i).start();
        return started;
    }
}
