package store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is free on the disk of an embedded database. Warns once when it becomes little. */
public final class DiskSpace {

    /**
     * Below this there is a warning: a load of 1,000 sagas a second writes so much in a quarter of
     * an hour, which is the time to look and to make room.
     */
    public static final long LOW_BYTES = 1L << 30;

    /**
     * Below this the node is not ready: H2 holds back up to so much of what is written, and ends
     * the process if there is no room for it.
     */
    static final long FULL_BYTES = 1L << 20;

    private static final long MIB = 1L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);

    private final Path file;
    private volatile boolean low;
    private volatile long last = -1;

    DiskSpace(Path file) {
        this.file = file;
    }

    /** Of the file whose disk this is. */
    Path file() {
        return file;
    }

    /** Bytes; -1 if nobody can tell. Blocks. */
    long free() {
        try {
            return Files.getFileStore(file.getParent()).getUsableSpace();
        } catch (IOException | SecurityException unknown) {
            return -1;
        }
    }

    /** To be added to the name of the file. Blocks. */
    String freeOf() {
        long free = free();
        return free < 0 ? "" : ", " + free + " bytes free on its disk";
    }

    /** What {@link #look} found last. Does not block. */
    long last() {
        return last;
    }

    /** Looks, and tells the log of a change. */
    void look() {
        long free = free();
        last = free;
        if (free >= 0 && free < LOW_BYTES != low) {
            low = !low;
            if (low) {
                LOG.warn("{} MiB are free on the disk of {}; when it is full, the process ends."
                    + " Make room, or shorten pactor.retention.keep", free / MIB, file);
            } else {
                LOG.info("{} MiB are free on the disk of {} again", free / MIB, file);
            }
        }
    }

    /** Whether little was free at the last look, so that the next is due soon. Does not block. */
    boolean isLow() {
        return low;
    }

    /** Why nothing more should be written; empty if there is room. Does not block. */
    Optional<String> trouble() {
        long free = last;
        return free >= 0 && free < FULL_BYTES
            ? Optional.of("the disk of the store is full: " + free + " bytes are free")
            : Optional.empty();
    }

    /** In one line for {@code /api/health}; empty if there is enough. */
    String warning() {
        return low ? "less than " + LOW_BYTES / MIB + " MiB are free on the disk of the store"
            : "";
    }
}
