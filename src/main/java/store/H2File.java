package store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A file of H2 whose header names the newest commit, always.
 *
 * <p>H2 writes each commit as a chunk, into free space, and finds the newest chunk again by the
 * header of the file and by following from one chunk to where it expected the next. It writes the
 * header anew where that way would be broken, but after the chunk that breaks it; a kill between
 * the two leads to an older commit. (Version 2.5.252 also writes the wrong chunk's name into it,
 * and then opens as it was up to twenty commits ago.) Here the header is written with each chunk.
 *
 * <p>The header has two copies, and H2 takes the newer one that names a whole chunk. They are
 * written by turns, so that whatever happens meanwhile one of them is as good as before.
 *
 * <p>{@link Forced} is fit for a power cut too. H2 takes a chunk for whole if its first and its
 * last bytes are there; a disk with a cache may keep these and lose what lies between. So the
 * beginning of a chunk is written only when the rest of it is on the disk.
 */
public class H2File extends FilePathWrapper {

    /** What the url of such a file begins with, after {@code jdbc:h2:}. */
    static final String SCHEME = "kept";

    /**
     * The least that a disk writes whole. The header of a chunk, and of a file, is a third of it.
     */
    private static final int SECTOR = 512;

    private static final int BLOCK = 4_096;

    /** The copies of the file's header, a block each; behind them the chunks begin. */
    private static final int COPIES = 2;

    /** The same for {@code powerLossSafe}. */
    public static final class Forced extends H2File {

        static final String SCHEME = "forced";

        @Override
        public String getScheme() {
            return SCHEME;
        }

        @Override
        public FileChannel open(String mode) throws IOException {
            return new Content(getBase().open(mode), true);
        }
    }

    /** Makes the schemes known to H2. May be called again. */
    static void register() {
        FilePath.register(new H2File());
        FilePath.register(new Forced());
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new Content(getBase().open(mode), false);
    }

    /** What the header of the file says of one; numbers in text are hexadecimal. */
    private record Chunk(String id, long block, long version) {

        /** The one that begins with {@code bytes} at that place, null if none does. */
        static Chunk of(ByteBuffer bytes, long at) {
            Map<String, String> fields = fields(bytes);
            return fields.containsKey("chunk") && fields.containsKey("version")
                ? new Chunk(fields.get("chunk"), at / BLOCK,
                    Long.parseLong(fields.get("version"), 16)) : null;
        }
    }

    private static final class Content extends FileBaseDefault {

        private final FileChannel file;
        private final boolean forced;
        private Map<String, String> header = Map.of();
        private Chunk newest;
        private int copy;

        Content(FileChannel file, boolean forced) {
            this.file = file;
            this.forced = forced;
        }

        @Override
        public synchronized int write(ByteBuffer from, long at) throws IOException {
            int bytes = from.remaining();
            if (at == 0) {
                writeHeader(from);
            } else {
                writeChunk(from, at);
            }
            from.position(from.limit());
            return bytes;
        }

        private void writeChunk(ByteBuffer from, long at) throws IOException {
            Chunk chunk = Chunk.of(from, at);
            int head = forced ? Math.min(SECTOR, from.remaining()) : 0;
            writeWhole(from.slice(from.position() + head, from.remaining() - head), at + head);
            if (forced) {
                file.force(false);
                writeWhole(from.slice(from.position(), head), at);
            }
            if (chunk != null && (newest == null || chunk.version >= newest.version)) {
                newest = chunk;
                writeCopy();
            }
        }

        /** As H2 has it, save for the chunk; only an orderly end is written to both copies. */
        private void writeHeader(ByteBuffer from) throws IOException {
            header = fields(from);
            if (newest == null) {
                force();
                writeWhole(from.slice(), 0);
                force();
            } else if (header.containsKey("clean")) {
                force();
                writeCopy();
                force();
                writeCopy();
                force();
            }
        }

        private void writeCopy() throws IOException {
            if (header.isEmpty()) {
                header = readHeader();
                header.remove("clean");
            }
            Map<String, String> named = new HashMap<>(header);
            named.put("chunk", newest.id);
            named.put("block", Long.toHexString(newest.block));
            named.put("version", Long.toHexString(newest.version));
            named.remove("fletcher");
            StringBuilder text = new StringBuilder();
            DataUtils.appendMap(text, new HashMap<>(named));
            byte[] summed = text.toString().getBytes(StandardCharsets.ISO_8859_1);
            DataUtils.appendMap(text, "fletcher",
                DataUtils.getFletcher32(summed, 0, summed.length));
            ByteBuffer sector = ByteBuffer.allocate(SECTOR);
            sector.put(text.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1));
            copy = (copy + 1) % COPIES;
            writeWhole(sector.rewind(), (long) copy * BLOCK);
        }

        /** The newer of the copies; H2 has found them good, or it would not write. */
        private Map<String, String> readHeader() throws IOException {
            Map<String, String> found = Map.of();
            long version = -1;
            for (int i = 0; i < COPIES; i++) {
                ByteBuffer sector = ByteBuffer.allocate(SECTOR);
                file.read(sector, (long) i * BLOCK);
                Map<String, String> fields = fields(sector.flip());
                long named = Long.parseLong(fields.getOrDefault("version", "0"), 16);
                if (named > version) {
                    version = named;
                    found = fields;
                    copy = i;
                }
            }
            return new HashMap<>(found);
        }

        private void force() throws IOException {
            if (forced) {
                file.force(false);
            }
        }

        private void writeWhole(ByteBuffer from, long at) throws IOException {
            long next = at;
            while (from.hasRemaining()) {
                next += file.write(from, next);
            }
        }

        @Override
        public int read(ByteBuffer into, long at) throws IOException {
            return file.read(into, at);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            file.force(metaData);
        }

        @Override
        protected synchronized void implTruncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public FileLock tryLock(long from, long size, boolean shared) throws IOException {
            return file.tryLock(from, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }
    }

    /** {@code key:value} pairs up to the end of the first line, in as far as there are any. */
    private static Map<String, String> fields(ByteBuffer bytes) {
        Map<String, String> fields = new HashMap<>();
        StringBuilder line = new StringBuilder();
        for (int i = bytes.position(); i < bytes.limit() && i < bytes.position() + SECTOR
                && bytes.get(i) != '\n'; i++) {
            line.append((char) (bytes.get(i) & 0xff));
        }
        for (String each : line.toString().split(",")) {
            int colon = each.indexOf(':');
            if (colon > 0) {
                fields.put(each.substring(0, colon), each.substring(colon + 1).strip());
            }
        }
        return fields;
    }
}
