package store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import transaction.Entry;
import transaction.Options;

/**
 * Entries to bytes and back: JSON with names of its own that never change, written beside the
 * number of its version. A later version is another branch in {@link #decode}; bytes once written
 * are read for ever.
 */
public final class EventCodec {

    /** Of what {@link #encode} writes. */
    public static final int VERSION = 1;

    /** Holds all entries but the first of a transaction, and most of those. */
    private static final int TYPICAL_BYTES = 512;

    /** Names in events may be the clients' own: no table of them outlives its parser. */
    static final JsonMapper MAPPER = new JsonMapper(JsonFactory.builder()
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build());
    private static final JsonFactory FACTORY = MAPPER.getFactory();

    private EventCodec() {}

    /** The events of {@code entry}, without its summary. Any thread. */
    public static byte[] encode(Entry entry) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(TYPICAL_BYTES)) {
            try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
                new EventWriter(json).entry(entry);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The entry that was encoded, without its summary. Any thread.
     *
     * @throws IllegalArgumentException if it cannot be understood
     */
    public static Entry decode(int version, byte[] bytes) {
        if (version != VERSION) {
            throw new IllegalArgumentException("written in version " + version
                + " of the event format, which this release does not know");
        }
        return EventReader.entry(tree(bytes));
    }

    static String optionsToText(Options options) {
        if (options.equals(Options.NONE)) {
            return "";
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            new EventWriter(json).options(options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static Options optionsFromText(String text) {
        return text.isEmpty() ? Options.NONE
            : EventReader.options(tree(text.getBytes(StandardCharsets.UTF_8)));
    }

    static JsonNode tree(byte[] bytes) {
        try {
            JsonNode tree = MAPPER.readTree(bytes);
            if (!tree.isObject()) {
                throw new IllegalArgumentException("no JSON object");
            }
            return tree;
        } catch (IOException e) {
            throw new IllegalArgumentException("no JSON: " + e.getMessage(), e);
        }
    }
}
