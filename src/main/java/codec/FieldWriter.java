package codec;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import transaction.Bytes;

/**
 * Takes the fields of one record. Each has a number, which is what bytes know it by and is never
 * used again for anything else, and a name, for forms that people read. What is empty, zero, false
 * or null is left out. Not thread-safe.
 */
public interface FieldWriter {

    FieldWriter text(int number, String name, String text);

    FieldWriter bytes(int number, String name, Bytes bytes);

    FieldWriter number(int number, String name, long value);

    default FieldWriter flag(int number, String name, boolean flag) {
        return number(number, name, flag ? 1 : 0);
    }

    FieldWriter instant(int number, String name, Instant at);

    /** Left out if it is the moment of the whole: see {@link #at}. */
    FieldWriter moment(int number, String name, Instant at);

    FieldWriter duration(int number, String name, Duration time);

    /** A field that holds the fields of another record. */
    <T> FieldWriter record(int number, String name, T record, BiConsumer<FieldWriter, T> fields);

    /** The elements in order, the empty ones too. */
    FieldWriter texts(int number, String name, Collection<String> texts);

    /** The elements in order, zeros too. */
    FieldWriter numbers(int number, String name, Collection<Integer> values);

    <T> FieldWriter records(int number, String name, Collection<? extends T> records,
        BiConsumer<FieldWriter, T> fields);

    FieldWriter map(int number, String name, Map<String, String> entries);

    /** The moment of the whole, from which others are told from here on: most are the same. */
    FieldWriter at(Instant whole);
}
