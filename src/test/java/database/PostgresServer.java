package database;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** PostgreSQL, from the packages of the machine, or else from a jar of the tests. */
public final class PostgresServer extends DatabaseServer {

    /** Where Debian has its versions, and others theirs. */
    private static final List<Path> PLACES =
        List.of(Path.of("/usr/lib/postgresql"), Path.of("/usr/pgsql"), Path.of("/opt/postgresql"));

    /** Who runs it where the tests run as root: the packages make an account for it. */
    private static final String ACCOUNT = installed().isPresent() ? "postgres" : "65534";

    private final Path binaries;
    private final Path data;
    private final List<String> options;

    /** Prepares one; {@link #start} starts it. @throws IllegalStateException if there is none */
    public PostgresServer() {
        this(List.of());
        initialize(List.of());
    }

    /** The same, with options of the server, such as {@code max_connections=20}. */
    public static PostgresServer with(String... options) {
        PostgresServer server = new PostgresServer(List.of(options));
        server.initialize(List.of());
        return server;
    }

    /** One that writes its log into {@code directory}, which is empty, in pieces of 1 MiB. */
    public static PostgresServer withLog(Path directory, List<String> options) {
        PostgresServer server = new PostgresServer(options);
        server.give(directory);
        server.initialize(List.of("--waldir=" + directory, "--wal-segsize=1"));
        return server;
    }

    /** The one from the jar, whatever the machine has. */
    static PostgresServer bundled() {
        PostgresServer server = new PostgresServer(BundledPostgres.binaries(), List.of());
        server.initialize(List.of());
        return server;
    }

    private PostgresServer(List<String> options) {
        this(binaries(), options);
    }

    private PostgresServer(Optional<Path> binaries, List<String> options) {
        this.options = options;
        this.binaries =
            binaries.orElseThrow(() -> new IllegalStateException("no PostgreSQL here"));
        data = home.resolve("data");
        give(home);
    }

    /** Prepares one that follows {@code primary}, which must run, as a streaming standby. */
    public static PostgresServer following(PostgresServer primary) {
        PostgresServer standby = new PostgresServer(primary.options);
        standby.follow(primary);
        return standby;
    }

    /** Forgets all that it has, and follows {@code primary}; it must be started again. */
    public void follow(PostgresServer primary) {
        run(new ProcessBuilder("rm", "-rf", data.toString()), log());
        runAsUser(List.of("pg_basebackup", "-D", data.toString(), "-h", "127.0.0.1", "-p",
            String.valueOf(primary.port), "-U", primary.user(), "-R", "-X", "stream", "-c",
            "fast", "--no-sync"));
    }

    /** A standby hears no more of its primary. Returns when that is so. */
    public void unfollow() {
        execute(adminUrl(), "ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()");
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!ask(adminUrl(), "SELECT COUNT(*) FROM pg_stat_wal_receiver").equals("0")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("it still follows");
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** From now on a commit waits for the standby, whichever it is. Returns when there is one. */
    public void awaitStandbyInEachCommit() {
        execute(adminUrl(), "ALTER SYSTEM SET synchronous_standby_names = '*'",
            "SELECT pg_reload_conf()");
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!hasSynchronousStandby()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("no standby has come");
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** Whether a commit waits for a standby, and the standby is there. */
    public boolean hasSynchronousStandby() {
        return ask(adminUrl(), "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
            + " AND state = 'streaming'").equals("1");
    }

    /** Makes the primary of a standby. Returns when it takes writes. */
    public void promote() {
        execute(adminUrl(), "SELECT pg_promote(true, 30)");
    }

    /** Hands a directory to the user who runs it. */
    public void give(Path directory) {
        if (isRoot()) {
            run(new ProcessBuilder("chown", ACCOUNT, directory.toString()), log());
        }
    }

    private void initialize(List<String> more) {
        List<String> command = new ArrayList<>(List.of("initdb", "-D", data.toString(), "-U",
            user(), "-A", "trust", "-E", "UTF8", "--locale=C", "-N"));
        command.addAll(more);
        runAsUser(command);
    }

    private void runAsUser(List<String> command) {
        List<String> all = new ArrayList<>(asUser());
        all.add(binaries.resolve(command.get(0)).toString());
        all.addAll(command.subList(1, command.size()));
        run(new ProcessBuilder(all).directory(home.toFile()), log());
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
        options.forEach(option -> command.addAll(List.of("-c", option)));
        return new ProcessBuilder(command).directory(home.toFile());
    }

    /** PostgreSQL does not run as root. */
    private static List<String> asUser() {
        return isRoot()
            ? List.of("setpriv", "--reuid=" + ACCOUNT, "--regid=" + ACCOUNT, "--clear-groups")
            : List.of();
    }

    /** Whether standbys can be made here, for which the packages have the program. */
    public static boolean canFollow() {
        return binaries().filter(bin -> Files.isExecutable(bin.resolve("pg_basebackup")))
            .isPresent();
    }

    private static Optional<Path> binaries() {
        return installed().or(BundledPostgres::binaries);
    }

    private static Optional<Path> installed() {
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
