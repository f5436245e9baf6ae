package actors;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import transaction.Bytes;

/** Reads what {@link FieldWriter} wrote. What is not there reads as empty, zero or null. */
final class FieldReader {

    private final Map<Integer, List<byte[]>> fields = new HashMap<>();

    /** @throws IllegalArgumentException if these are no fields */
    FieldReader(byte[] bytes) {
        int[] at = {0};
        while (at[0] < bytes.length) {
            int field = varint(bytes, at);
            int length = varint(bytes, at);
            if (length < 0 || length > bytes.length - at[0]) {
                throw new IllegalArgumentException("field " + field + " is cut short");
            }
            fields.computeIfAbsent(field, first -> new ArrayList<>(1))
                .add(Arrays.copyOfRange(bytes, at[0], at[0] + length));
            at[0] += length;
        }
    }

    boolean has(int field) {
        return fields.containsKey(field);
    }

    String text(int field) {
        return has(field) ? new String(last(field), StandardCharsets.UTF_8) : "";
    }

    List<String> texts(int field) {
        return all(field).stream().map(each -> new String(each, StandardCharsets.UTF_8)).toList();
    }

    Bytes bytes(int field) {
        return has(field) ? Bytes.of(last(field)) : Bytes.EMPTY;
    }

    long number(int field) {
        return has(field) ? eight(last(field), 0) : 0;
    }

    int integer(int field) {
        return Math.toIntExact(number(field));
    }

    boolean flag(int field) {
        return number(field) != 0;
    }

    Instant instant(int field) {
        return has(field)
            ? Instant.ofEpochSecond(eight(last(field), 0), eight(last(field), 8)) : null;
    }

    Duration duration(int field) {
        return has(field)
            ? Duration.ofSeconds(eight(last(field), 0), eight(last(field), 8)) : Duration.ZERO;
    }

    /** One of the names that {@code names} knows. @throws IllegalArgumentException if not */
    <T> T known(int field, Function<String, Optional<T>> names) {
        String name = text(field);
        return names.apply(name).orElseThrow(() -> new IllegalArgumentException(
            "field " + field + " says \"" + name + "\", which this release does not know"));
    }

    /** The fields that a field holds; null if it is not there. */
    <T> T record(int field, Function<FieldReader, T> how) {
        return has(field) ? how.apply(new FieldReader(last(field))) : null;
    }

    <T> List<T> records(int field, Function<FieldReader, T> how) {
        return all(field).stream().map(each -> how.apply(new FieldReader(each))).toList();
    }

    byte[] raw(int field) {
        return has(field) ? last(field) : new byte[0];
    }

    private List<byte[]> all(int field) {
        return fields.getOrDefault(field, List.of());
    }

    private byte[] last(int field) {
        List<byte[]> all = fields.get(field);
        return all.get(all.size() - 1);
    }

    private static long eight(byte[] bytes, int from) {
        if (bytes.length < from + 8) {
            throw new IllegalArgumentException("a number is cut short");
        }
        long number = 0;
        for (int i = 0; i < 8; i++) {
            number = number << 8 | bytes[from + i] & 0xff;
        }
        return number;
    }

    private static int varint(byte[] bytes, int[] at) {
        int number = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (at[0] == bytes.length) {
                throw new IllegalArgumentException("a length is cut short");
            }
            byte next = bytes[at[0]++];
            number |= (next & 0x7f) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("a length is too long");
    }
}
