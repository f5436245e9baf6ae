package io.pactor.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** PostgreSQL, from the packages of the machine. */
public final class PostgresServer extends DatabaseServer {

    /** Where Debian has its versions, and others theirs. */
    private static final List<Path> PLACES =
        List.of(Path.of("/usr/lib/postgresql"), Path.of("/usr/pgsql"), Path.of("/opt/postgresql"));

    private static final String ACCOUNT = "postgres";

    private final Path binaries;
    private final List<String> settings;

    private PostgresServer(List<String> settings) {
        this.settings = settings;
        binaries = binaries().orElseThrow(() -> new IllegalStateException("no PostgreSQL here"));
        if (isRoot()) {
            run(new ProcessBuilder("chown", ACCOUNT, home.toString()));
        }
        run(asUser("initdb", "-D", home.resolve("data").toString(), "-U", USER, "-A", "trust",
            "-E", "UTF8", "--locale=C", "-N"));
    }

    /** Whether this machine has it. */
    public static boolean isHere() {
        return binaries().isPresent();
    }

    /**
     * One of the caller's own, running.
     *
     * @param settings in place of the usual ones, such as {@code max_prepared_transactions=0}
     * @throws IllegalStateException if there is none here
     */
    public static PostgresServer running(String... settings) {
        PostgresServer server = new PostgresServer(List.of(settings));
        server.start();
        return server;
    }

    /** The one that this JVM's tests share; not to be closed or killed. Any thread. */
    public static PostgresServer shared() {
        return Shared.SERVER;
    }

    private static final class Shared {

        private static final PostgresServer SERVER = running();
    }

    @Override
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + USER
            + "&password=" + USER;
    }

    @Override
    String adminUrl() {
        return url("postgres");
    }

    @Override
    ProcessBuilder command() {
        List<String> command = new ArrayList<>(List.of("-D", home.resolve("data").toString(), "-p",
            String.valueOf(port), "-k", home.toString(), "-c", "listen_addresses=127.0.0.1",
            "-c", "max_connections=100", "-c", "shared_buffers=32MB",
            "-c", "max_prepared_transactions=50"));
        settings.forEach(each -> command.addAll(List.of("-c", each)));
        return asUser("postgres", command.toArray(String[]::new));
    }

    private ProcessBuilder asUser(String program, String... arguments) {
        List<String> all = new ArrayList<>(isRoot() ? List.of("setpriv", "--reuid=" + ACCOUNT,
            "--regid=" + ACCOUNT, "--clear-groups") : List.of());
        all.add(binaries.resolve(program).toString());
        all.addAll(List.of(arguments));
        return new ProcessBuilder(all);
    }

    private static Optional<Path> binaries() {
        return PLACES.stream().filter(Files::isDirectory).flatMap(PostgresServer::versions)
            .max(Comparator.comparing(
                bin -> Integer.parseInt(bin.getParent().getFileName().toString())));
    }

    private static Stream<Path> versions(Path place) {
        try (Stream<Path> versions = Files.list(place)) {
            return versions.filter(each -> each.getFileName().toString().matches("\\d{1,4}"))
                .map(each -> each.resolve("bin"))
                .filter(bin -> Files.isExecutable(bin.resolve("initdb"))).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
