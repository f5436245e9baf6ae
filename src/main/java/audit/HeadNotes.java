package audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes outside the database what its newest rows are: in a file that only grows, in the log under
 * the name {@code audit}, or both. The file is opened anew each time, so it may be moved away. For
 * one thread at a time.
 */
public final class HeadNotes {

    /** Nowhere. */
    public static final HeadNotes NONE = new HeadNotes(Optional.empty(), path -> null, false);

    /** By this name the lines can be sent elsewhere. */
    private static final Logger HEADS = LoggerFactory.getLogger("audit");

    private static final Logger LOG = LoggerFactory.getLogger(HeadNotes.class);

    private final Optional<Path> file;
    private final Opener opener;
    private final boolean logs;
    private volatile String complaint = "";

    /** Opens a file to append to it, and makes it if it is not there. */
    @FunctionalInterface
    public interface Opener {
        FileChannel open(Path file) throws IOException;
    }

    /**
     * @param file empty for none
     * @param logs whether the log has them too
     */
    public HeadNotes(Optional<Path> file, Opener opener, boolean logs) {
        this.file = file;
        this.opener = opener;
        this.logs = logs;
    }

    /**
     * Tells of rows that are about to be committed: they may be there later, or may not. Else a
     * node that is killed right after its commit would leave rows that look like a stranger's.
     * Blocks.
     */
    public void announce(List<Row> rows) {
        write(rows.stream().map(each -> Head.of(each).announcement()).toList());
    }

    /** Notes each of these rows. A file that cannot be written is a line in the log. Blocks. */
    public void note(List<Row> rows) {
        write(rows.stream().map(each -> Head.of(each).line()).toList());
    }

    /** Why the newest rows cannot be noted in the file; empty if they can. Thread-safe. */
    public Optional<String> trouble() {
        return complaint.isEmpty() ? Optional.empty()
            : Optional.of("the newest rows of the audit log cannot be noted: " + complaint);
    }

    private void write(List<String> lines) {
        if (logs) {
            lines.forEach(each -> HEADS.info("{}", each));
        }
        file.ifPresent(path -> append(path,
            lines.stream().map(each -> each + "\n").collect(Collectors.joining())));
    }

    private void append(Path path, String lines) {
        try (FileChannel channel = opener.open(path)) {
            ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
            complaint = "";
        } catch (IOException | RuntimeException unwritable) {
            if (!unwritable.toString().equals(complaint)) {
                complaint = unwritable.toString();
                LOG.error("the heads of the audit log cannot be noted in {}: {}; that its newest"
                    + " rows were removed would not be found", path, complaint);
            }
        }
    }
}
