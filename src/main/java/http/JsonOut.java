package http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes JSON. */
final class JsonOut {

    private static final JsonFactory FACTORY = JsonFactory.builder()
        // Whatever Unicode has goes out as itself, as Go's encoder does it.
        .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
        .build();

    /** Writes what stands between the brackets. */
    @FunctionalInterface
    interface Body {
        void writeTo(JsonGenerator out) throws IOException;
    }

    private JsonOut() {}

    /** The UTF-8 bytes of an object. */
    static byte[] object(Body body) {
        return bytes(out -> {
            out.writeStartObject();
            body.writeTo(out);
            out.writeEndObject();
        });
    }

    /** An object as text, for JSON that travels inside a JSON string. */
    static String objectText(Body body) {
        return new String(object(body), StandardCharsets.UTF_8);
    }

    /** An array as text. */
    static String arrayText(Body body) {
        return new String(bytes(out -> {
            out.writeStartArray();
            body.writeTo(out);
            out.writeEndArray();
        }), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Body body) {
        try (var bytes = new ByteArrayBuilder(512)) {
            try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
                body.writeTo(out);
            }
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
