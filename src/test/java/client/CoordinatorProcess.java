package client;

import database.Databases;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The runnable jar as a child process: {@code java -jar pactor.jar serve --port … --data-dir …}.
 *
 * <p>The jar is named by the system property {@code pactor.jar}. The first start asks the operating
 * system for a port; every later start of the same object uses that port and the same data
 * directory, so clients that know the address go on as if nothing had happened. With
 * {@code -Dpactor.test.database=postgresql} or {@code mariadb} the store is a database of such a
 * server instead, one for each data directory. Whatever the child prints is kept and shown in every
 * failure.
 *
 * <p>Methods block the calling thread and are not meant to be called from two threads at once; only
 * {@link #log}, {@link #isAlive}, {@link #pid} and {@link #baseUrl} may be. A child that is still
 * alive when the test's JVM ends is killed.
 */
public final class CoordinatorProcess implements AutoCloseable {

    /** From the launch of the JVM to the first 200 of {@code /api/health}, on a busy machine. */
    public static final Duration START_MAX = Duration.ofSeconds(60);

    /** From the polite request to end until the process is gone. */
    public static final Duration STOP_MAX = Duration.ofSeconds(30);

    /** Between two looks at the child while it starts. */
    private static final long LOOK_MILLIS = 20;

    /** The oldest lines go first, so that a noisy child cannot fill the test's heap. */
    private static final int LOG_LINES_MAX = 50_000;

    /** What the child inherits: settings of the product from the outside must not reach a test. */
    private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ",
            "TMPDIR", "TEMP", "TMP", "SystemRoot", "JAVA_HOME", "JAVA_TOOL_OPTIONS");

    /** For a process that lives for seconds: no second compiler. */
    private static final String ONE_COMPILER = "-XX:TieredStopAtLevel=1";

    private static final Pattern LISTENING =
            Pattern.compile("listening on (http://\\S+?:\\d+)(?: and grpc://\\S+?:(\\d+))?");

    /** Another process may borrow the port while the child is dead; that alone is tried again. */
    private static final Pattern PORT_TAKEN =
            Pattern.compile("(?i)in use|already bound|BindException");

    private final Launch launch;
    /** Options of the JVM at each start. */
    private final List<String> always;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final List<String> log = new ArrayList<>();
    private final Thread atExit = new Thread(this::killQuietly, "kill-coordinator");

    private volatile Process process;
    private volatile URI base;
    private volatile int grpcPort;
    private volatile CompletableFuture<Void> readerGone = CompletableFuture.completedFuture(null);
    private int linesBeforeThisStart;

    /**
     * How to start the child.
     *
     * @param dataDir the store; created by the child if it is missing
     * @param jvm options of the JVM, before {@code -jar}, such as {@code -Xmx256m}
     * @param arguments further arguments, after {@code serve --port … --data-dir …}
     * @param environment variables for the child; from this process it inherits only such as PATH
     */
    public record Launch(
            Path dataDir,
            List<String> jvm,
            List<String> arguments,
            Map<String, String> environment) {

        public Launch {
            jvm = List.copyOf(jvm);
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
        }

        /** With a JVM that starts fast, and nothing else special. */
        public static Launch in(Path dataDir) {
            return new Launch(dataDir, List.of(ONE_COMPILER), List.of(), Map.of());
        }

        /** The same with {@code options} for the JVM, in place of the former ones. */
        public Launch withJvm(String... options) {
            return new Launch(dataDir, List.of(options), arguments, environment);
        }

        /** The same with these further arguments, in place of the former ones. */
        public Launch withArguments(String... more) {
            return new Launch(dataDir, jvm, List.of(more), environment);
        }

        /** The same with these further variables, in place of the former ones. */
        public Launch withEnvironment(Map<String, String> variables) {
            return new Launch(dataDir, jvm, arguments, variables);
        }
    }

    private CoordinatorProcess(Launch launch, List<String> always) {
        this.launch = launch;
        this.always = always;
    }

    /** Starts on {@code dataDir} with nothing special, and waits until it serves. */
    public static CoordinatorProcess start(Path dataDir) {
        return start(Launch.in(dataDir));
    }

    /**
     * Starts and waits until the child serves.
     *
     * @throws IllegalStateException if it ended or did not serve within {@link #START_MAX}; the
     *     message carries all it printed, and no process is left behind
     */
    public static CoordinatorProcess start(Launch launch) {
        CoordinatorProcess coordinator =
            new CoordinatorProcess(launch, List.of(ClassArchive.option()));
        coordinator.startOn(0, launch);
        return coordinator;
    }

    /** The same with these options of the JVM alone, so without {@link ClassArchive}. */
    static CoordinatorProcess startWith(List<String> jvm, Path dataDir) {
        Launch launch = Launch.in(dataDir).withJvm(jvm.toArray(String[]::new));
        CoordinatorProcess coordinator = new CoordinatorProcess(launch, List.of());
        coordinator.startOn(0, launch);
        return coordinator;
    }

    /** The runnable jar under test; fails if the property is missing or the file is not there. */
    public static Path jar() {
        String name = System.getProperty("pactor.jar");
        if (name == null || !new File(name).isFile()) {
            throw new IllegalStateException(
                    "system property pactor.jar must name the runnable jar, but is " + name);
        }
        return Path.of(name).toAbsolutePath();
    }

    /** The {@code java} that runs this test. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Where it serves, such as {@code http://127.0.0.1:40123}, without a slash at the end. */
    public String baseUrl() {
        return base.toString();
    }

    /** {@link #baseUrl} with {@code path}, which begins with a slash. */
    public URI uri(String path) {
        return URI.create(base + path);
    }

    public int port() {
        return base.getPort();
    }

    /** Where it serves gRPC; 0 if it does not. */
    public int grpcPort() {
        return grpcPort;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** All the child printed, standard output and error together, over all starts, oldest first. */
    public List<String> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    /** SIGKILL: no shutdown hook, no flush. Returns when the process is gone. */
    public void killHard() {
        process.destroyForcibly(); // SIGKILL on every Unix.
        awaitExit(STOP_MAX);
    }

    /** {@link #killHard} if it still runs, then a new start on the same data and port. */
    public void restart() {
        restart(launch);
    }

    /**
     * As {@link #restart()}, but started as {@code other} says, for instance without the failpoint
     * that ended the former run. The data directory should be the same.
     */
    public void restart(Launch other) {
        killHard();
        startOn(port(), other);
    }

    /**
     * SIGTERM, and waits until the process has ended of itself.
     *
     * @return its exit code; 143 stands for an orderly end after SIGTERM
     * @throws IllegalStateException if it had to be killed after {@link #STOP_MAX}
     */
    public int stop() {
        process.destroy();
        return awaitExit(STOP_MAX);
    }

    /**
     * Waits for the process to end by itself, at a failpoint for instance.
     *
     * @return its exit code
     * @throws IllegalStateException if it is alive after {@code atMost}; it is killed then
     */
    public int awaitExit(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                killQuietly();
                throw failure("the coordinator did not end within " + atMost);
            }
            readerGone.join();
            return process.exitValue();
        } catch (InterruptedException e) {
            killQuietly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the coordinator", e);
        }
    }

    /** Kills what is still running; never throws. */
    @Override
    public void close() {
        killQuietly();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending and runs the hook itself.
        }
    }

    private void startOn(int port, Launch how) {
        long deadline = System.nanoTime() + START_MAX.toNanos();
        while (true) {
            spawn(port, how);
            if (awaitServing(deadline)) {
                return;
            }
            boolean again = port != 0 && !process.isAlive() && printed(PORT_TAKEN).isPresent();
            String end = process.isAlive() ? "lives" : "exit code " + process.exitValue();
            killQuietly();
            if (!again || System.nanoTime() > deadline) {
                throw failure("the coordinator did not come up on port " + port + " (" + end + ")");
            }
        }
    }

    private void spawn(int port, Launch how) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(always);
        command.addAll(how.jvm());
        command.addAll(List.of("-jar", jar().toString(), "serve", "--port", String.valueOf(port)));
        command.addAll(List.of("--grpc-port", String.valueOf(grpcPort)));
        command.addAll(List.of("--data-dir", how.dataDir().toAbsolutePath().toString()));
        command.addAll(Databases.arguments(how.dataDir()));
        command.addAll(how.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(how.environment());
        synchronized (log) {
            linesBeforeThisStart = log.size();
        }
        try {
            if (process == null) {
                Runtime.getRuntime().addShutdownHook(atExit);
            }
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Process child = process;
        CompletableFuture<Void> gone = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            read(child);
            gone.complete(null);
        }, "coordinator-log-" + child.pid());
        reader.setDaemon(true);
        reader.start();
        readerGone = gone;
    }

    private void read(Process child) {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (log) {
                    if (log.size() == LOG_LINES_MAX) {
                        log.remove(0);
                        linesBeforeThisStart = Math.max(0, linesBeforeThisStart - 1);
                    }
                    log.add(line);
                }
            }
        } catch (IOException e) {
            // The pipe breaks when the child is killed; what was read is all there is.
        }
    }

    /** Whether the child said where it listens and then answered that it is healthy. */
    private boolean awaitServing(long deadline) {
        boolean said = false;
        while (System.nanoTime() < deadline && process.isAlive()) {
            Optional<Matcher> listening = printed(LISTENING);
            if (!said && listening.isPresent()) {
                base = URI.create(listening.get().group(1));
                String grpc = listening.get().group(2);
                grpcPort = grpc == null ? 0 : Integer.parseInt(grpc);
                said = true;
            }
            if (said && isHealthy()) {
                return true;
            }
            pause();
        }
        return false;
    }

    private Optional<Matcher> printed(Pattern pattern) {
        synchronized (log) {
            return log.subList(linesBeforeThisStart, log.size()).stream()
                    .map(pattern::matcher)
                    .filter(Matcher::find)
                    .findFirst();
        }
    }

    private boolean isHealthy() {
        HttpRequest request = HttpRequest.newBuilder(uri("/api/health"))
                .timeout(Duration.ofSeconds(5)).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            killQuietly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the coordinator started", e);
        }
    }

    private void pause() {
        try {
            process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            killQuietly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the coordinator started", e);
        }
    }

    private void killQuietly() {
        Process child = process;
        if (child != null) {
            child.destroyForcibly().onExit()
                    .completeOnTimeout(child, STOP_MAX.toSeconds(), TimeUnit.SECONDS).join();
            readerGone.join();
        }
    }

    private IllegalStateException failure(String what) {
        return new IllegalStateException(what + "; it printed:\n" + String.join("\n", log()));
    }
}
