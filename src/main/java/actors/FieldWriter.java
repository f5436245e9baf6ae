package actors;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.BiConsumer;
import transaction.Bytes;

/**
 * Numbered fields as bytes: a number, a length, and what the field holds. A reader of another
 * release passes over numbers that it does not know, so fields may be added, but a number that was
 * in use never gets another meaning. What is empty, zero or null is left out.
 */
final class FieldWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    byte[] toBytes() {
        return out.toByteArray();
    }

    FieldWriter text(int field, String text) {
        return text == null || text.isEmpty() ? this
            : raw(field, text.getBytes(StandardCharsets.UTF_8));
    }

    FieldWriter texts(int field, Collection<String> texts) {
        texts.forEach(text -> raw(field, text.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    FieldWriter bytes(int field, Bytes bytes) {
        return bytes.isEmpty() ? this : raw(field, bytes.toArray());
    }

    FieldWriter number(int field, long number) {
        return number == 0 ? this : raw(field, eight(number));
    }

    FieldWriter flag(int field, boolean flag) {
        return number(field, flag ? 1 : 0);
    }

    FieldWriter instant(int field, Instant at) {
        return at == null ? this : pair(field, at.getEpochSecond(), at.getNano());
    }

    FieldWriter duration(int field, Duration time) {
        return time.isZero() ? this : pair(field, time.getSeconds(), time.getNano());
    }

    /** A field that holds fields; left out if {@code record} is null. */
    <T> FieldWriter record(int field, T record, BiConsumer<FieldWriter, T> how) {
        if (record != null) {
            FieldWriter inner = new FieldWriter();
            how.accept(inner, record);
            raw(field, inner.toBytes());
        }
        return this;
    }

    <T> FieldWriter records(
            int field, Collection<? extends T> records, BiConsumer<FieldWriter, T> how) {
        records.forEach(each -> record(field, each, how));
        return this;
    }

    FieldWriter raw(int field, byte[] content) {
        varint(field);
        varint(content.length);
        out.writeBytes(content);
        return this;
    }

    private FieldWriter pair(int field, long seconds, int nanos) {
        byte[] both = new byte[16];
        System.arraycopy(eight(seconds), 0, both, 0, 8);
        System.arraycopy(eight(nanos), 0, both, 8, 8);
        return raw(field, both);
    }

    private static byte[] eight(long number) {
        byte[] bytes = new byte[8];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (number >>> 56 - 8 * i);
        }
        return bytes;
    }

    private void varint(int number) {
        int left = number;
        while (left >= 0x80) {
            out.write(left & 0x7f | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }
}
