package store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.mvstore.DataUtils;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import store.H2Chunk.Range;

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
 * written one after the other, so that whatever happens meanwhile one of them is as good as
 * before.
 *
 * <p>{@link Forced} is fit for a power cut too. H2 takes a chunk for whole if its first and its
 * last bytes are there; a disk with a cache may keep these and lose what lies between. So the
 * beginning of a chunk is written only when the rest of it is on the disk. Its header also says
 * which version was on the disk for certain: a later one may have been torn by the power cut, and
 * nobody was told of it.
 *
 * <p>Each chunk is written with checksums of its content ({@link H2Chunk}), which H2 itself does
 * not have. Parts that {@link H2Check} found damaged cannot be read through this file.
 */
public class H2File extends FilePathWrapper {

    /** What the url of such a file begins with, after {@code jdbc:h2:}. */
    static final String SCHEME = "kept";

    /**
     * The least that a disk writes whole. The header of a chunk, and of a file, is a third of it.
     */
    static final int SECTOR = 512;

    static final int BLOCK = 4_096;

    /** The copies of the file's header, a block each; behind them the chunks begin. */
    static final int COPIES = 2;

    /** In the header: the version that was forced to the disk. Only {@link Forced} writes it. */
    static final String FORCED = "forced";

    /** By the name of the file: what of it cannot be relied upon. */
    private static final Map<String, AtomicReference<List<Range>>> DAMAGED =
        new ConcurrentHashMap<>();

    /** The same for {@code powerLossSafe}. */
    public static final class Forced extends H2File {

        static final String SCHEME = "forced";

        @Override
        public String getScheme() {
            return SCHEME;
        }

        @Override
        public FileChannel open(String mode) throws IOException {
            return new Content(getBase(), mode, true);
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
        return new Content(getBase(), mode, false);
    }

    /** From now on nothing within {@code ranges} of that file can be read, until it is written. */
    static void refuseToRead(String name, List<Range> ranges) {
        damaged(((H2File) FilePath.get(name)).getBase().toString()).set(List.copyOf(ranges));
    }

    private static AtomicReference<List<Range>> damaged(String base) {
        return DAMAGED.computeIfAbsent(base, any -> new AtomicReference<>(List.of()));
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

        private final String name;
        private final FileChannel file;
        private final boolean forced;
        private final AtomicReference<List<Range>> damaged;
        private Map<String, String> header = Map.of();
        private Chunk newest;
        private long forcedVersion;
        private int copy;

        Content(FilePath path, String mode, boolean forced) throws IOException {
            this.name = path.toString();
            this.file = path.open(mode);
            this.forced = forced;
            this.damaged = damaged(name);
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
            if (chunk != null) {
                H2Chunk.addSums(from.slice());
            }
            if (!damaged.get().isEmpty()) {
                Range written = new Range(at, at + from.remaining());
                damaged.updateAndGet(ranges -> written.takenOf(ranges));
            }
            int head = forced ? Math.min(SECTOR, from.remaining()) : 0;
            writeWhole(from.slice(from.position() + head, from.remaining() - head), at + head);
            if (forced) {
                file.force(false);
                forcedVersion = newest == null ? forcedVersion : newest.version;
                writeWhole(from.slice(from.position(), head), at);
            }
            if (chunk != null && (newest == null || chunk.version >= newest.version)) {
                newest = chunk;
                writeCopy();
                if (!forced) {
                    // Nothing is torn by a kill, so both may name it, and one can be lost.
                    writeCopy();
                }
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
            named.remove(FORCED);
            if (forced) {
                named.put(FORCED, Long.toHexString(forcedVersion));
            }
            ByteBuffer sector = ByteBuffer.allocate(SECTOR);
            sector.put(summed(named).append('\n').toString()
                .getBytes(StandardCharsets.ISO_8859_1));
            copy = (copy + 1) % COPIES;
            writeWhole(sector.rewind(), (long) copy * BLOCK);
        }

        /** The newer of the good copies; there is one, or H2 would not write. */
        private Map<String, String> readHeader() throws IOException {
            Map<String, String> found = Map.of();
            long version = -1;
            for (int i = 0; i < COPIES; i++) {
                ByteBuffer sector = ByteBuffer.allocate(SECTOR);
                file.read(sector, (long) i * BLOCK);
                Map<String, String> fields = checkedFields(sector.flip());
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
            for (Range range : damaged.get()) {
                if (range.overlaps(at, at + into.remaining())
                        && range.overlaps(at, at + wanted(into.remaining(), at))) {
                    throw new IOException(
                        "bytes " + range + " of the file are not what was written");
                }
            }
            return file.read(into, at);
        }

        /** H2 reads a page by the greatest length it may have; its own is what it begins with. */
        private int wanted(int bytes, long at) throws IOException {
            ByteBuffer first = H2Chunk.read(file, at, Integer.BYTES);
            int length = first.remaining() < Integer.BYTES ? bytes : first.getInt();
            return length < Integer.BYTES ? bytes : Math.min(bytes, length);
        }

        /** What is on the disk now is noted, for the disk to learn with whatever comes next. */
        @Override
        public void force(boolean metaData) throws IOException {
            long version = newestVersion();
            file.force(metaData);
            if (forced) {
                noteForced(version);
            }
        }

        private synchronized long newestVersion() {
            return newest == null ? 0 : newest.version;
        }

        private synchronized void noteForced(long version) throws IOException {
            if (version > forcedVersion) {
                forcedVersion = version;
                writeCopy();
            }
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

        /** As H2 names it in what it says of an error. */
        @Override
        public String toString() {
            return name;
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }
    }

    /** As text, with the checksum that H2 asks for at its end. */
    static StringBuilder summed(Map<String, String> fields) {
        Map<String, String> others = new HashMap<>(fields);
        others.remove("fletcher");
        StringBuilder text = new StringBuilder();
        DataUtils.appendMap(text, new HashMap<>(others));
        byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        DataUtils.appendMap(text, "fletcher", DataUtils.getFletcher32(bytes, 0, bytes.length));
        return text;
    }

    /** Like {@link #fields}, but empty if the checksum at its end is not theirs. */
    static Map<String, String> checkedFields(ByteBuffer bytes) {
        Map<String, String> fields = fields(bytes);
        int end = bytes.position();
        String line = StandardCharsets.ISO_8859_1.decode(bytes.slice(end,
            Math.min(SECTOR, bytes.remaining()))).toString().split("\n", 2)[0].strip();
        int sum = line.lastIndexOf(",fletcher:");
        byte[] summed = line.substring(0, Math.max(0, sum)).getBytes(StandardCharsets.ISO_8859_1);
        return sum > 0 && Integer.toHexString(DataUtils.getFletcher32(summed, 0, summed.length))
            .equals(fields.get("fletcher")) ? fields : Map.of();
    }

    /** {@code key:value} pairs up to the end of the first line, in as far as there are any. */
    static Map<String, String> fields(ByteBuffer bytes) {
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
