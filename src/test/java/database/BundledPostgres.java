package database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * PostgreSQL from a jar of the tests, for a machine without its packages. It is the server alone,
 * without the programs for backups. Unpacked once for each JVM, and removed with it.
 */
final class BundledPostgres {

    /** Maven brings the one for this machine, if there is one. */
    private static final List<String> ARCHIVES = List.of("/postgres-linux-x86_64.txz",
        "/postgres-linux-arm_64.txz", "/postgres-darwin-arm_64.txz");

    private static final int EXECUTABLE = 0b001_000_000;

    private BundledPostgres() {}

    /** The directory of its programs, which anybody may run; empty if there is none. */
    static Optional<Path> binaries() {
        return Unpacked.BINARIES;
    }

    private static final class Unpacked {

        private static final Optional<Path> BINARIES = ARCHIVES.stream()
            .filter(name -> BundledPostgres.class.getResource(name) != null).findFirst()
            .map(BundledPostgres::unpack);
    }

    private static Path unpack(String archive) {
        try (InputStream compressed = BundledPostgres.class.getResourceAsStream(archive);
                TarArchiveInputStream files =
                    new TarArchiveInputStream(new XZCompressorInputStream(compressed))) {
            Path home = Files.createTempDirectory("pactor-postgresql-");
            Runtime.getRuntime().addShutdownHook(
                new Thread(() -> delete(home), "delete-postgresql"));
            allow(home, true);
            for (TarArchiveEntry each = files.getNextEntry(); each != null;
                    each = files.getNextEntry()) {
                write(home.resolve(each.getName()).normalize(), each, files);
            }
            return home.resolve("bin");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, TarArchiveEntry entry, InputStream content)
            throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            allow(file, true);
        } else if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
            Files.createDirectories(file.getParent());
            Files.copy(content, file);
            allow(file, (entry.getMode() & EXECUTABLE) != 0);
        }
    }

    /** To whoever runs it, which is not root. */
    private static void allow(Path file, boolean toExecute) {
        boolean done = file.toFile().setReadable(true, false)
            && (!toExecute || file.toFile().setExecutable(true, false));
        if (!done) {
            throw new IllegalStateException("cannot be made readable: " + file);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException left) {
            System.err.println("left behind: " + directory + ": " + left);
        }
    }
}
