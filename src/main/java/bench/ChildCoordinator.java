package bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A coordinator in a child process, so that its heap, its threads and its processor time are its
 * own. The child must print one line in which {@code listening on http://HOST:PORT} occurs; a
 * {@code grpc://HOST:PORT} in that line is where it serves gRPC, and what follows the word
 * {@code durability} is taken for its word on that. Everything it
 * prints goes to {@code coordinator.log} in its data directory.
 */
public final class ChildCoordinator implements OwnCoordinator {

    private static final Duration START_WITHIN = Duration.ofSeconds(60);
    private static final long STOP_SECONDS = 15;
    private static final int LOG_LINES_SHOWN = 15;
    private static final Pattern LISTENING =
            Pattern.compile("listening on (http://[^\\s/,;]+:\\d+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern GRPC = Pattern.compile("\\bgrpc://([^\\s/,;]+:\\d+)");
    private static final Pattern DURABILITY =
            Pattern.compile("durability[:=]?\\s*(.+)$", Pattern.CASE_INSENSITIVE);

    private final List<String> command;

    /** @param command starts the child once {@code --data-dir DIR} is appended */
    public ChildCoordinator(List<String> command) {
        this.command = List.copyOf(command);
    }

    /**
     * {@code java -jar <the jar this class is in> serve --port 0 --grpc-port 0}.
     *
     * @throws IllegalStateException on start, if this class was not loaded from a jar
     */
    public static OwnCoordinator ofThisJar() {
        return dataDir -> {
            List<String> command = new ArrayList<>(serveFromThisJar());
            command.addAll(List.of("--port", "0", "--grpc-port", "0"));
            return new ChildCoordinator(command).start(dataDir);
        };
    }

    /**
     * {@code java -jar <the jar this class is in> serve}.
     *
     * @throws IllegalStateException if this class was not loaded from a jar that can be started
     */
    public static List<String> serveFromThisJar() {
        CodeSource source = ChildCoordinator.class.getProtectionDomain().getCodeSource();
        Path jar;
        try {
            jar = source == null ? null : Path.of(source.getLocation().toURI());
        } catch (URISyntaxException notAPath) {
            throw new IllegalStateException("Cannot tell which jar this is", notAPath);
        }
        if (jar == null || !isRunnable(jar)) {
            throw new IllegalStateException("This does not run from a runnable jar, so it cannot "
                    + "start a coordinator of its own. Start one and name it with --url");
        }
        return List.of(java(), "-jar", jar.toString(), "serve");
    }

    /** The library is a jar as well, but nothing that can be started. */
    private static boolean isRunnable(Path jar) {
        if (!Files.isRegularFile(jar)) {
            return false;
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest() != null && file.getManifest().getMainAttributes()
                    .containsKey(Attributes.Name.MAIN_CLASS);
        } catch (IOException unreadable) {
            throw new IllegalStateException("Cannot read " + jar, unreadable);
        }
    }

    /** The Java that runs this. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public Started start(Path dataDir) {
        List<String> line = new ArrayList<>(command);
        line.add("--data-dir");
        line.add(dataDir.toString());
        File log = dataDir.resolve("coordinator.log").toFile();
        Process process;
        try {
            process = new ProcessBuilder(line).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot start " + line.get(0) + ": " + e.getMessage());
        }
        Child child = new Child(process);
        CompletableFuture<String> announced = new CompletableFuture<>();
        Thread reader = new Thread(() -> read(process, log, announced), "bench-coordinator-output");
        reader.setDaemon(true);
        reader.start();
        try {
            child.announced(announced.get(START_WITHIN.toSeconds(), TimeUnit.SECONDS));
            return child;
        } catch (TimeoutException | ExecutionException e) {
            child.close();
            throw new IllegalStateException("The coordinator did not come up: "
                    + (e instanceof TimeoutException ? "no word from it in " + START_WITHIN
                            .toSeconds() + " s" : e.getCause().getMessage()) + lastLines(log));
        } catch (InterruptedException e) {
            child.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the coordinator started");
        }
    }

    private static void read(Process process, File log, CompletableFuture<String> announced) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                PrintWriter copy = new PrintWriter(log, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                copy.println(line);
                copy.flush();
                if (LISTENING.matcher(line).find()) {
                    announced.complete(line);
                }
            }
        } catch (IOException e) {
            announced.completeExceptionally(e);
        }
        // After the last line; it has no effect if the child had announced itself.
        announced.completeExceptionally(new IllegalStateException("it ended at once"));
    }

    private static String lastLines(File log) {
        try {
            List<String> lines = Files.readAllLines(log.toPath());
            List<String> shown = lines.subList(
                    Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
            return shown.isEmpty() ? "" : "\n  " + String.join("\n  ", shown);
        } catch (IOException | UncheckedIOException unreadable) {
            return "";
        }
    }

    /** The child, which is ended together with this process however that ends. */
    private static final class Child implements Started {

        private final Process process;
        private final Thread hook;
        private String baseUrl = "";
        private String grpcAddress = "";
        private String durability = "";

        Child(Process process) {
            this.process = process;
            this.hook = new Thread(process::destroyForcibly, "bench-coordinator-end");
            Runtime.getRuntime().addShutdownHook(hook);
        }

        void announced(String line) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                baseUrl = callable(listening.group(1)) + "/api/dtmsvr";
            }
            Matcher grpc = GRPC.matcher(line);
            grpcAddress = grpc.find() ? callable(grpc.group(1)) : "";
            Matcher durable = DURABILITY.matcher(line);
            durability = durable.find() ? durable.group(1).trim() : "";
        }

        @Override
        public String baseUrl() {
            return baseUrl;
        }

        private static String callable(String address) {
            return address.replace("0.0.0.0", "127.0.0.1");
        }

        @Override
        public Optional<String> grpcAddress() {
            return Optional.of(grpcAddress).filter(address -> !address.isEmpty());
        }

        @Override
        public String durability() {
            return durability;
        }

        @Override
        public Optional<Duration> cpu() {
            return process.info().totalCpuDuration();
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
                }
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            } catch (IllegalStateException shuttingDown) {
                process.destroyForcibly(); // The hook runs already.
            }
        }
    }
}
