package database;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** PostgreSQL, from the packages of the machine. */
public final class PostgresServer extends DatabaseServer {

    /** Where Debian has its versions, and others theirs. */
    private static final List<Path> PLACES =
        List.of(Path.of("/usr/lib/postgresql"), Path.of("/usr/pgsql"), Path.of("/opt/postgresql"));

    private final Path binaries;
    private final Path data;

    /** Prepares one; {@link #start} starts it. @throws IllegalStateException if there is none */
    public PostgresServer() {
        binaries = binaries().orElseThrow(() -> new IllegalStateException("no PostgreSQL here"));
        data = home.resolve("data");
        if (isRoot()) {
            run(new ProcessBuilder("chown", "postgres", home.toString()), log());
        }
        List<String> command = new ArrayList<>(asUser());
        command.addAll(List.of(binaries.resolve("initdb").toString(), "-D", data.toString(), "-U",
            user(), "-A", "trust", "-E", "UTF8", "--locale=C", "-N"));
        run(new ProcessBuilder(command).directory(home.toFile()), log());
    }

    /** Whether there is one on this machine. */
    public static boolean isHere() {
        return binaries().isPresent();
    }

    @Override
    public void create(String database) {
        execute(adminUrl(), "CREATE DATABASE " + database);
    }

    @Override
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    @Override
    public String user() {
        return "pactor";
    }

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    String adminUrl() {
        return url("postgres");
    }

    @Override
    ProcessBuilder command() {
        List<String> command = new ArrayList<>(asUser());
        command.addAll(List.of(binaries.resolve("postgres").toString(), "-D", data.toString(),
            "-p", String.valueOf(port), "-k", home.toString(),
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=on", "-c", "synchronous_commit=on",
            "-c", "max_connections=200", "-c", "shared_buffers=64MB"));
        return new ProcessBuilder(command).directory(home.toFile());
    }

    /** PostgreSQL does not run as root. */
    private static List<String> asUser() {
        return isRoot()
            ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
            : List.of();
    }

    private static Optional<Path> binaries() {
        for (Path place : PLACES) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> versions = Files.list(place)) {
                    Optional<Path> newest = versions.map(version -> version.resolve("bin"))
                        .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                        .max(java.util.Comparator.comparing(
                            bin -> Integer.parseInt(bin.getParent().getFileName().toString())));
                    if (newest.isPresent()) {
                        return newest;
                    }
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        }
        return Optional.empty();
    }
}
