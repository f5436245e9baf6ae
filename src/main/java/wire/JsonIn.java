package wire;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import transaction.Bytes;
import transaction.InvalidRequest;
import transaction.Limits;

/**
 * Reads JSON value by value, without building a tree. Each method reads the next value; null stands
 * for the value's default everywhere. What is malformed, of the wrong type or beyond the bounds is
 * an {@link InvalidRequest}. Not thread-safe.
 */
public final class JsonIn implements AutoCloseable {

    /** Levels of nesting; the requests of this protocol have four. */
    static final int DEPTH = 64;

    /** One string: as long as the largest body. */
    static final int STRING_CHARS = 4 << 20;

    /** Digits of one number. */
    static final int NUMBER_CHARS = 64;

    /** Names and values in one body: a thousand steps with a thousand payloads are ten thousand. */
    static final long TOKENS = 100_000;

    private static final ForeignJson JSON = new ForeignJson(StreamReadConstraints.builder()
        .maxNestingDepth(DEPTH)
        .maxStringLength(STRING_CHARS)
        .maxNumberLength(NUMBER_CHARS)
        .maxNameLength(2 * Limits.BRANCH_HEADER_CHARS)
        .maxTokenCount(TOKENS)
        .build());

    /** Elements of an array that need no bound of their own, since names and values have one. */
    public static final int ELEMENTS = (int) TOKENS;

    /**
     * What the parser's messages go on about and is of no use to a client: how a program would
     * configure the parser, and where in the parser's own source an array began.
     */
    private static final Pattern ADVICE = Pattern.compile("(?s), from `[^`]*`"
        + "|( \\((start marker|for (Array|Object|root))|: maybe a \\(non-standard|[,:;(]? *enabl"
        + "|[^.,:;(]*(Feature|`)).*");

    private final String text;
    private final JsonParser parser;
    private JsonToken peeked;

    private JsonIn(byte[] json) {
        try {
            text = ForeignJson.text(json);
            parser = JSON.parser(text);
        } catch (IOException broken) {
            throw malformed(broken);
        }
    }

    /** Reads one value that is all of {@code json}. */
    public static <T> T whole(byte[] json, Function<JsonIn, T> read) {
        try (JsonIn in = new JsonIn(json)) {
            T value = read.apply(in);
            in.end();
            return value;
        }
    }

    /**
     * Reads an object. {@code read} is given each known key and reads the value; the values of
     * other keys are skipped. An empty array passes for an empty object: PHP writes it so.
     *
     * @param what the object's name in messages
     */
    public void object(String what, KnownKeys known, Consumer<String> read) {
        Set<String> seen = new HashSet<>();
        members(what, written -> {
            String key = known.match(what, written);
            if (key == null) {
                skip();
            } else if (seen.add(key)) {
                read.accept(key);
            } else {
                throw KnownKeys.twice(what, key);
            }
        });
    }

    /**
     * Reads an object whose keys are the client's own. {@code read} is given each key and reads
     * the value.
     *
     * @param most entries; a further one is not read any more
     */
    public void entries(String what, int most, Consumer<String> read) {
        Set<String> seen = new HashSet<>();
        members(what, key -> {
            requireRoom(what, most, seen.size());
            if (!seen.add(key)) {
                throw KnownKeys.twice(what, key);
            }
            read.accept(key);
        });
    }

    private void members(String what, Consumer<String> read) {
        JsonToken token = next();
        if (token == JsonToken.START_ARRAY && next() == JsonToken.END_ARRAY
                || token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.START_OBJECT) {
            throw wrong(what, "an object", token);
        }
        while (next() == JsonToken.FIELD_NAME) {
            read.accept(name());
        }
    }

    /**
     * Reads an array; null passes for an empty one.
     *
     * @param most elements; a further one is not read any more
     */
    public <T> List<T> array(String what, int most, Supplier<T> element) {
        JsonToken token = next();
        List<T> all = new ArrayList<>();
        if (token == JsonToken.VALUE_NULL) {
            return all;
        }
        if (token != JsonToken.START_ARRAY) {
            throw wrong(what, "an array", token);
        }
        while (peekedNext() != JsonToken.END_ARRAY) {
            requireRoom(what, most, all.size());
            all.add(element.get());
        }
        peeked = null;
        return all;
    }

    /** Reads an object of the client's own keys whose values are all strings. */
    public Map<String, String> texts(String what, int most) {
        Map<String, String> all = new LinkedHashMap<>();
        entries(what, most, key -> all.put(key, text(what + "." + key)));
        return all;
    }

    /** Reads an object of known keys whose values are all strings; null is as good as absent. */
    public Map<String, String> texts(String what, KnownKeys known) {
        Map<String, String> all = new LinkedHashMap<>();
        object(what, known,
            key -> optionalText(what + "." + key).ifPresent(text -> all.put(key, text)));
        return all;
    }

    /** Reads a string; null is as good as absent. */
    public Optional<String> optionalText(String what) {
        if (peekedNext() == JsonToken.VALUE_NULL) {
            skip();
            return Optional.empty();
        }
        return Optional.of(text(what));
    }

    /** A bound is kept while reading: what is beyond it costs nothing but its bytes. */
    private static void requireRoom(String what, int most, int read) {
        if (read >= most) {
            throw new InvalidRequest(what + " has more than " + most + " entries");
        }
    }

    /** Reads a string; null passes for an empty one. */
    public String text(String what) {
        JsonToken token = next();
        if (token == JsonToken.VALUE_NULL) {
            return "";
        }
        if (token != JsonToken.VALUE_STRING) {
            throw wrong(what, "a string", token);
        }
        try {
            String text = parser.getText();
            requireEncodable(what, text);
            return text;
        } catch (IOException broken) {
            throw malformed(broken);
        }
    }

    /** Half a surrogate pair can be written in JSON, but not handed on in UTF-8. */
    private static void requireEncodable(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c) || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new InvalidRequest(what + " has half a surrogate pair");
                }
                i++;
            }
        }
    }

    /** Reads true or false; null passes for false. */
    public boolean flag(String what) {
        JsonToken token = next();
        if (token != JsonToken.VALUE_NULL && !token.isBoolean()) {
            throw wrong(what, "true or false", token);
        }
        return token == JsonToken.VALUE_TRUE;
    }

    /** Reads an integer that fits 32 bits; null passes for zero. */
    public int integer(String what) {
        JsonToken token = next();
        if (token == JsonToken.VALUE_NULL) {
            return 0;
        }
        if (token != JsonToken.VALUE_NUMBER_INT) {
            throw wrong(what, "an integer", token);
        }
        try {
            return parser.getIntValue();
        } catch (StreamConstraintsException broken) {
            throw malformed(broken);
        } catch (IOException tooLarge) {
            throw new InvalidRequest(what + " is out of range");
        }
    }

    /**
     * Reads bytes: a string of base64, as Go writes them, or an array of numbers from 0 to 255, as
     * Rust does; null passes for none.
     */
    public Bytes bytes(String what) {
        if (peekedNext() != JsonToken.START_ARRAY) {
            try {
                return Bytes.fromBase64(text(what));
            } catch (InvalidRequest wrong) {
                throw wrong;
            } catch (IllegalArgumentException broken) {
                throw new InvalidRequest(what + " is not base64");
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        next();
        while (peekedNext() != JsonToken.END_ARRAY) {
            int each = integer("a byte in " + what);
            if (each < 0 || each > 255) {
                throw new InvalidRequest("a byte in " + what + " is out of range");
            }
            bytes.write(each);
        }
        peeked = null;
        return Bytes.of(bytes.toByteArray());
    }

    /** Skips a value and returns the bytes of it as they stand. */
    public byte[] raw() {
        next();
        long from = parser.currentTokenLocation().getCharOffset();
        try {
            parser.finishToken();
            parser.skipChildren();
        } catch (IOException broken) {
            throw malformed(broken);
        }
        return text.substring((int) from, (int) parser.currentLocation().getCharOffset())
            .getBytes(StandardCharsets.UTF_8);
    }

    /** Nothing may follow. */
    public void end() {
        try {
            if (parser.nextToken() != null) {
                throw new InvalidRequest("malformed JSON: something follows its end");
            }
        } catch (IOException broken) {
            throw malformed(broken);
        }
    }

    @Override
    public void close() {
        try {
            parser.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private JsonToken peekedNext() {
        peeked = next();
        return peeked;
    }

    private JsonToken next() {
        if (peeked != null) {
            JsonToken token = peeked;
            peeked = null;
            return token;
        }
        try {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new InvalidRequest("malformed JSON: it ends too early");
            }
            return token;
        } catch (IOException broken) {
            throw malformed(broken);
        }
    }

    private String name() {
        try {
            return parser.currentName();
        } catch (IOException broken) {
            throw malformed(broken);
        }
    }

    private void skip() {
        next();
        try {
            parser.skipChildren();
        } catch (IOException broken) {
            throw malformed(broken);
        }
    }

    private static InvalidRequest malformed(IOException broken) {
        boolean tellsWhere = broken instanceof JsonProcessingException;
        JsonLocation at = tellsWhere ? ((JsonProcessingException) broken).getLocation() : null;
        String why = tellsWhere ? ((JsonProcessingException) broken).getOriginalMessage()
            : broken.getMessage();
        return new InvalidRequest("malformed JSON"
            + (at == null ? "" : ", line " + at.getLineNr() + " column " + at.getColumnNr())
            + (why == null ? "" : ": " + Limits.cut(ADVICE.matcher(why).replaceAll(""), 300)));
    }

    private static InvalidRequest wrong(String what, String wanted, JsonToken found) {
        String kind = switch (found) {
            case START_OBJECT -> "an object";
            case START_ARRAY, END_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            default -> "null";
        };
        return new InvalidRequest(Limits.cut(what, 200) + " must be " + wanted + ", not " + kind
            + (wanted.equals("an integer") && found == JsonToken.VALUE_NUMBER_FLOAT
                ? " with a fraction or an exponent" : ""));
    }
}
