package pactor.cli.operator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of JSON as the server sends it: what is missing reads as empty, since an older server
 * does not send what a newer one does. Immutable. The tree is made by Jackson's parser alone; its
 * binding would double the time of a short command.
 */
final class Json {

    /** What is not there. */
    static final Json NOTHING = new Json(null);

    private final Object value;

    private Json(Object value) {
        this.value = value;
    }

    /** @throws IOException if {@code text} is no JSON */
    static Json parse(String text) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            parser.nextToken();
            return new Json(read(parser));
        }
    }

    /** What {@code fields} say, as an object; those without a value are left out. */
    static String object(Map<String, ?> fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            write(out, fields);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /** The field of that name; empty if there is none. */
    Json get(String name) {
        return value instanceof Map<?, ?> fields && fields.get(name) != null
            ? new Json(fields.get(name)) : NOTHING;
    }

    /** A scalar as text, anything else as JSON; empty if there is nothing. */
    String text() {
        if (value == null) {
            return "";
        }
        return value instanceof Map || value instanceof List ? compact() : value.toString();
    }

    /** The text of the field of that name. */
    String text(String name) {
        return get(name).text();
    }

    boolean is(String name) {
        return Boolean.TRUE.equals(get(name).value);
    }

    /** The number in the field of that name; 0 if there is none. */
    long number(String name) {
        return get(name).value instanceof Number number ? number.longValue() : 0;
    }

    boolean isMissing() {
        return value == null;
    }

    /** The elements of an array; empty if it is none. */
    List<Json> elements() {
        return value instanceof List<?> list ? list.stream().map(Json::new).toList() : List.of();
    }

    /** The elements of the array in the field of that name. */
    List<Json> elements(String name) {
        return get(name).elements();
    }

    /** The fields of an object, in their order; empty if it is none. */
    Map<String, Json> fields() {
        Map<String, Json> fields = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, each) -> fields.put((String) name, new Json(each)));
        }
        return fields;
    }

    private String compact() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            write(out, value);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static Object read(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    fields.put(name, read(parser));
                }
                return fields;
            }
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(read(parser));
                }
                return elements;
            }
            case VALUE_NUMBER_INT -> {
                return parser.getBigIntegerValue().bitLength() < Long.SIZE
                    ? (Object) parser.getLongValue() : parser.getBigIntegerValue();
            }
            case VALUE_NUMBER_FLOAT -> {
                return parser.getDecimalValue();
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return parser.getBooleanValue();
            }
            case VALUE_NULL -> {
                return null;
            }
            default -> {
                return parser.getText();
            }
        }
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        if (value instanceof Map<?, ?> fields) {
            out.writeStartObject();
            for (Map.Entry<?, ?> each : fields.entrySet()) {
                if (each.getValue() != null) {
                    out.writeFieldName((String) each.getKey());
                    write(out, each.getValue());
                }
            }
            out.writeEndObject();
        } else if (value instanceof List<?> elements) {
            out.writeStartArray();
            for (Object each : elements) {
                write(out, each);
            }
            out.writeEndArray();
        } else if (value instanceof Json json) {
            write(out, json.value);
        } else {
            out.writeObject(value);
        }
    }
}
