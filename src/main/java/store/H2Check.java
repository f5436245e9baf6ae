package store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.store.fs.FilePath;
import store.H2Chunk.Range;

/**
 * Looks through an H2 file before it is opened, and changes nothing: whether H2 finds the newest
 * commit that was confirmed, and whether what is in use of the file is what was written.
 *
 * <p>Where the newest commit is missing or damaged H2 goes back to an older one, and says nothing.
 * The header of the file names the newest ({@link H2File}). Chunks carry checksums ({@link
 * H2Chunk}); of those that earlier releases wrote only the frames of the pages are checked. Reads
 * each chunk once, from its beginning to its end.
 */
final class H2Check {

    private static final int LAYOUT_MAP = 0;
    private static final int PAGE_FRAME = Integer.BYTES + Short.BYTES;
    private static final int HEX = 16;
    private static final String CHUNK = "chunk.";
    private static final String ROOT = "root.";
    private static final String MAP = "map.";

    /**
     * A page that cannot be relied upon.
     *
     * @param map H2's name of the map it belongs to
     * @param isLeaf whether it holds entries, and leads to no other page
     * @param isLast whether the map's next new entry, if it is the greatest, belongs there
     */
    record Page(String map, boolean isLeaf, boolean isLast) {}

    /**
     * What was found.
     *
     * @param opened the version that H2 finds
     * @param newest the version that was confirmed
     * @param damage pages in use that are damaged
     * @param ranges what of the file is not what was written
     */
    record Found(long opened, long newest, List<Page> damage, List<Range> ranges) {

        boolean isOlder() {
            return opened < newest;
        }
    }

    private final FileChannel file;
    private final MVStore store;
    private final Map<Integer, H2Chunk> chunks = new HashMap<>();
    private final Map<Integer, Boolean> summed = new HashMap<>();
    private final List<Range> ranges = new ArrayList<>();
    private final List<Page> damage = new ArrayList<>();

    private H2Check(FileChannel file, MVStore store) {
        this.file = file;
        this.store = store;
    }

    /**
     * Empty if there is nothing to look at: there is no such file, or H2 cannot open it. Then it is
     * for H2 to say why. Blocks.
     *
     * @param name as H2 takes it, with the scheme of {@link H2File}
     */
    static Optional<Found> look(String name) {
        FilePath path = FilePath.get(name);
        if (!path.exists() || path.size() == 0) {
            return Optional.empty();
        }
        H2File.refuseToRead(name, List.of());
        try (MVStore store = new MVStore.Builder().fileName(name).readOnly().open();
                FileChannel file = path.open("r")) {
            return Optional.of(new H2Check(file, store).found());
        } catch (MVStoreException | IOException refused) {
            return Optional.empty();
        }
    }

    private Found found() throws IOException {
        long opened = store.getCurrentVersion();
        List<Map<String, String>> headers = headers();
        boolean both = headers.size() == H2File.COPIES;
        long newest = headers.stream().mapToLong(
            each -> both ? confirmed(each) : version(each)).max().orElse(0);
        if (opened < newest) {
            return new Found(opened, newest, List.of(), List.of());
        }
        try {
            chunks(opened, headers);
        } catch (MVStoreException unreadable) {
            damage.add(new Page("layout", false, false));
            return new Found(opened, opened, List.copyOf(damage), List.of());
        }
        if (!both) {
            newest = Math.max(newest, newestChunk());
        }
        for (H2Chunk chunk : chunks.values()) {
            ranges.addAll(chunk.damage(file));
            summed.put(chunk.id(), chunk.hasSums(file));
        }
        walkAll();
        return new Found(opened, newest, List.copyOf(damage), List.copyOf(ranges));
    }

    /** Those of the header's copies that are good. */
    private List<Map<String, String>> headers() throws IOException {
        List<Map<String, String>> good = new ArrayList<>();
        for (int i = 0; i < H2File.COPIES; i++) {
            Map<String, String> fields = H2File.checkedFields(
                H2Chunk.read(file, (long) i * H2File.BLOCK, H2File.SECTOR));
            if (!fields.isEmpty()) {
                good.add(fields);
            }
        }
        return good;
    }

    private static long confirmed(Map<String, String> header) {
        String forced = header.get(H2File.FORCED);
        return forced == null ? version(header) : Long.parseLong(forced, HEX);
    }

    /** Of two copies the lost one may have said that this was forced too. */
    private static long version(Map<String, String> header) {
        return Long.parseLong(header.getOrDefault("version", "0"), HEX);
    }

    /** All but the last have a row in the map of the layout, which is in the last. */
    private void chunks(long opened, List<Map<String, String>> headers) throws IOException {
        for (Map.Entry<String, String> row : store.getLayoutMap().entrySet()) {
            H2Chunk chunk = row.getKey().startsWith(CHUNK) ? H2Chunk.of(H2File.fields(
                ByteBuffer.wrap(row.getValue().getBytes(StandardCharsets.ISO_8859_1)))) : null;
            if (chunk != null && chunk.block() > 0) {
                chunks.put(chunk.id(), chunk);
            }
        }
        for (Map<String, String> header : headers) {
            if (version(header) == opened) {
                H2Chunk last = H2Chunk.at(file, Long.parseLong(header.get("block"), HEX));
                if (last != null && last.version() == opened) {
                    chunks.put(last.id(), last);
                    return;
                }
            }
        }
        for (H2Chunk free : inFreeSpace()) {
            if (free.version() == opened) {
                chunks.put(free.id(), free);
            }
        }
    }

    /** Of those in the file, in use or not. */
    private long newestChunk() throws IOException {
        return inFreeSpace().stream().mapToLong(H2Chunk::version).max().orElse(0);
    }

    /** Whole chunks that are not in use, or not known yet. */
    private List<H2Chunk> inFreeSpace() throws IOException {
        Map<Long, H2Chunk> used = new HashMap<>();
        chunks.values().forEach(chunk -> used.put(chunk.block(), chunk));
        List<H2Chunk> found = new ArrayList<>();
        long blocks = file.size() / H2File.BLOCK;
        for (long block = H2File.COPIES; block < blocks;) {
            H2Chunk known = used.get(block);
            H2Chunk other = known == null ? H2Chunk.at(file, block) : null;
            if (other != null && other.isWhole(file)) {
                found.add(other);
            }
            block += known == null ? 1 : known.blocks();
        }
        return found;
    }

    private void walkAll() throws IOException {
        long layout = 0;
        for (H2Chunk chunk : chunks.values()) {
            layout = chunk.version() == store.getCurrentVersion() ? chunk.root() : layout;
        }
        walk(layout, LAYOUT_MAP, "layout", true);
        Map<String, String> roots = store.getLayoutMap();
        for (Map.Entry<String, String> row : roots.entrySet()) {
            if (row.getKey().startsWith(ROOT)) {
                String id = row.getKey().substring(ROOT.length());
                walk(Long.parseUnsignedLong(row.getValue(), HEX), Integer.parseInt(id, HEX),
                    nameOf(id), true);
            }
        }
    }

    private String nameOf(String id) {
        String row = store.getMetaMap().get(MAP + id);
        return row == null ? "meta" : H2File.fields(ByteBuffer.wrap(
            row.getBytes(StandardCharsets.UTF_8))).getOrDefault("name", "map " + id);
    }

    /** Down from the page at {@code position}; of leaves whose sums are good nothing is read. */
    private void walk(long position, int mapId, String map, boolean isLast) throws IOException {
        if (position == 0) {
            return;
        }
        boolean isLeaf = DataUtils.getPageType(position) == DataUtils.PAGE_TYPE_LEAF;
        H2Chunk chunk = chunks.get(DataUtils.getPageChunkId(position));
        if (chunk == null) {
            damage.add(new Page(map, isLeaf, isLast));
            return;
        }
        if (isLeaf && summed.get(chunk.id()) && ranges.isEmpty()) {
            return;
        }
        ByteBuffer page = page(chunk, position, mapId);
        if (page == null) {
            damage.add(new Page(map, isLeaf, isLast));
        } else if (!isLeaf) {
            int keys = DataUtils.readVarInt(page);
            page.get();
            for (int i = 0; i <= keys; i++) {
                walk(page.getLong(), mapId, map, isLast && i == keys);
            }
        }
    }

    /** What stands behind the frame of the page; null if it is not what was written there. */
    private ByteBuffer page(H2Chunk chunk, long position, int mapId) throws IOException {
        int offset = DataUtils.getPageOffset(position);
        long at = chunk.start() + offset;
        ByteBuffer frame = H2Chunk.read(file, at, PAGE_FRAME);
        if (isDamaged(at, at + PAGE_FRAME) || frame.remaining() < PAGE_FRAME) {
            return null;
        }
        int length = frame.getInt();
        short check = frame.getShort();
        int expected = DataUtils.getCheckValue(chunk.id()) ^ DataUtils.getCheckValue(offset)
            ^ DataUtils.getCheckValue(length);
        if (check != (short) expected || length < Integer.BYTES || at + length > chunk.end()
                || isDamaged(at, at + length)) {
            return null;
        }
        ByteBuffer page = H2Chunk.read(file, at, length);
        page.position(frame.position());
        return DataUtils.readVarInt(page) >= 0 && DataUtils.readVarInt(page) == mapId ? page
            : null;
    }

    private boolean isDamaged(long from, long to) {
        return ranges.stream().anyMatch(range -> range.overlaps(from, to));
    }
}
