package io.pactor.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the coordinator is to handle a transaction: what all modes have in common on the wire. */
final class Handling {

    /** As the coordinator has it: attributes are searched for, so they are few and short. */
    static final int ATTRIBUTES_MAX = 8;
    static final int ATTRIBUTE_CHARS_MAX = 256;

    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final Map<String, String> needs = new LinkedHashMap<>();

    void seconds(String field, String name, Duration value) {
        fields.put(field, Seconds.checkPositive(name, value).toSeconds());
    }

    void set(String field, Object value) {
        fields.put(field, value);
    }

    boolean has(String field) {
        return fields.containsKey(field);
    }

    void header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        Call.checked(more);
        headers.put(name, value);
    }

    Map<String, String> headers() {
        return headers;
    }

    void attribute(String name, String value) {
        if (name.isBlank() || name.length() > ATTRIBUTE_CHARS_MAX
                || value.length() > ATTRIBUTE_CHARS_MAX) {
            throw new IllegalArgumentException("name and value of an attribute have at most "
                + ATTRIBUTE_CHARS_MAX + " characters: " + name);
        }
        attributes.put(name, value);
        if (attributes.size() > ATTRIBUTES_MAX) {
            attributes.remove(name);
            throw new IllegalArgumentException(
                "a transaction has at most " + ATTRIBUTES_MAX + " attributes");
        }
        needs.put("attributes", "the attribute " + name);
    }

    void retryLimit(String name, int failures) {
        if (failures < 1) {
            throw new IllegalArgumentException(name + " must be positive: " + failures);
        }
        fields.put("retry_limit", failures);
    }

    void parkAfter(int failures) {
        retryLimit("parkAfter", failures);
        park("parkAfter(" + failures + ")");
    }

    /** Instead of what else would become of it; {@code name} is what asks for it. */
    void park(String name) {
        fields.put("on_exhausted", "park");
        needs.put("park", name);
    }

    /** What a coordinator must know beside DTM's protocol, each with the part that asks for it. */
    Map<String, String> needs() {
        return needs;
    }

    void writeTo(Map<String, Object> body) {
        body.putAll(fields);
        if (!headers.isEmpty()) {
            body.put("branch_headers", headers);
        }
        if (!attributes.isEmpty()) {
            body.put("attributes", attributes);
        }
    }
}
