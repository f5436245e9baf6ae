package wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.Optional;
import transaction.Utf8;

/**
 * Parsers of what clients send. They share nothing that grows with it: a table of names that all
 * parsers have in common could be filled by one client so that the bodies of others fail.
 */
public final class ForeignJson {

    private static final ForeignJson PAYLOADS =
        new ForeignJson(StreamReadConstraints.defaults());

    private final JsonFactory factory;

    ForeignJson(StreamReadConstraints constraints) {
        factory = JsonFactory.builder()
            .streamReadConstraints(constraints)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    }

    /** A parser of a payload; its bounds are Jackson's own. */
    public static JsonParser payload(byte[] json) throws IOException {
        return PAYLOADS.parser(text(json));
    }

    /** JSON between machines is UTF-8 (RFC 8259, 8.1); nothing else is guessed or replaced. */
    static String text(byte[] json) throws JsonParseException {
        Optional<String> text = Utf8.decode(json);
        return text.orElseThrow(() -> new JsonParseException(null, "it is not UTF-8"));
    }

    JsonParser parser(String json) throws IOException {
        return factory.createParser(json);
    }
}
