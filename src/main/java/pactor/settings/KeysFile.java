package pactor.settings;

import encryption.Key;
import encryption.Keyring;
import encryption.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import security.ReloadedFile;

/**
 * The keys of a file, the first of which encrypts. The file is read again when it changes. A key
 * that has gone from it is still found until this process ends, and a name never changes its key.
 */
final class KeysFile implements Keyring {

    private static final Set<PosixFilePermission> OF_OTHERS = Set.of(
        PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_EXECUTE);

    private static final String ROOT = "root";

    private static final Logger LOG = LoggerFactory.getLogger(KeysFile.class);

    private final boolean encrypts;
    private final ReloadedFile<Keys> file;
    private Keys before;

    private KeysFile(Path path, boolean encrypts) throws IOException {
        this.encrypts = encrypts;
        this.file = ReloadedFile.read(path, this::next);
    }

    /**
     * Reads {@code path}. Blocks.
     *
     * @param encrypts whether what is written from now on is encrypted
     * @throws IllegalArgumentException if it is wrong, or others may read it
     * @throws IOException if it cannot be read
     */
    static KeysFile read(Path path, boolean encrypts) throws IOException {
        requirePrivate(path);
        return new KeysFile(path, encrypts);
    }

    @Override
    public Optional<Key> current() {
        file.check();
        return encrypts ? file.get().current() : Optional.empty();
    }

    /** Looks into the file for a key that is not known: another node may use it already. */
    @Override
    public Optional<Key> find(String name) {
        return file.get().find(name).or(() -> {
            file.check();
            return file.get().find(name);
        });
    }

    private Keys next(List<String> lines) {
        Keys read = Keys.parse(lines);
        if (before != null) {
            for (String name : before.names()) {
                if (read.find(name).isEmpty()) {
                    LOG.warn("key {} has gone from the file of the encryption keys; it is kept"
                        + " until this process ends, and what it encrypted cannot be read after"
                        + " that", name);
                }
            }
            read = read.after(before);
        }
        before = read;
        return read;
    }

    /** As PostgreSQL has it: the group may read a file that is root's, as of a mounted secret. */
    private static void requirePrivate(Path path) throws IOException {
        if (!Files.getFileStore(path).supportsFileAttributeView("posix")) {
            return;
        }
        PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class);
        Set<PosixFilePermission> given = found.permissions();
        boolean isShared = given.stream().anyMatch(OF_OTHERS::contains)
            || given.contains(PosixFilePermission.GROUP_READ)
                && !found.owner().getName().equals(ROOT);
        if (isShared) {
            throw new IllegalArgumentException(
                "others on this machine may use it; run chmod 600 on it");
        }
    }
}
