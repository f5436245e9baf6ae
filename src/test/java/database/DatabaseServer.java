package database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real database server of a test's own: on a free port of the loopback, with its data in a
 * directory of its own, with fsync on. It is stopped, and its data deleted, by {@link #close}, or
 * when this JVM ends.
 *
 * <p>Methods block. For one thread at a time.
 */
public abstract sealed class DatabaseServer implements AutoCloseable
        permits PostgresServer, MariadbServer {

    /** From the launch until it answers, on a busy machine. */
    private static final Duration START_MAX = Duration.ofSeconds(60);

    private static final Duration DEATH_MAX = Duration.ofSeconds(30);

    final Path home;
    final int port;
    private final Thread atExit = new Thread(this::end, "end-database");
    private Process process;

    DatabaseServer() {
        try {
            home = Files.createTempDirectory("pactor-database-");
            port = Ports.free();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Makes an empty database of that name, with tables for nobody yet. */
    public abstract void create(String database);

    /** The url of that database. */
    public abstract String url(String database);

    /** The server's process as this machine's user, without arguments of the shell. */
    abstract ProcessBuilder command();

    /** The url of the database that is always there. */
    abstract String adminUrl();

    /** The user who may do everything; the password is the same. */
    public abstract String user();

    /** The name of the switch and of the test's output. */
    public abstract String name();

    public final int port() {
        return port;
    }

    public final long pid() {
        return process.pid();
    }

    /** For a JVM that is killed, and runs no hook. */
    private static final String WATCH = "while kill -0 \"$1\" 2> /dev/null; do"
        + " kill -0 \"$2\" 2> /dev/null || exit 0; sleep 1; done;"
        + " kill -9 \"$2\"; rm -rf \"$3\"";

    /** Starts it, and waits until it answers. */
    public final void start() {
        try {
            process = command().redirectErrorStream(true).redirectOutput(
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
            if (System.nanoTime() > deadline || !waits(50)) {
                throw new IllegalStateException(name() + " does not start:\n" + printed());
            }
        }
    }

    /** Ends it at once, as {@code kill -9} does, with all its processes. */
    public final void kill() {
        // What is stopped starts no process more, so that none is missed.
        signal("-STOP", Stream.of(process.toHandle()));
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()),
            process.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        awaitDeath();
        // PostgreSQL does not start while a back-end of before holds its shared memory.
        all.forEach(each -> each.onExit().completeOnTimeout(each, DEATH_MAX.toSeconds(),
            TimeUnit.SECONDS).join());
    }

    /** Stops all its processes where they are, or lets them go on, as a machine that hangs does. */
    public final void hang(boolean from) {
        signal(from ? "-STOP" : "-CONT",
            Stream.concat(Stream.of(process.toHandle()), process.descendants()));
    }

    private static void signal(String name, Stream<ProcessHandle> to) {
        List<String> command = new ArrayList<>(List.of("kill", name));
        to.forEach(each -> command.add(String.valueOf(each.pid())));
        try {
            // Not all need to be there still: a back-end may have ended meanwhile.
            new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether its first process lives. */
    public final boolean isAlive() {
        return process.isAlive();
    }

    /** The only value of the only row. */
    public final String ask(String url, String query) {
        try (Connection connection = DriverManager.getConnection(url, user(), user());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : "";
        } catch (SQLException e) {
            throw new IllegalStateException(name() + ": " + e.getMessage(), e);
        }
    }

    /** Asks it to end, and waits. */
    public final void stop() {
        process.destroy();
        awaitDeath();
    }

    /** Runs statements as the one who may do everything. */
    public final void execute(String url, String... statements) {
        try (Connection connection = DriverManager.getConnection(url, user(), user());
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(name() + ": " + e.getMessage(), e);
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

    /** Runs a command to its end. */
    static void run(ProcessBuilder command, Path log) {
        try {
            Process run = command.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
            if (run.waitFor() != 0) {
                throw new IllegalStateException(command.command() + " failed:\n"
                    + Files.readString(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    final Path log() {
        return home.resolve("server.log");
    }

    /** Whether it takes a connection and a question. */
    public final boolean answers() {
        try (Connection connection = DriverManager.getConnection(adminUrl(), user(), user())) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    private boolean waits(long millis) {
        try {
            return !process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void awaitDeath() {
        process.onExit().completeOnTimeout(process, DEATH_MAX.toSeconds(), TimeUnit.SECONDS).join();
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
        } catch (IOException e) {
            // It is below the directory for what may be lost.
        }
    }
}
