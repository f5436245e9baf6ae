package bench.failover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import database.Databases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command of the jar, over a PostgreSQL of the tests: one of two nodes is killed. */
class FailoverCommandIT {

    /** Two starts of a node, some seconds of everything, and what a busy machine adds. */
    private static final Duration RUN_MAX = Duration.ofSeconds(180);

    @TempDir
    private Path dir;

    @Test
    void aNodeIsKilledAndEachSagaAndEachWaitingOneIsSeen() throws Exception {
        Path json = dir.resolve("figures.json");
        Path picture = dir.resolve("picture.svg");
        Path password = Files.writeString(dir.resolve("password"), "pactor\n");
        List<String> said = run("--nodes", "2", "--victim", "oldest", "--clients", "4",
            "--waiting", "20", "--retry-interval", "1s", "--warmup", "1s", "--rest", "1s",
            "--observe", "2s", "--jvm", "-Xmx256m -XX:TieredStopAtLevel=1",
            "--store-url", Databases.fresh(Databases.POSTGRESQL), "--store-user", "pactor",
            "--store-password-file", password.toString(),
            "--json", json.toString(), "--picture", picture.toString());

        JsonNode told = new ObjectMapper().readTree(json.toFile());
        assertEquals("kill", told.path("event").asText());
        assertTrue(figure(told, "sagas") > 0, said::toString);
        assertEquals(0, figure(told, "without a definite answer"), said::toString);
        assertEquals(0, figure(told, "not called again"), said::toString);
        Set<String> marks = StreamSupport.stream(told.path("moments").spliterator(), false)
            .map(each -> each.path("mark").asText()).collect(Collectors.toSet());
        assertTrue(marks.containsAll(Set.of("killed", "out of reach", "removed",
            "first waiting one called again", "last waiting one called again")), marks::toString);
        assertTrue(Files.readString(picture).endsWith("</svg>\n"));
        assertTrue(said.stream().anyMatch(line -> line.contains("longest silence")),
            said::toString);
    }

    private static double figure(JsonNode told, String name) {
        return StreamSupport.stream(told.path("figures").spliterator(), false)
            .filter(each -> each.path("name").asText().equals(name)).findFirst().orElseThrow()
            .path("value").asDouble();
    }

    private List<String> run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(CoordinatorProcess.java(), "-jar",
            CoordinatorProcess.jar().toString(), "bench", "failover"));
        command.addAll(List.of(arguments));
        Path out = dir.resolve("out");
        Process run = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(out.toFile()).start();
        boolean ended = run.waitFor(RUN_MAX.toSeconds(), TimeUnit.SECONDS);
        run.destroy(); // Its nodes end with it.
        List<String> said = Files.readAllLines(out);
        assertTrue(ended, said::toString);
        assertEquals(0, run.exitValue(), said::toString);
        return said;
    }
}
