package bench;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(60)
final class BenchCommandTest {

    private static final OwnCoordinator NONE = dataDir -> {
        throw new IllegalStateException("no coordinator of its own here");
    };

    @TempDir
    private Path directory;

    /** What a run of the command left behind. */
    private record Outcome(int exit, String out, String err, JsonNode json) {

        long errors(String kind) {
            return json.path("errorKinds").path(kind).path("total").asLong();
        }
    }

    private Outcome run(OwnCoordinator own, String... arguments) throws IOException {
        Path file = directory.resolve("figures.json");
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of("--json", file.toString()));
        all.addAll(List.of(arguments));
        int exit = new CommandLine(new BenchCommand(own))
                .setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
        JsonNode json = Files.exists(file)
                ? new ObjectMapper().readTree(file.toFile()) : new ObjectMapper().nullNode();
        return new Outcome(exit, out.toString(), err.toString(), json);
    }

    private Outcome drive(FakeCoordinator coordinator, String... arguments) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(Map.of("--url", coordinator.url(),
                "--concurrency", "4", "--warmup", "0s", "--duration", "250ms", "--drain", "5s"));
        for (int i = 0; i < arguments.length; i += 2) {
            all.put(arguments[i], arguments[i + 1]);
        }
        return run(NONE, all.entrySet().stream()
                .flatMap(option -> Stream.of(option.getKey(), option.getValue()))
                .toArray(String[]::new));
    }

    private Outcome drive(String protocol, FakeCoordinator coordinator, String... arguments)
            throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (protocol.equals("grpc")) {
            all.addAll(List.of(
                    "--protocol", "grpc", "--grpc-address", coordinator.grpcAddress()));
        }
        return drive(coordinator, all.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--token-file", "--credentials"})
    void whatTheCoordinatorIsShownStandsInFiles(String option) throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "t-1\n");
        try (var coordinator = new FakeCoordinator(FakeCoordinator.Lie.NONE, 0)) {
            coordinator.wants("Bearer t-1");
            Path file = option.equals("--token-file") ? token : Files.writeString(
                    directory.resolve("credentials"),
                    coordinator.url() + " bearer token-file=" + token + " plain\n");

            Outcome outcome = drive(coordinator, option, file.toString());

            assertEquals(0, outcome.exit(), outcome.out() + outcome.err());
            assertTrue(outcome.json().path("finished").asLong() > 0, outcome.out());
            assertFalse(outcome.out().contains("t-1"), outcome.out());
        }
    }

    private static Stream<Arguments> everything() {
        return Stream.of("http", "grpc").flatMap(protocol -> Stream.of(Workload.values())
                .flatMap(workload -> Stream.of("on", "off")
                        .map(wait -> Arguments.of(protocol, workload.label(), wait))));
    }

    @ParameterizedTest(name = "{0}, {1}, wait-result {2}")
    @MethodSource("everything")
    void whatTheToolCountsIsWhatTheCoordinatorEnded(String protocol, String workload, String wait)
            throws IOException {
        try (var coordinator = new FakeCoordinator(FakeCoordinator.Lie.NONE, 0)) {
            Outcome outcome = drive(
                    protocol, coordinator, "--workload", workload, "--wait-result", wait);

            JsonNode run = outcome.json().path("wholeRun");
            // The last call of the last transaction is answered just before the fake counts it.
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> coordinator.ends() == run.path("finished").asLong());
            assertAll(outcome.out() + outcome.err(),
                    () -> assertEquals(0, outcome.exit()),
                    () -> assertEquals(protocol, outcome.json().path("protocol").asText()),
                    () -> assertTrue(outcome.out().contains(" over " + protocol + ",")),
                    () -> assertEquals(coordinator.submits(), run.path("started").asLong()),
                    () -> assertTrue(outcome.json().path("finished").asLong() > 0),
                    () -> assertEquals(0, outcome.json().path("errors").asLong()),
                    () -> assertEquals(0, run.path("branchCallsRepeated").asLong()),
                    () -> assertEquals(0, run.path("branchCallsStale").asLong()),
                    () -> assertEquals(outcome.json().path("lookedUp").path("asked"),
                            outcome.json().path("lookedUp").path("atEnd")));
        }
    }

    @ParameterizedTest(name = "{0} calls for each {1} over {2}")
    @CsvSource({"0, saga-empty, http", "2, saga, http", "4, saga-rollback, http", "4, tcc, http",
        "2, msg, http", "2, saga, grpc", "4, saga-rollback, grpc", "4, tcc, grpc"})
    void eachTransactionHasItsBranchCalls(int calls, String workload, String protocol)
            throws IOException {
        try (var coordinator = new FakeCoordinator(FakeCoordinator.Lie.NONE, 0)) {
            Outcome outcome = drive(protocol, coordinator, "--workload", workload);

            JsonNode run = outcome.json().path("wholeRun");
            assertEquals(calls * run.path("finished").asLong(), run.path("branchCalls").asLong());
        }
    }

    @Test
    void theRateIsWhatWasFinishedInTheWindow() throws IOException {
        try (var coordinator = new FakeCoordinator(FakeCoordinator.Lie.NONE, 20)) {
            Outcome outcome = drive(coordinator, "--warmup", "200ms",
                    "--duration", "400ms");

            JsonNode json = outcome.json();
            assertTrue(json.path("windowSeconds").asDouble() >= 0.4);
            assertEquals(json.path("finished").asLong() / json.path("windowSeconds").asDouble(),
                    json.path("finishedPerSecond").asDouble(), 0.001);
            assertTrue(json.path("finished").asLong()
                    < json.path("wholeRun").path("finished").asLong());
            // Four connections that each wait 20 ms cannot do more.
            assertTrue(json.path("finishedPerSecond").asDouble() <= 4 * 50 + 20, outcome.out());
        }
    }

    @Test
    void latencyReachesToTheEndAndNotToTheAcknowledgement() throws IOException {
        try (var coordinator = new FakeCoordinator(FakeCoordinator.Lie.NONE, 150)) {
            Outcome outcome = drive(coordinator, "--wait-result", "off", "--backlog", "8",
                    "--duration", "1s");

            JsonNode end = outcome.json().path("latencyMillis");
            JsonNode ack = outcome.json().path("ackLatencyMillis");
            assertAll(outcome.out(),
                    () -> assertEquals(0, outcome.exit()),
                    () -> assertTrue(end.path("p50").asDouble() >= 150),
                    () -> assertTrue(end.path("p50").asDouble() <= end.path("p99").asDouble()),
                    () -> assertTrue(end.path("p99").asDouble() <= end.path("max").asDouble()),
                    () -> assertTrue(ack.path("p50").asDouble() < 150),
                    () -> assertTrue(outcome.json().path("wholeRun").path("unfinishedAtClose")
                            .asLong() <= 8));
        }
    }

    @ParameterizedTest(name = "{0}, wait-result {1}, is told as: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        SOMETIMES_500   | on  | submit: http 500
        SOMETIMES_500   | off | submit: http 500
        NO_BRANCH_CALLS | on  | told the end before every branch was called
        NO_BRANCH_CALLS | off | unfinished after the drain
        ENDS_FAILED     | on  | submit: http 409
        ENDS_FAILED     | off | wrong end state: failed
        NEVER_ENDS      | on  | told the end before every branch was called
        NEVER_ENDS      | off | unfinished after the drain
        FORGETS         | on  | acknowledged, but unknown to query
        FORGETS         | off | acknowledged, but unknown to query
        HANGS_UP        | on  | submit: connection closed
        FAILURE_IN_200  | on  | submit: http 200 with FAILURE
        """)
    void whatIsWrongIsCountedByKind(FakeCoordinator.Lie lie, String wait, String kind)
            throws IOException {
        try (var coordinator = new FakeCoordinator(lie, 0)) {
            Outcome outcome = drive(coordinator, "--wait-result", wait, "--drain", "2s");

            assertEquals(1, outcome.exit());
            assertTrue(outcome.errors(kind) > 0, outcome.out());
            assertTrue(outcome.out().contains(kind), outcome.out());
        }
    }

    @ParameterizedTest(name = "{0}, wait-result {1}, over gRPC is told as: {2}")
    @CsvSource(delimiter = '|', textBlock = """
        SOMETIMES_500   | on  | submit: grpc UNKNOWN
        SOMETIMES_500   | off | submit: grpc UNKNOWN
        NO_BRANCH_CALLS | on  | told the end before every branch was called
        ENDS_FAILED     | on  | submit: grpc ABORTED
        ENDS_FAILED     | off | wrong end state: failed
        NEVER_ENDS      | off | unfinished after the drain
        FORGETS         | on  | acknowledged, but unknown to query
        HANGS_UP        | on  | submit: call reset
        """)
    void whatIsWrongOverGrpcIsCountedByKindToo(FakeCoordinator.Lie lie, String wait, String kind)
            throws IOException {
        try (var coordinator = new FakeCoordinator(lie, 0)) {
            Outcome outcome = drive(
                    "grpc", coordinator, "--wait-result", wait, "--drain", "2s");

            assertEquals(1, outcome.exit());
            assertTrue(outcome.errors(kind) > 0, outcome.out());
            assertTrue(outcome.out().contains(kind), outcome.out());
        }
    }

    @Test
    void anEndThatNobodyButTheQueryCanSeeIsAskedFor() throws IOException {
        try (var coordinator = new FakeCoordinator(FakeCoordinator.Lie.NEVER_ENDS, 0)) {
            Outcome outcome = drive(coordinator, "--workload", "saga-empty", "--wait-result", "off",
                    "--backlog", "10", "--drain", "2s");

            assertEquals(1, outcome.exit());
            assertEquals(10, outcome.errors("unfinished after the drain"), outcome.out());
            assertEquals(0, outcome.json().path("finished").asLong());
        }
    }

    @Test
    void repeatedBranchCallsAreToldAndAreNoErrors() throws IOException {
        try (var coordinator = new FakeCoordinator(FakeCoordinator.Lie.CALLS_TWICE, 0)) {
            Outcome outcome = drive(coordinator);

            JsonNode run = outcome.json().path("wholeRun");
            assertEquals(0, outcome.exit());
            assertEquals(2 * run.path("finished").asLong(),
                    run.path("branchCallsRepeated").asLong());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "grpc"})
    void aRequestWithoutAnAnswerIsGivenUp(String protocol) throws IOException {
        try (var coordinator = new FakeCoordinator(FakeCoordinator.Lie.NONE, 30_000)) {
            Outcome outcome = drive(protocol, coordinator,
                    "--timeout", "100ms", "--duration", "1500ms");

            assertEquals(1, outcome.exit());
            assertTrue(outcome.errors("submit: no answer in time") >= 4, outcome.out());
        }
    }

    @Test
    void durabilityAndVersionStandBesideTheFigures() throws IOException {
        try (var coordinator = new FakeCoordinator(FakeCoordinator.Lie.NONE, 0)) {
            Outcome outcome = drive(coordinator);

            assertEquals("none: it is a fake", outcome.json().path("durability").asText());
            assertEquals("fake", outcome.json().path("version").asText());
            assertTrue(outcome.out().contains("none: it is a fake"), outcome.out());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "grpc"})
    void withoutAUrlItDrivesACoordinatorOfItsOwnAndStopsIt(String protocol) throws IOException {
        List<Path> directories = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        OwnCoordinator own = dataDir -> {
            directories.add(dataDir);
            FakeCoordinator fake = fake();
            return new OwnCoordinator.Started() {
                @Override
                public String baseUrl() {
                    return fake.url();
                }

                @Override
                public Optional<String> grpcAddress() {
                    return Optional.of(fake.grpcAddress());
                }

                @Override
                public String durability() {
                    return "said at the start";
                }

                @Override
                public void close() {
                    fake.close();
                    closed.add("closed");
                }
            };
        };

        Outcome outcome = run(own, "--warmup", "0s", "--duration", "3s", "--concurrency", "2",
                "--protocol", protocol);

        assertEquals(0, outcome.exit(), outcome.out() + outcome.err());
        assertEquals(List.of("closed"), closed);
        assertTrue(Files.notExists(directories.get(0)));
        assertTrue(outcome.json().path("store").asText().contains(" on "));
    }

    private static FakeCoordinator fake() {
        try {
            return new FakeCoordinator(FakeCoordinator.Lie.NONE, 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCoordinatorThatDoesNotComeUpIsOneLineAndExitOne() throws IOException {
        Outcome outcome = run(NONE, "--warmup", "0s", "--duration", "1s");

        assertEquals(1, outcome.exit());
        assertEquals("no coordinator of its own here", outcome.err().strip());
    }

    @Test
    void nobodyListeningIsOneLineAndExitOne() throws IOException {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        Outcome outcome = run(NONE, "--url", "http://127.0.0.1:" + port + "/api/dtmsvr");

        assertEquals(1, outcome.exit());
        assertTrue(outcome.err().startsWith("Nobody answers at http://127.0.0.1:" + port));
        assertEquals(1, outcome.err().strip().lines().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "--workload sagas", "--concurrency 0", "--concurrency 5000", "--concurrency many",
        "--warmup soon", "--warmup -1s", "--duration 0s", "--duration 9h", "--wait-result yes",
        "--backlog 100", "--wait-result off --backlog 3", "--wait-result off --backlog 70000",
        "--url ftp://a/api", "--ca a", "--url http://a/api --ca a", "--url a",
        "--url http://a/api?x=1", "--timeout 0s",
        "--url http://a/api --data-dir x", "--json /no/such/directory/f.json", "--nonsense", "x"})
    void aMistakeOnTheCommandLineIsExitTwo(String arguments) throws IOException {
        Outcome outcome = run(NONE, arguments.split(" "));

        assertEquals(2, outcome.exit(), outcome.err());
        assertEquals("", outcome.out());
    }
}
