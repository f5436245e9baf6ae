package bench.failover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Nodes of one cluster over one database, each a process, on loopback. For one thread. */
final class Nodes implements AutoCloseable {

    /** From the launch of a process until it serves, on a busy machine. */
    static final Duration START_MAX = Duration.ofSeconds(90);

    /** Below the ports that the system gives to connections. */
    private static final int PORTS_FROM = 10_000;
    private static final int PORTS_TO = 32_000;

    private final Launch launch;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<Integer> clusterPorts = new ArrayList<>();
    private final List<Integer> managementPorts = new ArrayList<>();

    /**
     * How to start them.
     *
     * @param program starts a server once its options are appended
     * @param settings of each, as {@code KEY=VALUE}
     * @param environment what each gets besides that of this process
     * @param directory for logs and data directories
     */
    record Launch(List<String> program, List<String> settings, Map<String, String> environment,
            Path directory) {}

    Nodes(Launch launch, int count) {
        this.launch = launch;
        for (int i = 0; i < count; i++) {
            clusterPorts.add(freePort());
            managementPorts.add(freePort());
        }
    }

    /**
     * Launches the next one, which is the youngest then. Does not wait.
     *
     * @param atOnce whether the others are launched now too; else the first need not look for them
     */
    NodeProcess launch(boolean atOnce, Consumer<NodeProcess.Said> ear) {
        int index = nodes.size();
        List<String> command = new ArrayList<>(launch.program());
        command.addAll(List.of("--port", "0", "--grpc-port", "0",
            "--data-dir", launch.directory().resolve("node-" + index).toString(),
            "--set", "pactor.cluster.management.host=127.0.0.1",
            "--set", "pactor.cluster.management.port=" + managementPorts.get(index)));
        if (clusterPorts.size() > 1) {
            command.addAll(List.of("--cluster-host", "127.0.0.1",
                "--cluster-port", String.valueOf(clusterPorts.get(index)),
                "--join", clusterPorts.stream().limit(index == 0 && !atOnce ? 1 : Integer.MAX_VALUE)
                    .map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","))));
        }
        launch.settings().forEach(each -> command.addAll(List.of("--set", each)));
        NodeProcess node = NodeProcess.start(command, launch.environment(),
            new NodeProcess.Place(index, launch.directory().resolve("node-" + index + ".log"),
                managementPorts.get(index), clusterPorts.get(index)), ear);
        nodes.add(node);
        return node;
    }

    List<NodeProcess> all() {
        return List.copyOf(nodes);
    }

    NodeProcess get(int index) {
        return nodes.get(index);
    }

    /** Kills what still runs. */
    @Override
    public void close() {
        nodes.forEach(NodeProcess::end);
        nodes.forEach(NodeProcess::close);
    }

    private static int freePort() {
        for (int port = ThreadLocalRandom.current().nextInt(PORTS_FROM, PORTS_TO);; port++) {
            try (var free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException inUse) {
                if (port > PORTS_TO) {
                    throw new UncheckedIOException(inUse);
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
