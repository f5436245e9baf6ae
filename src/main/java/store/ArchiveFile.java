package store;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/**
 * A new file of lines. Lines count as written when {@link #force} has returned; what is forced is
 * whole by itself, whatever becomes of what comes after. With a name that ends in {@code .gz} it is
 * packed, each piece between two calls of {@code force} for itself. Not thread-safe.
 */
public final class ArchiveFile implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final FileChannel channel;
    private final boolean packed;
    private OutputStream piece;

    private ArchiveFile(FileChannel channel, boolean packed) {
        this.channel = channel;
        this.packed = packed;
    }

    /**
     * @throws FileAlreadyExistsException if there is a file of that name; it is left alone
     * @throws IOException if it cannot be made
     */
    public static ArchiveFile create(Path path) throws IOException {
        Path whole = path.toAbsolutePath();
        FileChannel channel = PrivateFiles.open(
            whole, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        try (FileChannel directory = FileChannel.open(whole.getParent())) {
            // So that the name, too, survives a power cut.
            directory.force(true);
        }
        return new ArchiveFile(channel, whole.toString().endsWith(".gz"));
    }

    /** @param line without its end */
    public void line(byte[] line) throws IOException {
        if (piece == null) {
            OutputStream out = Channels.newOutputStream(channel);
            piece = packed ? new GZIPOutputStream(out, BUFFER_BYTES)
                : new BufferedOutputStream(out, BUFFER_BYTES);
        }
        piece.write(line);
        piece.write('\n');
    }

    /** When this returns, all lines are on the disk. */
    public void force() throws IOException {
        if (piece instanceof GZIPOutputStream pack) {
            pack.finish();
        }
        if (piece != null) {
            piece.flush();
            piece = null;
        }
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
