package store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files and directories that nobody else on the machine can read: payloads are in them, and the
 * headers that participants want. Where files have no such permissions, as on Windows, those of the
 * directory above apply, and nothing is done here.
 */
public final class PrivateFiles {

    private static final Set<PosixFilePermission> DIRECTORY =
        PosixFilePermissions.fromString("rwx------");

    private static final Set<PosixFilePermission> FILE =
        PosixFilePermissions.fromString("rw-------");

    private static final boolean POSIX =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private static final Logger LOG = LoggerFactory.getLogger(PrivateFiles.class);

    private PrivateFiles() {}

    /**
     * Makes a directory, and those above it that are missing. Blocks.
     *
     * @throws IOException if it cannot be made
     */
    public static void makeDirectory(Path directory) throws IOException {
        Files.createDirectories(directory, onCreation(DIRECTORY));
    }

    /** Opens a file; one that is made by that is private. Blocks. */
    public static FileChannel open(Path file, Set<? extends OpenOption> options)
            throws IOException {
        return FileChannel.open(file, options, onCreation(FILE));
    }

    /**
     * Makes the file of an embedded database if it is missing, with its directory, and takes from
     * others what they may do with those that are there. A directory is only changed if nothing
     * but such a database is in it: it may be one that others work in. Blocks.
     */
    static void prepare(Path database) {
        Path directory = database.getParent();
        String name = database.getFileName().toString().replaceFirst("\\.mv\\.db$", "");
        try {
            makeDirectory(directory);
            try {
                Files.createFile(database, onCreation(FILE));
            } catch (FileAlreadyExistsException fine) {
                tighten(directory, name + ".");
            }
        } catch (IOException | SecurityException unfit) {
            // H2 says what is wrong, if that is in its way.
            LOG.debug("{} was left as it is", directory, unfit);
        }
    }

    /**
     * Makes a file that says {@code text}, in place of one that may be there. Blocks.
     *
     * @throws IOException if it cannot be written; what was there is still there then
     */
    public static void write(Path file, String text) throws IOException {
        Path whole = file.toAbsolutePath();
        Path begun = Files.createTempFile(
            whole.getParent(), whole.getFileName().toString(), ".new", onCreation(FILE));
        try {
            Files.writeString(begun, text);
            Files.move(begun, whole, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(begun);
        }
    }

    /** Of a file that others have made for us just now. Blocks. */
    static void makePrivate(Path file) throws IOException {
        if (POSIX) {
            Files.setPosixFilePermissions(file, FILE);
        }
    }

    private static void tighten(Path directory, String prefix) throws IOException {
        if (!POSIX) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.toList();
        }
        boolean alone = true;
        for (Path file : files) {
            if (file.getFileName().toString().startsWith(prefix) && Files.isRegularFile(file)) {
                tighten(file, FILE);
            } else {
                alone = false;
            }
        }
        if (alone) {
            tighten(directory, DIRECTORY);
        }
    }

    private static void tighten(Path path, Set<PosixFilePermission> wanted) {
        try {
            Set<PosixFilePermission> found = Files.getPosixFilePermissions(path);
            Set<PosixFilePermission> others = new HashSet<>(found);
            others.removeAll(wanted);
            if (!others.isEmpty()) {
                found.retainAll(wanted);
                Files.setPosixFilePermissions(path, found);
                LOG.warn("{} could be used by others on this machine ({}), and now cannot", path,
                    PosixFilePermissions.toString(others));
            }
        } catch (IOException | UnsupportedOperationException notOurs) {
            LOG.warn("{} may be read by others on this machine, and that cannot be changed: {}",
                path, notOurs.toString());
        }
    }

    private static FileAttribute<?>[] onCreation(Set<PosixFilePermission> permissions) {
        return POSIX ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
            : new FileAttribute<?>[0];
    }
}
