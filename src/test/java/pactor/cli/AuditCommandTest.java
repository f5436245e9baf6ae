package pactor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pactor.settings.Inputs;
import picocli.CommandLine;
import store.Histories;

/** What the commands put on record, and what those for the record say. */
class AuditCommandTest {

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> more = new ArrayList<>();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data-dir", dir.toString()));
        all.addAll(more);
        CommandLine commands = Main.commandLine(
            new Inputs(List.of(), Map.of(), Map.of(), Optional.empty()),
            (effective, live, guard) -> {
                throw new IllegalStateException("nothing is served here");
            });
        commands.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return Main.run(commands, all.toArray(String[]::new));
    }

    private List<String> exported() throws IOException {
        assertEquals(0, run("audit", "export"), err.toString());
        List<String> rows = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            JsonNode row = new ObjectMapper().readTree(line);
            rows.add(row.get("kind").asText() + " " + row.get("act").asText() + " "
                + row.get("result").asText());
        }
        return rows;
    }

    @Test
    void commandsThatChangeTheStoreAreOnRecord() throws IOException {
        Histories.write(dir, Instant.EPOCH, "old");
        assertEquals(0, run("archive", "--remove", "--out", dir.resolve("a.jsonl").toString()),
            err.toString());
        assertEquals(0, run("token", "reset-admin"), err.toString());
        String token = out.toString().strip();
        assertEquals(List.of("intent archive --remove ",
            "result archive --remove 1 transactions written, 1 removed",
            "intent token reset-admin ", "result token reset-admin done"), exported());
        assertFalse(out.toString().contains(token.replace("token: ", "")));
        assertEquals(0, run("audit", "verify"), err.toString());
        assertEquals("4 rows, compared with 4 notes of heads: nothing was changed",
            out.toString().strip());
    }

    @Test
    void whatWasExportedMayBeRemoved() throws IOException {
        Histories.write(dir, Instant.EPOCH, "old");
        run("token", "reset-admin");
        run("token", "reset-admin");
        Path first = dir.resolve("first.jsonl.gz");
        assertEquals(0, run("audit", "export", "--out", first.toString()), err.toString());
        assertEquals("4 rows to " + first + "; the newest is 4", out.toString().strip());
        assertEquals(1, run("audit", "export", "--out", first.toString()));
        assertTrue(err.toString().contains("exists already, and is left alone"));
        run("token", "reset-admin");
        Histories.execute(dir, "DELETE FROM pactor_audit WHERE seq <= 4");
        assertEquals(1, run("audit", "verify"));
        assertTrue(err.toString().startsWith("pactor: rows 1 to 4 are missing, at the beginning"));
        assertEquals(0, run("audit", "verify", "--exported", first.toString()), err.toString());
        assertEquals(2, exported().size());
        assertEquals(1, run("audit", "verify", "--exported", dir.resolve("pactor.audit-heads")
            .toString()));
        assertTrue(err.toString().contains("line 1: this is no row of an audit log"));
    }

    @Test
    void aKeyOfTheSettingsSeals() throws IOException {
        Histories.write(dir, Instant.EPOCH, "old");
        Path key = Files.writeString(dir.resolve("key"), "0a".repeat(32));
        more.addAll(List.of("--set", "pactor.security.audit.key-file=" + key));
        run("token", "reset-admin");
        assertEquals(0, run("audit", "verify"), err.toString());
        more.clear();
        assertEquals(1, run("audit", "verify"));
        assertTrue(err.toString().contains("which is not in the key file"), err.toString());
        Files.writeString(key, "0a");
        more.addAll(List.of("--set", "pactor.security.audit.key-file=" + key));
        assertEquals(78, run("audit", "verify"));
        assertTrue(err.toString().contains("a key is at least 64 digits"), err.toString());
    }

    @Test
    void aStoreThatIsNotThereIsNotMade() {
        assertEquals(1, run("audit", "verify"));
        assertTrue(err.toString().contains("there is no store in"), err.toString());
        assertEquals(2, run("audit"));
    }
}
