package crash;

import database.Databases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import store.Unfinished;

/**
 * A coordinator as a process that is made to die: the classes of the runnable jar and, beside them,
 * {@link HaltingFailpoints}. All starts of one object share the port and the data directory.
 *
 * <p>Unlike {@link client.CoordinatorProcess} it does not wait for the process to serve unless
 * asked, so that it can be killed while it starts. What the process prints goes to one file for
 * each start. For one thread, but {@link #kill} and {@link #uri} may be called from any.
 */
final class Child implements AutoCloseable {

    /** From the launch until it serves, on a machine that others use too. */
    static final Duration START_MAX = Duration.ofSeconds(60);

    private static final Duration DEATH_MAX = Duration.ofSeconds(30);

    private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ",
        "TMPDIR", "TEMP", "TMP", "JAVA_HOME", "JAVA_TOOL_OPTIONS");

    private static final Pattern LISTENING = Pattern.compile("listening on http://\\S+?:(\\d+)");

    private final Path home;
    private final Setup setup;
    private final HttpClient http = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2)).build();
    private final Thread atExit = new Thread(this::kill, "kill-child");

    private volatile Process process;
    private volatile int port;
    private int starts;
    private long startedNanos;

    /**
     * How each start looks.
     *
     * @param shell what the shell does first, such as {@code ulimit -f 1000}; empty for no shell
     * @param jvm options of the JVM
     * @param arguments after {@code serve --port … --data-dir …}
     * @param place where it runs
     */
    record Setup(String shell, List<String> jvm, List<String> arguments, Place place) {

        Setup(String shell, List<String> jvm, List<String> arguments) {
            this(shell, jvm, arguments, Place.HERE);
        }

        /** One that starts and dies often. */
        static Setup lean() {
            List<String> jvm = new ArrayList<>(LeanJvm.get().options());
            jvm.add("-Xmx256m");
            return new Setup("", jvm, List.of());
        }

        /** One that has work to do. */
        static Setup withJvm(String... options) {
            return new Setup("", List.of(options), List.of());
        }

        Setup withShell(String command) {
            return new Setup(command, jvm, arguments, place);
        }

        Setup withArguments(String... more) {
            return new Setup(shell, jvm, List.of(more), place);
        }

        Setup at(Place other) {
            return new Setup(shell, jvm, arguments, other);
        }
    }

    /**
     * Where a process runs.
     *
     * @param prefix put before its command, such as {@code ip netns exec …}
     * @param address at which it is reached from here
     * @param environment beside what every child has
     */
    record Place(List<String> prefix, String address, Map<String, String> environment) {

        static final Place HERE = new Place(List.of(), "127.0.0.1", Map.of());
    }

    /** @param home a directory of the test's own; the data directory and the logs go there */
    Child(Path home, Setup setup) {
        this.home = home;
        this.setup = setup;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static Child in(Path home) {
        return new Child(home, Setup.lean());
    }

    /** Starts, waits until it serves. */
    Child serving() {
        launch("");
        awaitServing();
        return this;
    }

    /** Starts with this place to halt, waits until it serves. */
    void servingUntil(String place) {
        launch(place);
        awaitServing();
    }

    /** Starts the process and returns at once. @param place where to halt; empty for nowhere */
    void launch(String place) {
        launch(place, setup);
    }

    /** The same, set up in another way this once. */
    void launch(String place, Setup how) {
        starts++;
        ProcessBuilder builder = new ProcessBuilder(command(how))
            .redirectErrorStream(true).redirectOutput(log().toFile());
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(how.place().environment());
        if (!place.isEmpty()) {
            builder.environment().put(HaltingFailpoints.VARIABLE, place);
        }
        try {
            startedNanos = System.nanoTime();
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until it answers that it is healthy.
     *
     * @return nanoseconds since its launch
     * @throws IllegalStateException if it ended or needs more than {@link #START_MAX}
     */
    long awaitServing() {
        long deadline = System.nanoTime() + START_MAX.toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            if (knowsPort() && isHealthy()) {
                return System.nanoTime() - startedNanos;
            }
            waitFor(Duration.ofMillis(20));
        }
        throw new IllegalStateException("the coordinator does not serve; " + story());
    }

    /** SIGKILL; returns when the process is gone. Nothing happens if it is. */
    void kill() {
        Process victim = process;
        if (victim != null) {
            victim.destroyForcibly().onExit()
                .completeOnTimeout(victim, DEATH_MAX.toSeconds(), TimeUnit.SECONDS).join();
        }
    }

    /** SIGTERM, and waits for the orderly end. */
    void stop() {
        process.destroy();
        awaitDeath(DEATH_MAX);
    }

    /**
     * Waits for an end that was not asked for.
     *
     * @return the exit code
     * @throws IllegalStateException if it lives on
     */
    int awaitDeath(Duration atMost) {
        if (!waitFor(atMost)) {
            throw new IllegalStateException("the coordinator lives on; " + story());
        }
        return process.exitValue();
    }

    /** Whether this process ended at {@code point}, and not in any other way. */
    boolean haltedAt(String point) {
        return !process.isAlive() && process.exitValue() == HaltingFailpoints.EXIT_CODE
            && printed().contains(HaltingFailpoints.LAST_WORDS + point + " of ");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    int starts() {
        return starts;
    }

    /** {@link System#nanoTime} of the last launch. */
    long startedNanos() {
        return startedNanos;
    }

    Path dataDir() {
        return home.resolve("data");
    }

    /** Where {@code path}, which begins with a slash, is served; only after a first start. */
    URI uri(String path) {
        return URI.create("http://" + setup.place().address() + ":" + port + path);
    }

    /** What the process of the last start has printed. */
    String printed() {
        try {
            return Files.exists(log())
                    ? new String(Files.readAllBytes(log()), StandardCharsets.UTF_8)
                : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For a failure's message: how the last start went. */
    String story() {
        String text = printed();
        return "start " + starts + ", " + (process.isAlive() ? "alive" : "exit code "
            + process.exitValue()) + "; it printed:\n"
            + text.substring(Math.max(0, text.length() - 8_000));
    }

    /** Ends it, and proves that whatever it was killed in the midst of will be found again. */
    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending, and runs the hook itself.
        }
        Unfinished.assertAllDue(dataDir());
    }

    private Path log() {
        return home.resolve("coordinator-" + starts + ".log");
    }

    private List<String> command(Setup how) {
        List<String> command = new ArrayList<>(how.place().prefix());
        if (!how.shell().isEmpty()) {
            command.addAll(List.of("sh", "-c", how.shell() + " && exec \"$@\"", "sh"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(how.jvm());
        command.addAll(List.of("-cp", LeanJvm.get().classPath()));
        command.addAll(List.of("pactor.cli.Main", "serve", "--port", String.valueOf(port),
            "--grpc-port", "0", "--data-dir", dataDir().toString()));
        command.addAll(Databases.arguments(dataDir()));
        command.addAll(how.arguments());
        return command;
    }

    private boolean knowsPort() {
        if (port == 0) {
            Matcher said = LISTENING.matcher(printed());
            port = said.find() ? Integer.parseInt(said.group(1)) : 0;
        }
        return port != 0;
    }

    private boolean isHealthy() {
        HttpRequest request = HttpRequest.newBuilder(uri("/api/health"))
            .timeout(Duration.ofSeconds(5)).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the coordinator started", e);
        }
    }

    private boolean waitFor(Duration atMost) {
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the coordinator", e);
        }
    }
}
