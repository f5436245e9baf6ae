package codec;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import transaction.Bytes;

/**
 * Reads what {@link ByteFields} wrote. What is not there reads as empty, zero or null; of a field
 * that is there several times and should be once, the last one counts. What cannot be read is a
 * runtime exception, in most cases an {@link IllegalArgumentException}. Not thread-safe.
 */
public final class FieldReader {

    private static final int LONGEST_VARINT = 10;

    private final Content content;
    private Instant whole;
    private int cursor;
    private int count;
    private int[] heads = new int[16];
    private int[] starts = new int[16];
    private int[] ends = new int[16];

    public FieldReader(byte[] bytes) {
        this(Content.of(bytes));
    }

    public FieldReader(Content content) {
        this(content, 0, content.size(), Instant.EPOCH);
    }

    private FieldReader(Content content, int from, int to, Instant whole) {
        this.content = content;
        this.whole = whole;
        cursor = from;
        while (cursor < to) {
            int head = Math.toIntExact(varint(to));
            boolean hasLength = (head & 1) == 1;
            long length = hasLength ? varint(to) : 0;
            int start = cursor;
            if (!hasLength) {
                varint(to);
            } else if (length < 0 || length > to - cursor) {
                throw new IllegalArgumentException("field " + (head >> 1) + " is cut short");
            } else {
                cursor += (int) length;
            }
            add(head, start, cursor);
        }
    }

    private void add(int head, int start, int end) {
        if (count == heads.length) {
            heads = Arrays.copyOf(heads, 2 * count);
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        heads[count] = head;
        starts[count] = start;
        ends[count++] = end;
    }

    public boolean has(int number) {
        for (int i = 0; i < count; i++) {
            if (heads[i] >> 1 == number) {
                return true;
            }
        }
        return false;
    }

    public String text(int number) {
        int place = last(number, true);
        return place < 0 ? "" : decoded(place);
    }

    public Bytes bytes(int number) {
        int place = last(number, true);
        return place < 0 ? Bytes.EMPTY : Bytes.of(copy(place));
    }

    /** The bytes of a field as they are; none if it is not there. */
    public byte[] content(int number) {
        int place = last(number, true);
        return place < 0 ? new byte[0] : copy(place);
    }

    public long number(int number) {
        int place = last(number, false);
        return place < 0 ? 0 : value(place);
    }

    public int integer(int number) {
        return Math.toIntExact(number(number));
    }

    public boolean flag(int number) {
        return number(number) != 0;
    }

    /** Null if it is not there. */
    public Instant instant(int number) {
        int place = last(number, true);
        return place < 0 ? null : time(place, (seconds, nanos) -> Instant.ofEpochSecond(
            Math.addExact(whole.getEpochSecond(), seconds), whole.getNano() + nanos));
    }

    /** The moment of the whole if it is not there: see {@link #at}. */
    public Instant moment(int number) {
        Instant at = instant(number);
        return at == null ? whole : at;
    }

    public Duration duration(int number) {
        int place = last(number, true);
        return place < 0 ? Duration.ZERO : time(place, Duration::ofSeconds);
    }

    /** One of the words that {@code words} knows. */
    public <T> T known(int number, String what, Function<String, Optional<T>> words) {
        String word = text(number);
        return words.apply(word).orElseThrow(
            () -> new IllegalArgumentException("unknown " + what + ": " + word));
    }

    /** The record in a field; null if it is not there. */
    public <T> T record(int number, Function<FieldReader, T> fields) {
        int place = last(number, true);
        return place < 0 ? null : fields.apply(inner(place));
    }

    public List<String> texts(int number) {
        return all(number, true, place -> decoded(place));
    }

    public List<Integer> numbers(int number) {
        return all(number, false, place -> Math.toIntExact(value(place)));
    }

    public <T> List<T> records(int number, Function<FieldReader, T> fields) {
        return all(number, true, place -> fields.apply(inner(place)));
    }

    public Map<String, String> map(int number) {
        Map<String, String> entries = new LinkedHashMap<>();
        records(number, each -> entries.put(each.text(1), each.text(2)));
        return entries;
    }

    /** As {@link FieldWriter#at}. */
    public FieldReader at(Instant moment) {
        whole = moment;
        return this;
    }

    private FieldReader inner(int place) {
        return new FieldReader(content, starts[place], ends[place], whole);
    }

    private <T> List<T> all(int number, boolean hasLength, Function<Integer, T> how) {
        List<T> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (heads[i] >> 1 == number) {
                requireForm(i, hasLength);
                all.add(how.apply(i));
            }
        }
        return all;
    }

    private int last(int number, boolean hasLength) {
        for (int i = count - 1; i >= 0; i--) {
            if (heads[i] >> 1 == number) {
                requireForm(i, hasLength);
                return i;
            }
        }
        return -1;
    }

    private void requireForm(int place, boolean hasLength) {
        if ((heads[place] & 1) == 1 != hasLength) {
            throw new IllegalArgumentException(
                "field " + (heads[place] >> 1) + " has another form than it should");
        }
    }

    private byte[] copy(int place) {
        return content.copy(starts[place], ends[place]);
    }

    private String decoded(int place) {
        return Texts.decoded(copy(place));
    }

    private long value(int place) {
        cursor = starts[place];
        return unzigzag(varint(ends[place]));
    }

    private interface Time<T> {
        T of(long seconds, long nanos);
    }

    private <T> T time(int place, Time<T> how) {
        cursor = starts[place];
        int end = ends[place];
        long seconds = cursor == end ? 0 : unzigzag(varint(end));
        long nanos = cursor == end ? 0 : unzigzag(varint(end));
        return how.of(seconds, nanos);
    }

    private long varint(int end) {
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT; i++) {
            if (cursor == end) {
                throw new IllegalArgumentException("a number is cut short");
            }
            byte next = content.at(cursor++);
            value |= (next & 0x7fL) << 7 * i;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number is too long");
    }

    private static long unzigzag(long value) {
        return value >>> 1 ^ -(value & 1);
    }
}
