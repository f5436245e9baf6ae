package security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that changes, breaks, goes away and comes back. */
class ReloadedFileTest {

    @TempDir
    private Path dir;

    private static List<String> parsed(List<String> lines) {
        if (lines.contains("wrong")) {
            throw new IllegalArgumentException("line 1: wrong");
        }
        return lines;
    }

    @Test
    void followsTheFileAndKeepsTheLastThatWasRight() throws IOException {
        Path path = Files.writeString(dir.resolve("file"), "one\n");
        ReloadedFile<List<String>> file = ReloadedFile.read(path, ReloadedFileTest::parsed);
        assertEquals(List.of("one"), file.get());
        Files.writeString(path, "two\n");
        file.check();
        assertEquals(List.of("two"), file.get());
        Files.writeString(path, "wrong\n");
        file.check();
        assertEquals(List.of("two"), file.get());
        Files.writeString(path, "half a li");
        file.check();
        assertEquals(List.of("two"), file.get());
        Files.writeString(path, "half a line");
        file.check();
        assertEquals(List.of("two"), file.get());
        file.check();
        assertEquals(List.of("half a line"), file.get(), "it has stayed so");
        Files.writeString(path, "two\n");
        file.check();
        Files.delete(path);
        file.check();
        assertEquals(List.of("two"), file.get());
        Files.write(path, new byte[] {(byte) 0xff, '\n'});
        file.check();
        assertEquals(List.of("two"), file.get());
        Files.writeString(path, "three\nfour\n");
        file.check();
        assertEquals(List.of("three", "four"), file.get());
    }

    @Test
    void mustBeRightAtFirst() throws IOException {
        Path path = Files.writeString(dir.resolve("file"), "wrong\n");
        assertThrows(IllegalArgumentException.class,
            () -> ReloadedFile.read(path, ReloadedFileTest::parsed));
        assertThrows(IOException.class,
            () -> ReloadedFile.read(dir.resolve("none"), ReloadedFileTest::parsed));
    }

    @Test
    void hasABound() throws IOException {
        String most = "x".repeat(ReloadedFile.BYTES_MAX - 1) + "\n";
        Path path = Files.writeString(dir.resolve("file"), most);
        ReloadedFile.read(path, ReloadedFileTest::parsed);
        Files.writeString(path, "x" + most);
        assertThrows(IllegalArgumentException.class,
            () -> ReloadedFile.read(path, ReloadedFileTest::parsed));
    }
}
