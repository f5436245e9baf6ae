package io.pactor.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** MariaDB, from the packages of the machine. */
public final class MariadbServer extends DatabaseServer {

    private static final List<Path> PLACES =
        List.of(Path.of("/usr/sbin/mariadbd"), Path.of("/usr/libexec/mariadbd"));

    private static final String ACCOUNT = "mysql";

    private MariadbServer() {
        if (!isHere()) {
            throw new IllegalStateException("no MariaDB here");
        }
        if (isRoot()) {
            run(new ProcessBuilder("chown", ACCOUNT, home.toString()));
        }
        run(withUser("mariadb-install-db", "--no-defaults", "--datadir=" + home.resolve("data"),
            "--auth-root-authentication-method=normal", "--skip-test-db",
            "--innodb-log-file-size=16M"));
        try {
            Files.writeString(home.resolve("init.sql"), "create user if not exists '" + USER
                + "'@'%' identified by '" + USER + "';\ngrant all on *.* to '" + USER
                + "'@'%' with grant option;\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether this machine has it. */
    public static boolean isHere() {
        return program().isPresent();
    }

    /** One of the caller's own, running. @throws IllegalStateException if there is none here */
    public static MariadbServer running() {
        MariadbServer server = new MariadbServer();
        server.start();
        return server;
    }

    /** The one that this JVM's tests share; not to be closed or killed. Any thread. */
    public static MariadbServer shared() {
        return Shared.SERVER;
    }

    private static final class Shared {

        private static final MariadbServer SERVER = running();
    }

    @Override
    public String url(String database) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?user=" + USER
            + "&password=" + USER;
    }

    @Override
    String adminUrl() {
        return url("");
    }

    @Override
    ProcessBuilder command() {
        return withUser(program().orElseThrow().toString(), "--no-defaults",
            "--datadir=" + home.resolve("data"), "--port=" + port, "--bind-address=127.0.0.1",
            "--skip-name-resolve", "--socket=" + home.resolve("s"),
            "--pid-file=" + home.resolve("pid"), "--init-file=" + home.resolve("init.sql"),
            "--innodb-log-file-size=16M", "--innodb-buffer-pool-size=32M",
            "--max-connections=100");
    }

    private static ProcessBuilder withUser(String... command) {
        List<String> all = new ArrayList<>(List.of(command));
        if (isRoot()) {
            all.add("--user=" + ACCOUNT);
        }
        return new ProcessBuilder(all);
    }

    private static Optional<Path> program() {
        return PLACES.stream().filter(Files::isExecutable).findFirst();
    }
}
