package io.pactor.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Members of JSON objects that others wrote: what is missing or of another type is the default. */
final class Fields {

    private Fields() {}

    static Map<String, Object> of(Map<?, ?> map) {
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((key, value) -> fields.put((String) key, value));
        return fields;
    }

    static String text(Map<?, ?> fields, String key) {
        return fields.get(key) instanceof String text ? text : "";
    }

    static int number(Map<?, ?> fields, String key) {
        return fields.get(key) instanceof Number number ? number.intValue() : 0;
    }

    static Map<String, Object> object(Map<?, ?> fields, String key) {
        return fields.get(key) instanceof Map<?, ?> map ? of(map) : Map.of();
    }

    static List<?> list(Map<?, ?> fields, String key) {
        return fields.get(key) instanceof List<?> list ? list : List.of();
    }
}
