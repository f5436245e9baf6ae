package io.pactor.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real database server of a test's own: on a free port of the loopback, with its data in a
 * directory of its own. It is stopped, and its data deleted, by {@link #close}, or when this JVM
 * ends, even if it is killed. Its JDBC driver must be on the class path.
 *
 * <p>Methods block. For one thread at a time, but for {@link #fresh}.
 */
public abstract sealed class DatabaseServer implements AutoCloseable
        permits PostgresServer, MariadbServer {

    /** Who may do everything; the password is the same. */
    public static final String USER = "pactor";

    /** From the launch until it answers, on a busy machine. */
    private static final Duration START_MAX = Duration.ofSeconds(60);

    private static final Duration DEATH_MAX = Duration.ofSeconds(30);

    /** Below those that the system gives to connections, or it might give ours away meanwhile. */
    private static final int PORT_FROM = 10_000;
    private static final int PORT_TO = 32_000;

    /** For a JVM that is killed, and runs no hook. */
    private static final String WATCH = "while kill -0 \"$1\" 2> /dev/null; do"
        + " kill -0 \"$2\" 2> /dev/null || exit 0; sleep 1; done;"
        + " kill -9 \"$2\"; rm -rf \"$3\"";

    final Path home;
    final int port;
    private final Thread atExit = new Thread(this::end, "end-database");
    private final AtomicInteger databases = new AtomicInteger();
    private Process process;

    DatabaseServer() {
        try {
            home = Files.createTempDirectory("pactor-sdk-database-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = freePort();
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** The server as this machine's user, without arguments of the shell. */
    abstract ProcessBuilder command();

    /** The url of the database that is always there. */
    abstract String adminUrl();

    /** The url of that database, with the user and the password in it. */
    public abstract String url(String database);

    /** The url of a new and empty database. Any thread. */
    public final String fresh() {
        String database = "test" + databases.incrementAndGet();
        execute(adminUrl(), "create database " + database);
        return url(database);
    }

    /** Runs statements as the one who may do everything. */
    public final void execute(String url, String... statements) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(this + ": " + e.getMessage(), e);
        }
    }

    /** Ends it at once, as {@code kill -9} does, with all its processes. */
    public final void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().completeOnTimeout(process, DEATH_MAX.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Starts it, for the first time or again, and waits until it answers. */
    public final void start() {
        try {
            process = command().directory(home.toFile()).redirectErrorStream(true).redirectOutput(
                ProcessBuilder.Redirect.appendTo(log().toFile())).start();
            process.getOutputStream().close();
            new ProcessBuilder("sh", "-c", WATCH, "sh",
                String.valueOf(ProcessHandle.current().pid()), String.valueOf(process.pid()),
                home.toString()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long deadline = System.nanoTime() + START_MAX.toNanos();
        while (!answers()) {
            if (System.nanoTime() > deadline || hasEndedWithin(50)) {
                throw new IllegalStateException(this + " does not start:\n" + printed());
            }
        }
    }

    @Override
    public final void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending, and runs the hook itself.
        }
    }

    /** Its kind and port. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + " on port " + port;
    }

    /** Runs a command to its end. */
    final void run(ProcessBuilder command) {
        try {
            Process run = command.directory(home.toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile())).start();
            if (run.waitFor() != 0) {
                throw new IllegalStateException(command.command() + " failed:\n" + printed());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Neither server runs as root; the packages make an account for each. */
    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private Path log() {
        return home.resolve("server.log");
    }

    private boolean answers() {
        try (Connection connection = DriverManager.getConnection(adminUrl())) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    private boolean hasEndedWithin(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private String printed() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void end() {
        if (process != null && process.isAlive()) {
            kill();
        }
        try (Stream<Path> all = Files.walk(home)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // It is below the directory for what may be lost.
        }
    }

    private static int freePort() {
        for (int port = ThreadLocalRandom.current().nextInt(PORT_FROM, PORT_TO);; port++) {
            try (ServerSocket free =
                    new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException inUse) {
                if (port > PORT_TO) {
                    throw new UncheckedIOException(inUse);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
