package database;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** MariaDB, from the packages of the machine. */
public final class MariadbServer extends DatabaseServer {

    private static final List<Path> PLACES =
        List.of(Path.of("/usr/sbin/mariadbd"), Path.of("/usr/libexec/mariadbd"));

    private final Path data;

    /** Prepares one; {@link #start} starts it. @throws IllegalStateException if there is none */
    public MariadbServer() {
        this(null);
    }

    /** The same, with all its data in an empty {@code directory}; null for one of its own. */
    public MariadbServer(Path directory) {
        if (!isHere()) {
            throw new IllegalStateException("no MariaDB here");
        }
        data = directory == null ? home.resolve("data") : directory;
        List<String> command = new ArrayList<>(List.of("mariadb-install-db", "--no-defaults",
            "--datadir=" + data, "--auth-root-authentication-method=normal",
            "--skip-test-db", "--innodb-log-file-size=32M"));
        if (isRoot()) {
            run(new ProcessBuilder("chown", "mysql", home.toString(),
                (directory == null ? home : directory).toString()), log());
            command.add("--user=mysql");
        }
        run(new ProcessBuilder(command).directory(home.toFile()), log());
        try {
            Files.writeString(home.resolve("init.sql"), "CREATE USER IF NOT EXISTS '" + user()
                + "'@'%' IDENTIFIED BY '" + user() + "';\nGRANT ALL ON *.* TO '" + user()
                + "'@'%' WITH GRANT OPTION;\n");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Whether there is one on this machine. */
    public static boolean isHere() {
        return program().isPresent();
    }

    @Override
    public void create(String database) {
        execute(adminUrl(), "CREATE DATABASE " + database);
    }

    @Override
    public String url(String database) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + database;
    }

    @Override
    public String user() {
        return "pactor";
    }

    @Override
    public String name() {
        return "mariadb";
    }

    @Override
    String adminUrl() {
        return url("");
    }

    @Override
    ProcessBuilder command() {
        List<String> command = new ArrayList<>(List.of(program().orElseThrow().toString(),
            "--no-defaults", "--datadir=" + data, "--port=" + port, "--bind-address=127.0.0.1",
            "--skip-name-resolve", "--socket=" + home.resolve("s"),
            "--pid-file=" + home.resolve("pid"), "--init-file=" + home.resolve("init.sql"),
            "--innodb-flush-log-at-trx-commit=1", "--innodb-log-file-size=32M",
            "--innodb-buffer-pool-size=64M", "--max-connections=200"));
        if (isRoot()) {
            command.add("--user=mysql");
        }
        return new ProcessBuilder(command).directory(home.toFile());
    }

    private static Optional<Path> program() {
        return PLACES.stream().filter(Files::isExecutable).findFirst();
    }
}
