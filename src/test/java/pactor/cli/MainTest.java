package pactor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import health.Guard;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pactor.Running;
import pactor.settings.Effective;
import pactor.settings.Inputs;
import pactor.settings.LiveSettings;
import pactor.settings.Settings;
import picocli.CommandLine;
import signature.SigningKeys;

class MainTest {

    private static final String CANARY = "canary";

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Settings> launched = new ArrayList<>();
    private RuntimeException failure;

    @ParameterizedTest(name = "[{0}] exits with {1} and says: {2}")
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
        --help                         | 0  | Usage: pactor
        -h                             | 0  | Usage: pactor
        help serve                     | 0  | Usage: pactor serve
        --version                      | 0  | pactor dev
        -v                             | 0  | pactor dev
        version                        | 0  | pactor dev
        serve --version                | 0  | pactor dev
        config print                   | 0  | pactor.http.port = 8080  # default
        config print --port 9          | 0  | pactor.http.port = 9  # flag --port
        config print -d                | 0  | pactor.log.level = debug  # flag -d
        config check                   | 0  | can be used
        config print --power-loss-safe | 0  | pactor.store.power-loss-safe = on
        config print --set pactor.waker.in-flight=3 | 0 | pactor.waker.in-flight = 3  # flag --set
        token create orders client:orders-* | 0  | orders client:orders-* sha256:
        token create orders client     | 0  | token: pactor_
        token create orders owner      | 2  | there is no role "owner"
        token create orders            | 2  | Missing required parameter
        token                          | 2  | say token create or token reset-admin
        key                            | 2  | say key create or key show
        key create                     | 2  | Missing required parameter
        --host 0.0.0.0                 | 78 | pactor.security.allow-insecure = on
        --host 0.0.0.0 --set pactor.security.authentication=off | 78 | set auto
        --set pactor.security.oidc.issuer=http://x | 78 | pactor.security.identities-file
        config                         | 2  | say config print or config check
        frob                           | 2  | Unmatched argument
        srve                           | 2  | Did you mean
        serve frob                     | 2  | Unmatched argument
        serve --frob                   | 2  | Unknown option
        --frob                         | 2  | Unknown option
        --port                         | 2  | Missing required parameter
        -d --log-level info            | 2  | exclude each other
        --set port                     | 2  | --set takes KEY=VALUE
        -r                             | 2  | would delete every transaction
        bench --frob                   | 2  | Unknown option
        config check --port 65536      | 78 | from 0 to 65535
        schema                         | 2  | say schema print, schema check or schema apply
        schema print --dialect mariadb | 0  | ENGINE=InnoDB
        schema print --dialect h2      | 0  | INSERT INTO pactor_schema (version) VALUES (
        schema print --dialect oracle  | 2  | h2, mariadb, postgresql
        schema print --from 99         | 2  | --from is a version from 0 to
        schema check --data-dir none   | 1  | there is no data directory
        --port x                       | 78 | flag --port
        --log-level loud               | 78 | one of trace, debug
        --set pactor.http.prot=1       | 78 | did you mean pactor.http.port?
        --config none.yaml             | 78 | there is no such file
        """)
    void theExitCodeTellsWhatHappened(String args, int code, String says) {
        assertEquals(code, run(args.split(" ")), err.toString());

        String said = code == 0 ? out.toString() : err.toString();
        assertTrue(said.contains(says), said);
        assertFalse(said.contains("\tat ") || said.contains("    at "), said);
        assertTrue(launched.isEmpty());
    }

    @Test
    void withoutACommandItServesAndSaysSoInOneLine() {
        Path data = dir.resolve("a/b");
        int code = run("--port", "0", "--data-dir", data.toString());

        assertEquals(1, code, "it ended by itself");
        assertEquals("pactor dev listening on http://127.0.0.1:12345 "
            + "and grpc://127.0.0.1:23456, storing in somewhere, "
            + "durability: as told\n", out.toString().replace("\r", ""));
        assertEquals(data, launched.get(0).store().dataDir());
        assertTrue(Files.isDirectory(data));
    }

    @Test
    void keysAreAddedToAFileThatNobodyElseReads() throws IOException {
        Path file = dir.resolve("signing.pem");
        assertEquals(0, run("key", "create", file.toString()), err.toString());
        assertEquals(0, run("key", "create", file.toString()), err.toString());
        assertEquals("rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        SigningKeys keys = SigningKeys.of(Files.readAllLines(file));
        assertEquals(keys.all().stream().map(key -> "key: " + key.id()).toList(),
            out.toString().lines().toList());
        assertEquals(0, run("key", "show", file.toString()));
        assertTrue(out.toString().endsWith(new String(keys.published()) + System.lineSeparator()),
            out.toString());
        String secret = Files.readAllLines(file).get(1);
        assertFalse(out.toString().contains(secret.substring(22)), out.toString());

        Files.writeString(file, "something else");
        assertEquals(2, run("key", "show", file.toString()));
        assertEquals(0, run("key", "create", file.toString()));
        assertTrue(Files.readString(file).startsWith("something else\n-----BEGIN"));
        Files.writeString(file,
            "-----BEGIN RSA PRIVATE KEY-----\nAA\n-----END RSA PRIVATE KEY-----");
        assertEquals(2, run("key", "create", file.toString()));
        assertFalse(Files.readString(file).contains("BEGIN PRIVATE KEY"));
    }

    @Test
    void theTablesAreMadeAndChecked() {
        String in = "jdbc:h2:file:" + dir.resolve("pactor") + ";WRITE_DELAY=0";
        String[] where = {"--set", "pactor.store.jdbc-url=" + in};

        assertEquals(1, run("schema", "check", where[0], where[1]));
        assertTrue(err.toString().contains("there are no tables"), err.toString());
        assertEquals(0, run("schema", "apply", where[0], where[1]));
        assertEquals(0, run("schema", "apply", where[0], where[1]));
        assertEquals(0, run("schema", "check", where[0], where[1]));
        assertTrue(out.toString().contains("was made"), out.toString());
        assertTrue(out.toString().contains("is there already"), out.toString());
    }

    @Test
    void theTestModeIsRefusedWhereItCouldDoHarm() throws IOException {
        Path cluster = Files.writeString(dir.resolve("cluster.conf"),
            "pekko.cluster.seed-nodes = [\"pekko://pactor@a:1\", \"pekko://pactor@b:1\"]");

        assertEquals(78, run("--test-mode", "--config", cluster.toString()));
        assertEquals(78, run("--test-mode", "--set", "pactor.store.jdbc-url=jdbc:h2:tcp://h/d"));
        assertEquals(78,
            run("--test-mode", "--set", "pactor.store.jdbc-url=jdbc:postgresql://h/d"));

        List<String> said = err.toString().lines().toList();
        assertEquals(3, said.size(), err.toString());
        assertTrue(said.get(0).contains("in a cluster of more than one node"), said.get(0));
        assertTrue(said.get(1).contains("a database that others may use"), said.get(1));
        assertTrue(launched.isEmpty());
        assertEquals(1, run("--test-mode"));
        assertTrue(launched.get(0).testMode());
        assertFalse(launched.get(0).store().url().isEmpty());
    }

    @Test
    void aDataDirectoryThatIsNoneIsOneLine() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");

        assertEquals(1, run("--data-dir", file.toString()));
        assertEquals(1, run("--data-dir", file.resolve("below").toString()));

        assertEquals(2, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains("the data directory " + file + " cannot be used: "
            + "it is not a directory"), err.toString());
        assertTrue(launched.isEmpty());
    }

    @Test
    void whatKeepsItFromStartingIsOneLine() {
        Map<RuntimeException, String> lines = Map.of(
            new RuntimeException("bind failed", new BindException("Address already in use")),
            "cannot listen on 127.0.0.1:8080: the port is in use",
            new RuntimeException(new SQLException("locked", "90020", 90020)),
            "is in use by another process",
            new RuntimeException(new SQLException("wrong", "28000", 28000)),
            "has another user or password",
            new RuntimeException(
                new SQLException("url jdbc:x;PASSWORD=" + CANARY + "\nat", "1", 1)),
            "cannot be used: url jdbc:x;PASSWORD=***",
            new IllegalStateException("first line\nsecond line"),
            "cannot start: first line");
        lines.forEach((thrown, line) -> {
            err.getBuffer().setLength(0);
            failure = thrown;

            assertEquals(1, run("--data-dir", dir.toString()));

            assertEquals(1, err.toString().lines().count(), err.toString());
            assertTrue(err.toString().startsWith("pactor: "), err.toString());
            assertTrue(err.toString().contains(line), err.toString());
            assertFalse(err.toString().contains(CANARY), err.toString());
        });
        assertEquals("", out.toString());
    }

    @Test
    void theConfigurationIsPrintedWithoutSecrets() throws IOException {
        Path file = Files.writeString(dir.resolve("config.yaml"),
            "Store: {Password: " + CANARY + "}\nAlertWebHook: http://h/" + CANARY + "\n"
                + "AdminBasePath: /dtm\n");

        assertEquals(0, run("config", "print", "-c", file.toString()));

        assertFalse((out.toString() + err).contains(CANARY), out.toString() + err);
        assertTrue(err.toString().startsWith("warning: " + file + ":3 AdminBasePath is ignored"));
    }

    private int run(String... args) {
        Inputs process = new Inputs(List.of(), Map.of(), Map.of(), Optional.empty());
        CommandLine commands = Main.commandLine(process, this::launch);
        commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Main.run(commands, args);
    }

    private Running launch(Effective effective, LiveSettings live, Guard guard) {
        if (failure != null) {
            throw failure;
        }
        launched.add(live.get());
        return new Ended();
    }

    /** Serves, and has ended before anybody looks. */
    private static final class Ended implements Running {

        @Override
        public InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 12_345);
        }

        @Override
        public Optional<InetSocketAddress> grpcAddress() {
            return Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 23_456));
        }

        @Override
        public String storing() {
            return "somewhere";
        }

        @Override
        public String durability() {
            return "as told";
        }

        @Override
        public CompletionStage<?> terminated() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
