package store;

import codec.ByteFields;
import codec.Content;
import codec.EventFields;
import codec.FieldReader;
import codec.SubmissionFields;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import transaction.Entry;
import transaction.Options;

/**
 * Entries to the bytes of the journal and back. The number of their version stands beside them;
 * bytes once written are read for ever. Version 2 is numbered fields ({@link codec}), version 1 was
 * JSON.
 */
public final class EventCodec {

    /** Of what {@link #encode} writes. */
    public static final int VERSION = 2;

    private static final int JSON = 1;

    /** As version 2, but the payload of the row only counts the pieces that hold it. */
    static final int IN_PIECES = 3;

    /** As version 2, encrypted; see {@link PayloadCipher}. */
    static final int ENCRYPTED = 4;

    /** As version 3, each piece encrypted by itself. */
    static final int ENCRYPTED_IN_PIECES = 5;

    /**
     * What is longer goes in pieces of this length. H2 holds a row, and whatever else it writes at
     * once, in one array, for which a small heap has no hole when rows have megabytes.
     */
    static final int PIECE_BYTES = 64 << 10;

    /** Before the fields, where the column is text; what version 1 wrote begins with a brace. */
    private static final String FIELDS_AS_TEXT = "2:";

    /** Names in events may be the clients' own: no table of them outlives its parser. */
    static final JsonMapper MAPPER = new JsonMapper(JsonFactory.builder()
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build());

    private EventCodec() {}

    /** The events of {@code entry}, without its summary. Any thread. */
    public static byte[] encode(Entry entry) {
        return fields(entry).toBytes();
    }

    /** The same, to be cut. */
    static ByteFields fields(Entry entry) {
        ByteFields to = new ByteFields();
        EventFields.write(to, entry);
        return to;
    }

    /**
     * The entry that was encoded, without its summary. Any thread.
     *
     * @throws RuntimeException if it cannot be understood
     */
    public static Entry decode(int version, byte[] bytes) {
        return switch (version) {
            case JSON -> EventReader.entry(tree(bytes));
            case VERSION, ENCRYPTED -> EventFields.read(new FieldReader(bytes));
            default -> throw new IllegalArgumentException("written in version " + version
                + " of the event format, which this release does not know");
        };
    }

    static boolean isInPieces(int version) {
        return version == IN_PIECES || version == ENCRYPTED_IN_PIECES;
    }

    static boolean isEncrypted(int version) {
        return version == ENCRYPTED || version == ENCRYPTED_IN_PIECES;
    }

    /** The same of one in pieces. */
    static Entry decode(List<byte[]> pieces) {
        return EventFields.read(new FieldReader(Content.of(pieces)));
    }

    static String optionsToText(Options options) {
        return options.equals(Options.NONE) ? "" : FIELDS_AS_TEXT + Base64.getEncoder()
            .encodeToString(ByteFields.of(options, SubmissionFields::options));
    }

    static Options optionsFromText(String text) {
        if (text.isEmpty()) {
            return Options.NONE;
        }
        return text.startsWith(FIELDS_AS_TEXT)
            ? SubmissionFields.options(new FieldReader(
                Base64.getDecoder().decode(text.substring(FIELDS_AS_TEXT.length()))))
            : EventReader.options(tree(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A JSON object; null if there are none. */
    static String attributesToText(Map<String, String> attributes) {
        try {
            return attributes.isEmpty() ? null : MAPPER.writeValueAsString(attributes);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static Map<String, String> attributesFromText(String text) {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (text != null) {
            tree(text.getBytes(StandardCharsets.UTF_8)).properties()
                .forEach(each -> attributes.put(each.getKey(), each.getValue().asText()));
        }
        return attributes;
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
