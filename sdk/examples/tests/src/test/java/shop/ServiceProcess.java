package shop;

import io.pactor.testing.CoordinatorProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * One of the example services as a process, on a port that it keeps over restarts. What it prints
 * is kept in a file. It is killed when this JVM ends.
 */
final class ServiceProcess implements AutoCloseable {

    /** Of a Spring application on a busy machine. */
    private static final Duration START_MAX = Duration.ofSeconds(180);

    private final String name;
    private final Map<String, String> environment;
    private final Path log;
    private final int port;
    private Process process;

    private ServiceProcess(String name, Path dir, Map<String, String> environment) {
        this.name = name;
        this.log = dir.resolve(name + ".log");
        this.port = freePort();
        this.environment = new TreeMap<>(environment);
        this.environment.put("PORT", String.valueOf(port));
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** Launches it; {@link #awaitStart} tells when it serves. */
    static ServiceProcess launch(String name, Path dir, Map<String, String> environment) {
        ServiceProcess service = new ServiceProcess(name, dir, environment);
        service.launch();
        return service;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    void killHard() {
        process.destroyForcibly().onExit().join();
    }

    void launch() {
        Path jar = Path.of(System.getProperty("examples"), name, "target", name + ".jar");
        ProcessBuilder builder = new ProcessBuilder(CoordinatorProcess.java(), "-Xmx160m",
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", jar.toString());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitStart() {
        Instant deadline = Instant.now().plus(START_MAX);
        while (!said("Started ")) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException(name + " has not started:\n" + read());
            }
            Pause.millis(50);
        }
    }

    private boolean said(String words) {
        return read().contains(words);
    }

    private String read() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
