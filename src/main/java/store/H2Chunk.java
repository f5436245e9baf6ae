package store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A chunk of an H2 file, and the checksums of its content.
 *
 * <p>H2 checks the two ends of a chunk and the frame of each page, but not what is in the pages: a
 * flipped bit is read as if it had been written. So the footer of each chunk carries checksums, in
 * a field that H2 passes over. There is room for a few, each over as many blocks as the others, so
 * that damage can be told to within a part of the chunk.
 *
 * @param id its number, which may be used again
 * @param version the commit that wrote it
 * @param block where it begins
 * @param blocks how long it is
 * @param root where the root of the map of all roots lies; 0 if it was not asked for
 */
record H2Chunk(int id, long version, long block, int blocks, long root) {

    /** As H2 has it; at the end of the last block. */
    static final int FOOTER = 128;

    private static final String SUMS = "sums";
    private static final int SUMS_MAX = 7;
    private static final int SUM_DIGITS = 8;
    private static final int HEX = 16;

    /** Bytes of the file. */
    record Range(long from, long to) {

        boolean overlaps(long begin, long end) {
            return begin < to && end > from;
        }

        /** What is left of {@code others} without this one. */
        List<Range> takenOf(List<Range> others) {
            List<Range> left = new ArrayList<>();
            for (Range other : others) {
                if (!overlaps(other.from, other.to)) {
                    left.add(other);
                    continue;
                }
                if (other.from < from) {
                    left.add(new Range(other.from, from));
                }
                if (other.to > to) {
                    left.add(new Range(to, other.to));
                }
            }
            return List.copyOf(left);
        }

        @Override
        public String toString() {
            return from + " to " + to;
        }
    }

    /** What a header of a chunk, or its row in H2's map of chunks, says; null if it is neither. */
    static H2Chunk of(Map<String, String> fields) {
        try {
            return new H2Chunk(Integer.parseUnsignedInt(fields.get("chunk"), HEX),
                number(fields, "version"), number(fields, "block"), (int) number(fields, "len"),
                number(fields, "root"));
        } catch (NumberFormatException other) {
            return null;
        }
    }

    /** The one that begins at that block, whole or not; null if none does. */
    static H2Chunk at(FileChannel file, long block) throws IOException {
        Map<String, String> fields = H2File.fields(
            read(file, block * H2File.BLOCK, H2File.SECTOR));
        fields.put("block", Long.toHexString(block));
        H2Chunk found = fields.containsKey("len") ? of(fields) : null;
        return found != null && found.blocks > 0
            && found.block + found.blocks <= file.size() / H2File.BLOCK ? found : null;
    }

    long start() {
        return block * H2File.BLOCK;
    }

    long end() {
        return (block + blocks) * H2File.BLOCK;
    }

    /** Whether its end is its own. */
    boolean isWhole(FileChannel file) throws IOException {
        Map<String, String> footer = footer(file);
        return !footer.isEmpty() && number(footer, "version") == version
            && Integer.parseUnsignedInt(footer.get("chunk"), HEX) == id;
    }

    /** Whether it was written with checksums. */
    boolean hasSums(FileChannel file) throws IOException {
        return footer(file).containsKey(SUMS);
    }

    /** What of it is not what was written, as far as that can be told. */
    List<Range> damage(FileChannel file) throws IOException {
        List<Range> damage = new ArrayList<>();
        if (!isWhole(file)) {
            damage.add(new Range(end() - H2File.BLOCK, end()));
            return damage;
        }
        String sums = footer(file).getOrDefault(SUMS, "");
        int parts = sums.length() / SUM_DIGITS;
        for (int i = 0; i < parts; i++) {
            Range part = part(i, parts);
            long from = start() + part.from;
            long to = start() + part.to;
            if (!sums.substring(i * SUM_DIGITS, (i + 1) * SUM_DIGITS)
                    .equals(sum(read(file, from, (int) (to - from))))) {
                damage.add(new Range(from, i == parts - 1 ? end() : to));
            }
        }
        return damage;
    }

    /** Puts the checksums into the footer of {@code chunk}, which is about to be written. */
    static void addSums(ByteBuffer chunk) {
        H2Chunk header = of(H2File.fields(chunk));
        int footerAt = chunk.remaining() - FOOTER;
        if (header == null || (long) header.blocks * H2File.BLOCK != chunk.remaining()) {
            return;
        }
        Map<String, String> footer =
            new HashMap<>(H2File.checkedFields(chunk.slice(footerAt, FOOTER)));
        if (footer.isEmpty()) {
            return;
        }
        int parts = Math.min(header.blocks, SUMS_MAX);
        StringBuilder sums = new StringBuilder();
        for (int i = 0; i < parts; i++) {
            Range part = header.part(i, parts);
            sums.append(sum(chunk.slice((int) part.from, (int) (part.to - part.from))));
        }
        footer.put(SUMS, sums.toString());
        StringBuilder text = H2File.summed(footer);
        if (text.length() < FOOTER) {
            text.append(" ".repeat(FOOTER - 1 - text.length())).append('\n');
            chunk.put(footerAt, text.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Counted from its beginning. The footer is in none of them: it has a checksum of its own. */
    private Range part(int index, int parts) {
        long from = (long) blocks * index / parts * H2File.BLOCK;
        long to = (long) blocks * (index + 1) / parts * H2File.BLOCK;
        return new Range(from, index == parts - 1 ? to - FOOTER : to);
    }

    private Map<String, String> footer(FileChannel file) throws IOException {
        return H2File.checkedFields(read(file, end() - FOOTER, FOOTER));
    }

    private static String sum(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return String.format("%08x", sum.getValue());
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseUnsignedLong(fields.getOrDefault(name, "0"), HEX);
    }

    /** Up to that many bytes; fewer at the end of the file. */
    static ByteBuffer read(FileChannel file, long at, int bytes) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(bytes);
        while (into.hasRemaining() && file.read(into, at + into.position()) > 0) {
            continue;
        }
        return into.flip();
    }
}
