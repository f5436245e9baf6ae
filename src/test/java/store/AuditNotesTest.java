package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import audit.Act;
import audit.HeadNotes;
import audit.Seals;
import audit.Who;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A note that throws what nobody expects holds up nobody, and the log goes on. */
@Timeout(60)
class AuditNotesTest {

    @TempDir
    private Path dir;

    private final AtomicInteger opened = new AtomicInteger();
    private Database database;
    private int bad;

    @BeforeEach
    void open() {
        database = Database.open(H2Files.settings(dir), H2Files.meter());
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** Nothing was committed: whoever asked is told so, and nothing is done. */
    @Test
    void anErrorBeforeTheCommitIsARefusal() throws IOException {
        bad = 1;
        AuditWriter writer = writer();

        assertTrue(assertThrows(CompletionException.class, () -> write(writer, "gid=a"))
            .getMessage().contains("a note failed"));
        write(writer, "gid=b");

        assertEquals(List.of("gid=b"), targets());
        assertEquals(2, Files.readAllLines(heads()).size());
    }

    /** The row is there, and so its act is done. */
    @Test
    void anErrorAfterTheCommitIsNone() throws IOException {
        bad = 2;
        AuditWriter writer = writer();

        assertEquals(1, write(writer, "gid=a"));
        assertEquals(2, write(writer, "gid=b"));

        assertEquals(List.of("gid=a", "gid=b"), targets());
        assertEquals(3, Files.readAllLines(heads()).size(), "one of four is missing");
    }

    private AuditWriter writer() {
        return new AuditWriter(database, Seals.UNKEYED, new HeadNotes(Optional.of(heads()),
            file -> {
                if (opened.incrementAndGet() == bad) {
                    throw new StackOverflowError("a note failed");
                }
                return PrivateFiles.open(file, Set.of(StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE, StandardOpenOption.APPEND));
            }, false));
    }

    private Path heads() {
        return dir.resolve("heads");
    }

    private List<String> targets() {
        return H2Files.query(dir, "SELECT target FROM pactor_audit ORDER BY seq");
    }

    private static long write(AuditWriter writer, String target) {
        return writer.write(Act.intent(new Who("alice", "operator", "token", "10.0.0.7"),
            "POST /api/dtmsvr/forceStop", target, "it hangs")).toCompletableFuture().join();
    }
}
