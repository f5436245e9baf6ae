package demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The coordinator in a process of its own, so that it can be killed.
 *
 * <p>It is started from the very jar that runs the demo, or from the same class path. The first
 * start takes a free port, later ones the same. Starting and stopping block the caller; only
 * {@link #close} may be called from another thread.
 */
final class CoordinatorChild implements AutoCloseable {

    /** A cold JVM on a slow machine; usually it takes a tenth of that. */
    private static final Duration START_MAX = Duration.ofSeconds(30);

    private static final Duration STOP_MAX = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(50);

    /** Lines kept to be shown if something goes wrong. */
    private static final int LOG_LINES = 200;

    /** All that the child inherits: settings meant for a real coordinator must not reach it. */
    private static final Set<String> ENVIRONMENT = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ",
            "TMPDIR", "TEMP", "TMP", "SystemRoot", "JAVA_HOME", "JAVA_TOOL_OPTIONS");

    private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+?:\\d+)");

    private final Path dataDir;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Deque<String> log = new ArrayDeque<>();

    private volatile Process process;
    private volatile boolean closed;
    private volatile String url = "";
    private volatile boolean said;

    CoordinatorChild(Path dataDir) {
        this.dataDir = dataDir;
    }

    /** Starts it and waits until it serves. @throws IOException if it does not, with the reason */
    void start() throws IOException, InterruptedException {
        synchronized (log) {
            log.clear();
        }
        int port = url.isEmpty() ? 0 : URI.create(url).getPort();
        said = false;
        spawn(port);
        long deadline = System.nanoTime() + START_MAX.toNanos();
        while (!serves()) {
            if (process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the coordinator ended with exit code "
                        + process.exitValue() + " instead of serving");
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("the coordinator did not serve within " + START_MAX);
            }
        }
    }

    /** Where it serves, such as {@code http://127.0.0.1:40123}. */
    String url() {
        return url;
    }

    long pid() {
        return process.pid();
    }

    /** Kills it as a power cut would, as far as the process can tell: SIGKILL, on a Unix. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** What it printed last, for when something went wrong. */
    List<String> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    /** Asks it to end, kills it if it does not, and lets no other be started. */
    @Override
    public void close() {
        closed = true;
        Process child = process;
        if (child == null) {
            return;
        }
        child.destroy();
        try {
            if (!child.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
                child.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            child.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void spawn(int port) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.addAll(program());
        command.addAll(List.of("serve", "--port", String.valueOf(port), "--grpc-port", "0",
                "--data-dir", dataDir.toString()));
        if (closed) {
            throw new IOException("the demo is ending");
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().retainAll(ENVIRONMENT);
        process = builder.start();
        if (closed) {
            process.destroyForcibly(); // The end came between the two lines above.
        }
        process.getOutputStream().close();
        Process child = process;
        Thread reader = new Thread(() -> keepLog(child), "coordinator-log");
        reader.setDaemon(true);
        reader.start();
    }

    private boolean serves() throws InterruptedException {
        if (!said) {
            return false;
        }
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/health"))
                    .timeout(Duration.ofSeconds(5)).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** The arguments that name the program: our own jar if we run from one, else our class path. */
    private static List<String> program() throws IOException {
        String classPath = System.getProperty("java.class.path");
        try {
            Path own = Path.of(CoordinatorChild.class.getProtectionDomain().getCodeSource()
                    .getLocation().toURI());
            if (Files.isRegularFile(own) && own.equals(Path.of(classPath).toAbsolutePath())) {
                return List.of("-jar", own.toString());
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            // Not a file, or not one path but many: the class path will do.
        }
        return List.of("-cp", classPath, "pactor.cli.Main");
    }

    private void keepLog(Process child) {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (log) {
                    if (log.size() == LOG_LINES) {
                        log.removeFirst();
                    }
                    log.addLast(line);
                }
                Matcher listening = LISTENING.matcher(line);
                if (listening.find()) {
                    url = listening.group(1);
                    said = true;
                }
            }
        } catch (IOException e) {
            // The pipe breaks when the child is killed; what was read is all there is.
        }
    }
}
