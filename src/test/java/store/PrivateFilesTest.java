package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody else on the machine can read what an embedded database has on disk. */
class PrivateFilesTest {

    @TempDir
    Path dir;

    @BeforeEach
    void permissions() {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    }

    @Test
    void a_new_database_is_private_with_its_directory_and_all_files() throws IOException {
        Path data = dir.resolve("new/data");

        write(data);

        assertEquals("rwx------", of(data));
        assertEquals("rwx------", of(data.getParent()));
        assertAllFilesPrivate(data);
        assertTrue(Files.size(data.resolve("pactor.mv.db")) > 0);
    }

    @Test
    void one_that_others_could_read_is_taken_from_them() throws IOException {
        Path data = dir.resolve("data");
        write(data);
        set(data, "rwxr-xr-x");
        set(data.resolve("pactor.mv.db"), "rw-r--rw-");
        Files.writeString(data.resolve("pactor.trace.db"), "what an older release wrote");
        set(data.resolve("pactor.trace.db"), "rw-rw-r--");

        write(data);

        assertEquals("rwx------", of(data));
        assertAllFilesPrivate(data);
    }

    @Test
    void a_directory_that_others_work_in_is_left_alone_and_the_files_are_not()
            throws IOException {
        write(dir.resolve("data"));
        Path data = dir.resolve("data");
        Files.writeString(data.resolve("others.txt"), "x");
        set(data.resolve("others.txt"), "rw-r--r--");
        set(data.resolve("pactor.mv.db"), "rw-r--r--");
        set(data, "rwxr-xr-x");

        write(data);

        assertEquals("rwxr-xr-x", of(data));
        assertEquals("rw-r--r--", of(data.resolve("others.txt")));
        assertEquals("rw-------", of(data.resolve("pactor.mv.db")));
    }

    @Test
    void one_that_its_owner_may_only_read_stays_so() throws IOException {
        Path data = dir.resolve("data");
        write(data);
        set(data.resolve("pactor.mv.db"), "r--r-----");

        PrivateFiles.prepare(data.resolve("pactor.mv.db"));

        assertEquals("r--------", of(data.resolve("pactor.mv.db")));
    }

    @Test
    void an_archive_is_private_too() throws IOException {
        ArchiveFile.create(dir.resolve("archive.jsonl")).close();

        assertEquals("rw-------", of(dir.resolve("archive.jsonl")));
    }

    private static void write(Path data) {
        try (Database database = Database.open(H2Files.settings(data), H2Files.meter())) {
            String gid = "g" + System.nanoTime();
            Journals.append(database, gid, Samples.sagaThatSucceeds(gid)).join();
        }
    }

    private static void assertAllFilesPrivate(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.toList()) {
                assertEquals("rw-------", of(file), file.toString());
            }
        }
    }

    private static void set(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static String of(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
