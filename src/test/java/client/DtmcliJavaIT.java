package client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that nobody here wrote: {@code io.github.dtm-labs:dtmcli-java} 2.1.5, unchanged.
 *
 * <p>Its dependencies are years older than ours, so the build lays its jars, each pinned, into
 * {@code target/dtmcli/lib}; the program in {@code src/test/dtmcli} is compiled against them here
 * and runs in a JVM of its own. It prints what the client saw and what the banks did; this class
 * compares that with what should be, and with what the coordinator says.
 */
@DisplayName("dtmcli-java 2.1.5, unchanged, against the runnable jar")
final class DtmcliJavaIT {

    private static final Path ROOT = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final long DRIVER_MAX_SECONDS = 120;

    @TempDir
    static Path scratch;

    private static CoordinatorProcess coordinator;
    private static final Map<String, Told> TOLD = new LinkedHashMap<>();

    /** One line of the program: {@code story|gid|seen|balances|worked}. */
    private record Told(String gid, String seen, String balances, String worked) {}

    @BeforeAll
    static void runTheProgramOnce() throws Exception {
        String classPath = classPath();
        Path classes = compile(classPath);
        // The client cannot ask for a shorter interval, so the server's is shortened by DTM's name.
        coordinator = CoordinatorProcess.start(CoordinatorProcess.Launch.in(scratch.resolve("data"))
                .withEnvironment(Map.of("RETRY_INTERVAL", "1")));
        String output = run(classes + File.pathSeparator + classPath);
        output.lines().filter(line -> line.startsWith("RESULT ")).forEach(line -> {
            String[] parts = line.substring("RESULT ".length()).split("\\|", -1);
            TOLD.put(parts[0], new Told(parts[1], parts[2], parts[3], parts[4]));
        });
        assertEquals(6, TOLD.size(), () -> "the program printed:\n" + output
                + "\nand the coordinator:\n" + String.join("\n", coordinator.log()));
    }

    @AfterAll
    static void stopTheCoordinator() {
        if (coordinator != null) {
            coordinator.close();
        }
    }

    @Test
    void aSagaSucceeds() throws Exception {
        Told told = TOLD.get("saga-success");

        assertEquals("submitted", told.seen());
        assertEquals("a=70 b=130", told.balances());
        assertEquals("01 action,02 action", told.worked());
        assertEnd(told, "succeed", "01 compensate prepared", "01 action succeed",
                "02 compensate prepared", "02 action succeed");
    }

    @Test
    void aRefusedSagaIsCompensatedAndTheWaitingClientIsTold() throws Exception {
        Told told = TOLD.get("saga-rollback");

        assertEquals("refused", told.seen());
        assertEquals("a=70 b=130", told.balances());
        // The client's barrier lets the refused action be compensated; the ledger undoes nothing.
        assertEquals("01 action,02 compensate,01 compensate", told.worked());
        assertEnd(told, "failed", "01 compensate succeed", "01 action succeed",
                "02 compensate succeed", "02 action failed");
    }

    @Test
    void aTccConfirms() throws Exception {
        Told told = TOLD.get("tcc-confirm");

        assertEquals("submitted", told.seen());
        assertEquals("a=60 b=140", told.balances());
        assertEquals("01 try,02 try,02 confirm,01 confirm", told.worked());
        assertEnd(told, "succeed", "01 cancel prepared", "01 confirm succeed",
                "02 cancel prepared", "02 confirm succeed");
    }

    @Test
    void aRefusedTryCancelsEveryBranch() throws Exception {
        Told told = TOLD.get("tcc-cancel");

        assertEquals("refused", told.seen());
        assertEquals("a=60 b=140", told.balances());
        // The cancel of the second branch stops at the barrier: its try left nothing behind.
        assertEquals("01 try,01 cancel", told.worked());
        assertEnd(told, "failed", "01 cancel succeed", "01 confirm prepared",
                "02 cancel succeed", "02 confirm prepared");
    }

    @Test
    void aRepeatedConfirmIsDoneOnce() throws Exception {
        Told told = TOLD.get("barrier-repeat");

        assertEquals("submitted", told.seen());
        assertEquals("a=55 b=140", told.balances());
        assertEquals("01 try,01 confirm", told.worked());
        assertEnd(told, "succeed", "01 cancel prepared", "01 confirm succeed");
    }

    @Test
    void aTryAfterItsCancelHasNoEffect() throws Exception {
        Told told = TOLD.get("barrier-late-try");

        assertEquals("refused", told.seen());
        assertEquals("a=55 b=140", told.balances());
        assertEquals("", told.worked());
        assertEnd(told, "failed", "01 cancel succeed", "01 confirm prepared");
    }

    /** Waits, since the client is told before the last answer is on record. */
    private static void assertEnd(Told told, String status, String... rows) {
        Awaitility.await().atMost(10, TimeUnit.SECONDS).untilAsserted(() -> {
            JsonNode found = query(told.gid());
            List<String> branches = StreamSupport
                    .stream(found.path("branches").spliterator(), false)
                    .map(row -> String.join(" ", row.path("branch_id").asText(),
                            row.path("op").asText(), row.path("status").asText()))
                    .toList();
            assertEquals(status, found.path("transaction").path("status").asText());
            assertEquals(List.of(rows), branches);
        });
    }

    private static JsonNode query(String gid) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(coordinator.uri("/api/dtmsvr/query?gid=" + gid)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(200, answer.statusCode());
        return new ObjectMapper().readTree(answer.body());
    }

    /** The pinned jars of the client, and the H2 of this build for its barrier table. */
    private static String classPath() throws IOException, URISyntaxException {
        List<String> jars = new ArrayList<>();
        Path lib = ROOT.resolve("target/dtmcli/lib");
        assertTrue(Files.isDirectory(lib), () -> lib + " is missing; mvn verify fills it");
        try (Stream<Path> files = Files.list(lib)) {
            files.map(Path::toString).sorted().forEach(jars::add);
        }
        jars.add(Path.of(org.h2.Driver.class.getProtectionDomain().getCodeSource().getLocation()
                .toURI()).toString());
        return String.join(File.pathSeparator, jars);
    }

    private static Path compile(String classPath) throws IOException {
        Path classes = Files.createDirectories(scratch.resolve("classes"));
        List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(),
                "-classpath", classPath, "-proc:none", "-encoding", "UTF-8"));
        try (Stream<Path> sources = Files.list(ROOT.resolve("src/test/dtmcli"))) {
            sources.map(Path::toString).filter(name -> name.endsWith(".java"))
                    .forEach(arguments::add);
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertEquals(0, compiler.run(null, null, null, arguments.toArray(String[]::new)));
        return classes;
    }

    private static String run(String classPath) throws IOException, InterruptedException {
        Path output = scratch.resolve("dtmcli.log");
        Process program = new ProcessBuilder(CoordinatorProcess.java(), "-cp", classPath,
                "DtmcliScenarios", "127.0.0.1:" + coordinator.port())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertTrue(program.waitFor(DRIVER_MAX_SECONDS, TimeUnit.SECONDS),
                    "the program with the client did not end");
        } finally {
            program.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
