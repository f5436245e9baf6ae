package codec;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import transaction.Bytes;

/**
 * Fields as bytes. Each begins with a varint: twice its number, plus one if a length and as many
 * bytes follow, and not plus one if a varint follows. Moments are told as their distance from the
 * moment of the whole.
 *
 * <p>What is long lies in many short arrays, so that no write needs one large hole in the heap.
 */
public final class ByteFields implements FieldWriter {

    /** No array here is longer. */
    private static final int SEGMENT_BYTES = 64 << 10;

    /** Holds most records. */
    private static final int TYPICAL_BYTES = 128;

    private final List<byte[]> full = new ArrayList<>(0);
    private Instant whole;
    private byte[] open = new byte[TYPICAL_BYTES];
    private int used;
    private int fullBytes;

    public ByteFields() {
        this(Instant.EPOCH);
    }

    private ByteFields(Instant whole) {
        this.whole = whole;
    }

    /** The fields of {@code record} as bytes. */
    public static <T> byte[] of(T record, BiConsumer<FieldWriter, T> fields) {
        ByteFields to = new ByteFields();
        fields.accept(to, record);
        return to.toBytes();
    }

    public int size() {
        return Math.addExact(fullBytes, used);
    }

    public byte[] toBytes() {
        byte[] all = new byte[size()];
        int at = 0;
        for (byte[] each : full) {
            System.arraycopy(each, 0, all, at, each.length);
            at += each.length;
        }
        System.arraycopy(open, 0, all, at, used);
        return all;
    }

    /** The same in pieces of {@code bytes} each, the last of which may be shorter. */
    public List<byte[]> toPieces(int bytes) {
        int left = size();
        List<byte[]> pieces = new ArrayList<>();
        byte[] piece = new byte[Math.min(bytes, left)];
        int filled = 0;
        for (int i = 0; i <= full.size(); i++) {
            byte[] source = i < full.size() ? full.get(i) : open;
            int end = i < full.size() ? source.length : used;
            for (int from = 0; from < end;) {
                int length = Math.min(end - from, piece.length - filled);
                System.arraycopy(source, from, piece, filled, length);
                from += length;
                filled += length;
                if (filled == piece.length) {
                    pieces.add(piece);
                    left -= filled;
                    piece = new byte[Math.min(bytes, left)];
                    filled = 0;
                }
            }
        }
        return pieces;
    }

    @Override
    public FieldWriter text(int number, String name, String text) {
        return text == null || text.isEmpty() ? this : content(number, Texts.encoded(text));
    }

    @Override
    public FieldWriter bytes(int number, String name, Bytes bytes) {
        return bytes.isEmpty() ? this : content(number, bytes.toArray());
    }

    @Override
    public FieldWriter number(int number, String name, long value) {
        return value == 0 ? this : varintField(number, value);
    }

    @Override
    public FieldWriter instant(int number, String name, Instant at) {
        return at == null ? this : time(number,
            Math.subtractExact(at.getEpochSecond(), whole.getEpochSecond()),
            at.getNano() - whole.getNano());
    }

    @Override
    public FieldWriter moment(int number, String name, Instant at) {
        return whole.equals(at) ? this : instant(number, name, at);
    }

    @Override
    public FieldWriter duration(int number, String name, Duration time) {
        return time.isZero() ? this : time(number, time.getSeconds(), time.getNano());
    }

    @Override
    public <T> FieldWriter record(
            int number, String name, T record, BiConsumer<FieldWriter, T> fields) {
        if (record == null) {
            return this;
        }
        ByteFields inner = new ByteFields(whole);
        fields.accept(inner, record);
        head(number, inner.size());
        if (!inner.full.isEmpty()) {
            close();
            full.addAll(inner.full);
            fullBytes = Math.addExact(fullBytes, inner.fullBytes);
        }
        put(inner.open, inner.used);
        return this;
    }

    @Override
    public FieldWriter texts(int number, String name, Collection<String> texts) {
        texts.forEach(text -> content(number, Texts.encoded(text)));
        return this;
    }

    @Override
    public FieldWriter numbers(int number, String name, Collection<Integer> values) {
        values.forEach(value -> varintField(number, value));
        return this;
    }

    @Override
    public <T> FieldWriter records(int number, String name, Collection<? extends T> records,
            BiConsumer<FieldWriter, T> fields) {
        records.forEach(each -> record(number, name, each, fields));
        return this;
    }

    @Override
    public FieldWriter map(int number, String name, Map<String, String> entries) {
        return records(number, name, entries.entrySet(),
            (to, each) -> to.text(1, "key", each.getKey()).text(2, "value", each.getValue()));
    }

    @Override
    public FieldWriter at(Instant moment) {
        whole = moment;
        return this;
    }

    /** A field that holds just these bytes, which may be none. */
    public ByteFields content(int number, byte[] content) {
        head(number, content.length);
        put(content, content.length);
        return this;
    }

    private ByteFields varintField(int number, long value) {
        varint((long) number << 1);
        varint(zigzag(value));
        return this;
    }

    /** Nothing at all for no distance, and no part of a second if there is none. */
    private ByteFields time(int number, long seconds, long nanos) {
        if (seconds == 0 && nanos == 0) {
            return content(number, new byte[0]);
        }
        int bytes = varintBytes(zigzag(seconds)) + (nanos == 0 ? 0 : varintBytes(zigzag(nanos)));
        head(number, bytes);
        varint(zigzag(seconds));
        if (nanos != 0) {
            varint(zigzag(nanos));
        }
        return this;
    }

    private void head(int number, int length) {
        varint((long) number << 1 | 1);
        varint(length);
    }

    private void put(byte[] content, int length) {
        for (int from = 0; from < length;) {
            if (used == open.length) {
                grow(length - from);
            }
            int some = Math.min(length - from, open.length - used);
            System.arraycopy(content, from, open, used, some);
            used += some;
            from += some;
        }
    }

    private void varint(long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            put((byte) (left & 0x7f | 0x80));
            left >>>= 7;
        }
        put((byte) left);
    }

    private void put(byte one) {
        if (used == open.length) {
            grow(1);
        }
        open[used++] = one;
    }

    private void grow(int more) {
        if (open.length == SEGMENT_BYTES) {
            close();
            open = new byte[SEGMENT_BYTES];
        } else {
            open = Arrays.copyOf(open, (int) Math.min(SEGMENT_BYTES,
                Math.max(2L * open.length, (long) used + more)));
        }
    }

    private void close() {
        if (used > 0) {
            full.add(used == open.length ? open : Arrays.copyOf(open, used));
            fullBytes = Math.addExact(fullBytes, used);
            open = new byte[TYPICAL_BYTES];
            used = 0;
        }
    }

    private static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }

    private static int varintBytes(long value) {
        return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    }
}
