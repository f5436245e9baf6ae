package bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class ChildCoordinatorIT {

    @TempDir
    private Path directory;

    private static ChildCoordinator child(String how) {
        return new ChildCoordinator(List.of(ChildCoordinator.java(), "-cp",
                System.getProperty("java.class.path"), "bench.FakeServe", how));
    }

    private static int health(String baseUrl) throws IOException {
        URI url = URI.create(baseUrl.replace("/api/dtmsvr", "/api/health"));
        return ((HttpURLConnection) url.toURL().openConnection()).getResponseCode();
    }

    @Test
    void theChildServesWhereItSaysUntilItIsClosed() throws IOException {
        String baseUrl;
        try (OwnCoordinator.Started started = child("well").start(directory)) {
            baseUrl = started.baseUrl();
            assertEquals(200, health(baseUrl));
            assertTrue(started.grpcAddress().orElseThrow().matches("127\\.0\\.0\\.1:\\d+"));
            assertEquals("none", started.durability());
            assertTrue(started.cpu().isPresent());
        }

        assertThrows(IOException.class, () -> health(baseUrl));
        String log = Files.readString(directory.resolve("coordinator.log"));
        assertTrue(log.contains("--data-dir, " + directory), log);
    }

    @Test
    void aChildThatEndsAtOnceIsReportedWithItsLastWords() {
        IllegalStateException failure = assertThrows(
                IllegalStateException.class, () -> child("broken").start(directory));

        assertTrue(failure.getMessage().contains("it ended at once"), failure.getMessage());
        assertTrue(failure.getMessage().contains("no room on the disk"), failure.getMessage());
    }

    @Test
    void aCommandThatIsNotThereIsReported() {
        var none = new ChildCoordinator(List.of("/no/such/command"));

        IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> none.start(directory));

        assertTrue(failure.getMessage().startsWith("Cannot start /no/such/command"));
    }

    @Test
    void outsideOfAJarThereIsNoCoordinatorOfItsOwn() {
        OwnCoordinator own = ChildCoordinator.ofThisJar();

        IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> own.start(directory));

        assertTrue(failure.getMessage().contains("--url"), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"saga, on", "tcc, on", "msg, off"})
    void theJarDrivesACoordinatorOfItsOwnOverGrpc(String workload, String wait)
            throws IOException, InterruptedException {
        Path file = directory.resolve("figures.json");
        Path printed = directory.resolve("printed.txt");
        Process bench = new ProcessBuilder(ChildCoordinator.java(), "-jar",
                System.getProperty("pactor.jar"), "bench", "--protocol", "grpc", "--workload",
                workload, "--wait-result", wait, "--warmup", "0s", "--duration", "3s",
                "--concurrency", "20", "--json", file.toString())
                .redirectErrorStream(true).redirectOutput(printed.toFile()).start();
        try {
            assertTrue(bench.waitFor(50, TimeUnit.SECONDS), "it did not end");
        } finally {
            bench.destroy();
        }

        String said = Files.readString(printed);
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        // On a busy machine a cold coordinator may finish its first transactions after the window.
        assertEquals(json.path("finished").asLong() > 0 ? 0 : 1, bench.exitValue(), said);
        assertEquals("grpc", json.path("protocol").asText(), said);
        JsonNode run = json.path("wholeRun");
        assertTrue(run.path("finished").asLong() > 0, said);
        assertEquals(run.path("started"), run.path("finished"), said);
        assertEquals(0, json.path("errors").asLong(), said);
        assertTrue(said.contains("20 calls at a time over 2 connections"), said);
    }
}
