package bench.failover;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One node: a child process that ends together with this one. */
final class NodeProcess implements AutoCloseable {

    private static final Pattern LISTENING =
        Pattern.compile("listening on (http://[^\\s/,;]+:\\d+)");

    private static final int LINES_SHOWN = 15;
    private static final long END_SECONDS = 10;

    private final Process process;
    private final Place place;
    private final long launchedAt;
    private final CompletableFuture<URI> base = new CompletableFuture<>();
    private final Thread hook;

    /** @param index from 0 on, in the order of launches */
    record Place(int index, Path log, int managementPort, int clusterPort) {}

    /** A line of its log, and when it came. */
    record Said(int node, long at, String line) {}

    private NodeProcess(Process process, Place place) {
        this.process = process;
        this.place = place;
        this.launchedAt = System.nanoTime();
        this.hook = new Thread(process::destroyForcibly, "end-node-" + place.index());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** @param ear is told each line, on a thread of the log; must not block */
    static NodeProcess start(List<String> command, Map<String, String> environment, Place place,
            Consumer<Said> ear) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().values().removeIf(String::isEmpty);
        try {
            var node = new NodeProcess(builder.start(), place);
            var reader = new Thread(() -> node.read(ear), "log-of-node-" + place.index());
            reader.setDaemon(true);
            reader.start();
            return node;
        } catch (IOException failed) {
            throw new IllegalStateException(
                "Cannot start " + command.get(0) + ": " + failed.getMessage());
        }
    }

    private void read(Consumer<Said> ear) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                var copy = new PrintWriter(place.log().toFile(), StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                long now = System.nanoTime();
                copy.println(line);
                copy.flush();
                Matcher listening = LISTENING.matcher(line);
                if (listening.find()) {
                    base.complete(URI.create(listening.group(1)));
                }
                ear.accept(new Said(place.index(), now, line));
            }
        } catch (IOException broken) {
            base.completeExceptionally(broken); // The pipe of a killed child.
        }
        base.completeExceptionally(new IllegalStateException("it has ended"));
    }

    /** Waits until it has said where it listens. @throws IllegalStateException if it does not */
    void awaitListening() throws InterruptedException {
        try {
            base.get(Nodes.START_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            throw new IllegalStateException("node " + place.index() + " did not come up"
                + lastLines());
        }
    }

    private String lastLines() {
        try {
            List<String> lines = Files.readAllLines(place.log());
            return "; its log ends:\n  " + String.join("\n  ",
                lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
        } catch (IOException unreadable) {
            return "";
        }
    }

    int index() {
        return place.index();
    }

    /** As the other nodes know it. */
    String clusterAddress() {
        return "127.0.0.1:" + place.clusterPort();
    }

    int managementPort() {
        return place.managementPort();
    }

    /** Where it serves clients; it must listen. */
    InetSocketAddress address() {
        URI known = base.join();
        return new InetSocketAddress(known.getHost(), known.getPort());
    }

    /** Where it serves clients, once it listens. */
    URI base() {
        return base.join();
    }

    long launchedAt() {
        return launchedAt;
    }

    /** The processor time it has used. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** SIGKILL. Does not wait. */
    void kill() {
        process.destroyForcibly();
    }

    /** SIGTERM. Does not wait. */
    void stop() {
        process.destroy();
    }

    /** Is told when the process is gone. */
    void onExit(Runnable told) {
        process.onExit().thenRun(told);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it if it still runs. */
    void end() {
        process.destroyForcibly();
    }

    /** Waits until it is gone. */
    @Override
    public void close() {
        end();
        process.onExit().completeOnTimeout(process, END_SECONDS, TimeUnit.SECONDS).join();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook runs already.
        }
    }
}
