package store;

import codec.FieldWriter;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import transaction.Bytes;

/**
 * Fields as JSON, by their names: what an archive has for people and their programs. Times and
 * durations are in ISO 8601, bytes in base64. Nothing here reads it back.
 */
final class JsonFields implements FieldWriter {

    private final JsonGenerator json;
    private Instant whole = Instant.EPOCH;

    JsonFields(JsonGenerator json) {
        this.json = json;
    }

    /** An object with the fields of {@code record}. */
    <T> void object(T record, BiConsumer<FieldWriter, T> fields) {
        run(json::writeStartObject);
        fields.accept(this, record);
        run(json::writeEndObject);
    }

    @Override
    public FieldWriter text(int number, String name, String text) {
        return text == null || text.isEmpty() ? this
            : run(() -> json.writeStringField(name, text));
    }

    @Override
    public FieldWriter bytes(int number, String name, Bytes bytes) {
        return bytes.isEmpty() ? this : run(() -> json.writeBinaryField(name, bytes.toArray()));
    }

    @Override
    public FieldWriter number(int number, String name, long value) {
        return value == 0 ? this : run(() -> json.writeNumberField(name, value));
    }

    @Override
    public FieldWriter flag(int number, String name, boolean flag) {
        return flag ? run(() -> json.writeBooleanField(name, true)) : this;
    }

    @Override
    public FieldWriter instant(int number, String name, Instant at) {
        return at == null ? this : text(number, name, at.toString());
    }

    @Override
    public FieldWriter moment(int number, String name, Instant at) {
        return whole.equals(at) ? this : instant(number, name, at);
    }

    @Override
    public FieldWriter duration(int number, String name, Duration time) {
        return time.isZero() ? this : text(number, name, time.toString());
    }

    @Override
    public <T> FieldWriter record(
            int number, String name, T record, BiConsumer<FieldWriter, T> fields) {
        if (record != null) {
            run(() -> json.writeFieldName(name));
            object(record, fields);
        }
        return this;
    }

    @Override
    public FieldWriter texts(int number, String name, Collection<String> texts) {
        return array(name, texts, json::writeString);
    }

    @Override
    public FieldWriter numbers(int number, String name, Collection<Integer> values) {
        return array(name, values, json::writeNumber);
    }

    @Override
    public <T> FieldWriter records(int number, String name, Collection<? extends T> records,
            BiConsumer<FieldWriter, T> fields) {
        return array(name, records, each -> object(each, fields));
    }

    @Override
    public FieldWriter map(int number, String name, Map<String, String> entries) {
        return entries.isEmpty() ? this : run(() -> {
            json.writeObjectFieldStart(name);
            for (Map.Entry<String, String> each : entries.entrySet()) {
                json.writeStringField(each.getKey(), each.getValue());
            }
            json.writeEndObject();
        });
    }

    @Override
    public FieldWriter at(Instant moment) {
        whole = moment;
        return this;
    }

    private interface Part {
        void write() throws IOException;
    }

    private interface Element<T> {
        void write(T element) throws IOException;
    }

    /** What is empty is left out. */
    private <T> FieldWriter array(String name, Collection<? extends T> all, Element<T> element) {
        return all.isEmpty() ? this : run(() -> {
            json.writeArrayFieldStart(name);
            for (T each : all) {
                element.write(each);
            }
            json.writeEndArray();
        });
    }

    private FieldWriter run(Part part) {
        try {
            part.write();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
