package pactor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pactor.settings.Inputs;
import picocli.CommandLine;
import store.Histories;

/** What has ended is written before it is removed, and nothing else is touched. */
class ArchiveCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void fill() {
        Instant tenDaysAgo = Instant.now().minus(10, ChronoUnit.DAYS);
        Histories.write(dir, tenDaysAgo, "old-1", "old-2", "öld-3");
        Histories.write(dir, Instant.now(), "young");
        Histories.open(dir, tenDaysAgo, "unfinished");
    }

    @Test
    void whatIsOldIsWrittenWholeAndRemovedThen() throws IOException {
        Path file = dir.resolve("a.jsonl.gz");

        assertEquals(0, archive(file, "--remove"), err.toString());

        assertEquals("3 transactions written, 3 removed to " + file, out.toString().strip());
        List<String> lines = lines(file);
        assertEquals(List.of("old-1", "old-2", "öld-3"), gids(lines));
        JsonNode first = JSON.readTree(lines.get(0));
        assertEquals("saga", first.get("mode").asText());
        assertEquals("succeed", first.get("status").asText());
        assertEquals(4, first.get("branches").size());
        assertEquals("succeed", first.at("/branches/1/status").asText());
        assertEquals(3, first.get("entries").size());
        assertEquals("opened", first.at("/entries/0/events/0/type").asText());
        assertEquals("ended", first.at("/entries/2/events/1/type").asText());
        assertEquals(new TreeSet<>(List.of("young succeed", "unfinished submitted",
            "old-1 removed", "old-2 removed", "öld-3 removed")), Histories.rows(dir));
        assertEquals(0, archive(dir.resolve("b.jsonl")));
        assertEquals("", Files.readString(dir.resolve("b.jsonl")));
    }

    @Test
    void withoutRemovingItIsACopy() throws IOException {
        Path file = dir.resolve("a.jsonl");

        assertEquals(0, archive(file, "--older-than", "0s"), err.toString());

        assertEquals(List.of("old-1", "old-2", "öld-3", "young"), gids(lines(file)));
        assertEquals(5, Histories.rows(dir).size());
        assertTrue(Histories.rows(dir).stream().noneMatch(row -> row.endsWith("removed")));
    }

    @Test
    void aFileThatIsThereIsLeftAlone() throws IOException {
        Path file = Files.writeString(dir.resolve("a.jsonl"), "dear");

        assertEquals(1, archive(file, "--remove"));

        assertEquals("dear", Files.readString(file));
        assertTrue(err.toString().contains("exists already"), err.toString());
        assertTrue(Histories.rows(dir).contains("old-1 succeed"));
    }

    @Test
    void whatCannotBeReadStays() throws IOException {
        Histories.damage(dir, "old-2");
        Path file = dir.resolve("a.jsonl");

        assertEquals(1, archive(file, "--remove"));

        assertEquals(List.of("old-1", "öld-3"), gids(lines(file)));
        assertTrue(err.toString().contains("gid=old-2 is left where it is"), err.toString());
        assertTrue(Histories.rows(dir).contains("old-2 succeed"));
    }

    @Test
    void mistakesAreToldApart() {
        assertEquals(2, archive(dir.resolve("a"), "--older-than", "soon"));
        assertTrue(err.toString().contains("a time such as 12h"), err.toString());
        assertEquals(1, run("archive", "--data-dir", dir.resolve("none").toString(),
            "--out", dir.resolve("a").toString()));
        assertTrue(err.toString().contains("there is no store in"), err.toString());
        assertTrue(Files.notExists(dir.resolve("none")));
    }

    private int archive(Path file, String... more) {
        String[] args = new String[5 + more.length];
        System.arraycopy(new String[] {
            "archive", "--data-dir", dir.toString(), "--out", file.toString()}, 0, args, 0, 5);
        System.arraycopy(more, 0, args, 5, more.length);
        return run(args);
    }

    private int run(String... args) {
        Inputs process = new Inputs(List.of(), Map.of(), Map.of(), Optional.empty());
        CommandLine commands = Main.commandLine(process, (effective, live, guard) -> {
            throw new IllegalStateException("nothing is served here");
        });
        return Main.run(commands.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)), args);
    }

    private static List<String> lines(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        byte[] text = file.toString().endsWith(".gz")
            ? new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes() : bytes;
        return new String(text, StandardCharsets.UTF_8).lines().toList();
    }

    private static List<String> gids(List<String> lines) throws IOException {
        List<String> gids = new ArrayList<>();
        for (String line : lines) {
            gids.add(JSON.readTree(line).get("gid").asText());
        }
        return gids;
    }
}
