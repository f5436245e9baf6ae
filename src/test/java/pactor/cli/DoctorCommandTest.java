package pactor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import database.Databases;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pactor.LocalCoordinator;
import pactor.doctor.Bounded;
import pactor.doctor.DatabaseDoctor;
import pactor.doctor.Diagnosis;
import pactor.doctor.DiskDoctor;
import pactor.doctor.Heap;
import pactor.settings.Inputs;
import picocli.CommandLine;
import store.Histories;

/** It finds what is wrong, says what to do, and leaves everything as it is. */
class DoctorCommandTest {

    private static final List<String> NO_PORTS = List.of("--port", "0", "--grpc-port", "0");

    private static final String ROW = "INSERT INTO pactor_transaction (gid, ordinal, mode, status,"
        + " opened_at, updated_at, due_at, retry_millis, protocol, query_prepared, custom_data,"
        + " options, reason, result, quarantine) VALUES ('%s', 1, 'saga', '%s', 1, 1, %s, 1,"
        + " 'http', '', '', '', '', '', '%s')";

    private static final String NODE = "INSERT INTO pactor_node (address, incarnation, settled,"
        + " shards, version, started_at, seen_at) VALUES ('%s', 'i', %d, %d, 'dev', 1, %s)";

    /** Of the database, by its own clock. */
    private static final Map<String, String> NOW = Map.of(
        Databases.POSTGRESQL, "CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000000 AS BIGINT)",
        Databases.MARIADB, "TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(6))");

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {"", "missing/below"})
    void anEmptyDirectoryStaysEmpty(String below) throws IOException {
        assertEquals(0, doctor("--data-dir", dir.resolve(below).toString()), out.toString());

        assertTrue(out.toString().strip()
            .matches("(?s).*\\n\\d+ checks: \\d+ ok, \\d+ warn, 0 fail"), out.toString());
        assertTrue(says("ok", "database", "there is no H2 file"), out.toString());
        assertTrue(says("ok", "disk", "MiB free") || says("warn", "disk", "MiB free"));
        try (Stream<Path> files = Files.list(dir)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void aFileOfH2IsReadAndNotChanged() throws IOException {
        Histories.write(dir, Instant.now(), "ended");
        Histories.open(dir, Instant.now().minus(1, ChronoUnit.HOURS), "unfinished");
        List<String> before = content();

        assertEquals(0, doctor("--data-dir", dir.toString()), out.toString());

        assertTrue(says("ok", "schema", "version"), out.toString());
        assertTrue(says("warn", "transactions", "1 unfinished, 1 overdue by more than 60 s, "
            + "0 in quarantine, 0 forgotten -> start serve"), out.toString());
        assertEquals(before, content());
    }

    @Test
    void aFileThatIsHeldIsNotOpened() throws IOException {
        Histories.write(dir, Instant.now(), "ended");
        Path file = dir.resolve("pactor.mv.db");
        try (FileChannel held = FileChannel.open(file, StandardOpenOption.WRITE)) {
            held.lock();

            assertEquals(0, doctor("--data-dir", dir.toString()), out.toString());
        }
        assertTrue(says("ok", "database", "a running process has the H2 file " + file),
            out.toString());
        assertFalse(out.toString().contains("schema"), out.toString());
    }

    @Test
    void aFileThatIsNoDatabaseIsAFailure() throws IOException {
        Files.writeString(dir.resolve("pactor.mv.db"), "x".repeat(10_000));
        List<String> before = content();

        assertEquals(1, doctor("--data-dir", dir.toString()), out.toString());

        assertTrue(says("fail", "database", "the store"), out.toString());
        assertEquals(before, content());
    }

    @Test
    void everyMistakeOfTheConfigurationIsTold() throws IOException {
        assertEquals(78, run(List.of("doctor", "--json", "--data-dir", dir.toString(),
            "--port", "65536", "--log-level", "loud")));

        JsonNode said = new ObjectMapper().readTree(out.toString());
        assertEquals("fail", said.get("verdict").asText());
        assertEquals(2, said.get("checks").size(), out.toString());
        assertEquals("configuration", said.at("/checks/0/check").asText());
    }

    @Test
    void machinesGetTheSameAsJson() throws IOException {
        assertEquals(0, doctor("--json", "--data-dir", dir.toString()), out.toString());

        JsonNode said = new ObjectMapper().readTree(out.toString());
        assertTrue(List.of("ok", "warn").contains(said.get("verdict").asText()));
        List<String> checks = new ArrayList<>();
        said.get("checks").forEach(each -> checks.add(each.get("check").asText()));
        assertEquals(List.of("configuration", "memory", "database", "disk", "http", "grpc"),
            checks);
    }

    @ParameterizedTest
    @ValueSource(strings = {Databases.POSTGRESQL, Databases.MARIADB})
    void noTableIsMadeInAnEmptyDatabase(String kind) {
        String url = Databases.fresh(kind);

        assertEquals(0, doctor(url), out.toString());

        assertTrue(says("warn", "schema", "there are no tables -> start serve"), out.toString());
        assertTrue(says("ok", "database", "round trip"), out.toString());
        assertTrue(says("ok", "durability", "survives a power cut"), out.toString());
        assertTrue(says("ok", "clock", "this machine's"), out.toString());
        // The server has databases of other tests; MariaDB shows their tables too.
        String here = kind.equals(Databases.MARIADB) ? " AND table_schema = DATABASE()" : "";
        assertEquals(0, number(url, "SELECT COUNT(*) FROM information_schema.tables"
            + " WHERE table_name LIKE 'pactor%'" + here));
    }

    @ParameterizedTest
    @ValueSource(strings = {Databases.POSTGRESQL, Databases.MARIADB})
    void whatIsWrongWithTheRowsIsTold(String kind) {
        String url = Databases.fresh(kind);
        run(arguments(url, "schema", "apply"));
        out.getBuffer().setLength(0);
        assertEquals(0, doctor(url), out.toString());
        assertTrue(says("ok", "nodes", "none lives"), out.toString());
        assertTrue(says("ok", "transactions", "0 unfinished"), out.toString());

        Databases.server(kind).execute(url,
            String.format(ROW, "late", "submitted", "1", ""),
            String.format(ROW, "broken", "aborting", "NULL", "unreadable"),
            String.format(ROW, "forgotten", "prepared", "NULL", ""),
            String.format(ROW, "undead", "succeed", "5", ""),
            String.format(NODE, "pekko://pactor@10.0.0.1:7355", 1, 128, NOW.get(kind)),
            String.format(NODE, "pekko://pactor@10.0.0.2:7355", 1, 128, "1"),
            String.format(NODE, "pekko://pactor@10.0.0.3:7355", 2, 128, NOW.get(kind)),
            String.format(NODE, "pekko://pactor@10.0.0.4:7355", 1, 64, NOW.get(kind)));
        assertEquals(1, doctor(url));

        assertTrue(says("fail", "transactions", "3 unfinished, 1 overdue by more than 60 s, "
            + "1 in quarantine, 2 forgotten -> "), out.toString());
        assertTrue(says("ok", "nodes", "pekko://pactor@10.0.0.1:7355 (dev) lives, last renewed"));
        assertTrue(says("warn", "nodes", "10.0.0.2:7355 (dev) is taken for dead"));
        assertTrue(says("warn", "nodes", "10.0.0.3:7355 (dev) was shut out"));
        assertTrue(says("fail", "nodes", "10.0.0.4:7355 (dev) lives, with "
            + "pactor.coordinator.shards = 64"));
        assertEquals(4, number(url, "SELECT COUNT(*) FROM pactor_node"));
    }

    @ParameterizedTest
    @ValueSource(strings = {Databases.POSTGRESQL, Databases.MARIADB})
    void anotherSchemaComesWithTheCommandThatMendsIt(String kind) {
        String url = Databases.fresh(kind);
        run(arguments(url, "schema", "apply"));
        Databases.server(kind).execute(url, "DELETE FROM pactor_schema",
            "INSERT INTO pactor_schema (version) VALUES (1)");

        assertEquals(1, doctor(url), out.toString());

        assertTrue(says("fail", "schema", "pactor schema apply"), out.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {Databases.POSTGRESQL, Databases.MARIADB})
    void tablesThatLackAColumnAreAFailure(String kind) {
        String url = Databases.fresh(kind);
        run(arguments(url, "schema", "apply"));
        Databases.server(kind).execute(url, "ALTER TABLE pactor_node DROP COLUMN shards");

        assertEquals(1, doctor(url), out.toString());

        assertTrue(says("fail", "schema", "the store did not answer a question ("),
            out.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {Databases.POSTGRESQL, Databases.MARIADB})
    void aWrongUserIsAFailureWithoutThePassword(String kind) {
        List<String> args = arguments(Databases.fresh(kind), "doctor");
        args.set(args.size() - 3, "pactor.store.user=nobody");
        args.set(args.size() - 1, "pactor.store.password=canary");
        args.addAll(NO_PORTS);

        assertEquals(1, run(args));

        assertTrue(says("fail", "database", "does not know this user"), out.toString());
        assertFalse(out.toString().contains("canary"), out.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:postgresql", "jdbc:mariadb"})
    void aDatabaseThatHangsDoesNotHoldItUp(String scheme) throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            assertEquals(1, doctor(scheme + "://127.0.0.1:" + silent.getLocalPort() + "/pactor",
                "--set", "pactor.store.statement-timeout=1s",
                "--set", "pactor.store.socket-timeout=2s"));

            // By the time-outs of its own, and not since it was given up.
            assertTrue(says("fail", "database", "cannot be reached"), out.toString());
        }
    }

    @Test
    void whatDoesNotEndIsGivenUp() throws IOException {
        assertFalse(Bounded.run(Duration.ofMillis(50), () -> {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
        }));
    }

    @Test
    void aPortOfAStrangerIsAFailure() throws IOException {
        HttpServer stranger =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 9);
        stranger.start();
        try {
            String port = String.valueOf(stranger.getAddress().getPort());

            assertEquals(1, run(List.of("doctor", "--data-dir", dir.toString(),
                "--port", port, "--grpc-port", port)));

            assertTrue(says("fail", "http", "does not answer as Pactor does"), out.toString());
            assertTrue(says("fail", "grpc", "--grpc-port"), out.toString());
        } finally {
            stranger.stop(0);
        }
    }

    /** It may be the running server, which is busy: nobody is told to stop it. */
    @Test
    void aPortWhoseOwnerDoesNotAnswerIsAWarningInOneLine() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(silent.getLocalPort());

            assertEquals(0, run(List.of("doctor", "--data-dir", dir.toString(),
                "--port", port, "--grpc-port", port)), out.toString());

            for (String door : List.of(" http ", " grpc ")) {
                List<String> lines =
                    out.toString().lines().filter(line -> line.contains(door)).toList();
                assertEquals(1, lines.size(), out.toString());
                assertTrue(lines.get(0).startsWith("warn"), lines.get(0));
                assertTrue(lines.get(0).contains("did not answer"), lines.get(0));
            }
            assertFalse(out.toString().contains("stop it"), out.toString());
        }
    }

    @Test
    void theRunningPactorIsKnownByItsPorts() {
        try (LocalCoordinator running = LocalCoordinator.start()) {
            List<String> ports = List.of("--port", String.valueOf(running.http().getPort()),
                "--grpc-port", String.valueOf(running.grpc().getPort()));
            List<String> same = new ArrayList<>(List.of("doctor", "--test-mode"));
            same.addAll(ports);
            List<String> other = new ArrayList<>(List.of("doctor", "--data-dir", dir.toString()));
            other.addAll(ports);

            assertEquals(0, run(same), out.toString());
            assertTrue(says("ok", "http", "is taken by the running Pactor"), out.toString());
            assertTrue(says("ok", "grpc", "is taken by the running Pactor"), out.toString());
            assertEquals(1, run(other), out.toString());
            assertTrue(says("fail", "http", "is taken by a Pactor that stores elsewhere"));
        }
    }

    @ParameterizedTest(name = "{0} ms is {1}")
    @CsvSource({"0, OK", "1000, OK", "-1001, WARN", "1001, WARN", "5000, WARN", "-5001, FAIL"})
    void aClockIsJudgedByItsDistance(long millis, Diagnosis.Verdict verdict) {
        Duration ahead = Duration.ofMillis(millis);

        assertEquals(verdict, DatabaseDoctor.clock(ahead, ahead.abs()).verdict());
    }

    @ParameterizedTest(name = "{0} MiB is {1}")
    @CsvSource({"239, WARN", "240, OK", "256, OK"})
    void aHeapIsJudgedByHowFarItMayGrow(long mib, Diagnosis.Verdict verdict) {
        assertEquals(verdict, Heap.judge(mib << 20, false).verdict());
    }

    @ParameterizedTest(name = "{0} MiB is {1}")
    @CsvSource({"239, WARN", "256, WARN", "495, WARN", "496, OK", "512, OK"})
    void aSmallHeapIsNothingForG1(long mib, Diagnosis.Verdict verdict) {
        assertEquals(verdict, Heap.judge(mib << 20, true).verdict());
    }

    @ParameterizedTest(name = "{0} MiB is {1}")
    @CsvSource({"99, FAIL", "100, WARN", "1023, WARN", "1024, OK"})
    void aDiskIsJudgedByWhatIsFree(long mib, Diagnosis.Verdict verdict) {
        assertEquals(verdict, DiskDoctor.judge("here", mib << 20).verdict());
    }

    private boolean says(String verdict, String check, String found) {
        return out.toString().lines().anyMatch(line ->
            line.startsWith(verdict) && line.contains(" " + check + " ") && line.contains(found));
    }

    private int doctor(String... args) {
        List<String> all = args[0].startsWith("jdbc:") ? arguments(args[0], "doctor")
            : new ArrayList<>(List.of("doctor", args[0]));
        all.addAll(Arrays.asList(args).subList(1, args.length));
        all.addAll(NO_PORTS);
        return run(all);
    }

    private static List<String> arguments(String url, String... command) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(Databases.arguments(url));
        return all;
    }

    private int run(List<String> args) {
        Inputs process = new Inputs(List.of(), Map.of(), Map.of(), Optional.empty());
        CommandLine commands = Main.commandLine(process, (effective, live, guard) -> {
            throw new IllegalStateException("nothing is launched");
        });
        commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Main.run(commands, args.toArray(String[]::new));
    }

    /** Each file with its bytes. */
    private List<String> content() throws IOException {
        List<String> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(dir)) {
            for (Path file : files.sorted().toList()) {
                all.add(file.getFileName() + " " + Arrays.hashCode(Files.readAllBytes(file))
                    + " " + Files.getLastModifiedTime(file));
            }
        }
        return all;
    }

    private static long number(String url, String query) {
        try (Connection connection = DriverManager.getConnection(url, "pactor", "pactor");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
