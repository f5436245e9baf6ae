package io.pactor.client;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/**
 * JSON in terms of the JDK: maps, lists, strings, numbers, booleans and null.
 *
 * <p>Strict in both directions (RFC 8259): what is read twice is read the same, and nothing but
 * JSON is written. Numbers are read as {@link Long} where they are integers that fit, else as
 * {@link BigDecimal}; objects keep their order.
 */
final class Json {

    /** As many levels as the coordinator reads; deeper ones would only overflow a stack. */
    static final int DEPTH_MAX = 64;

    private static final int CONTROL_MAX = 0x1f;

    private Json() {}

    /** The value of {@code text}; {@link IllegalArgumentException} says where it is wrong. */
    static Object read(String text) {
        return new JsonReader(text).read();
    }

    /** Whether {@code text} is one JSON value. */
    static boolean isJson(String text) {
        try {
            read(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * {@code value} as JSON.
     *
     * @throws IllegalArgumentException if it is, or contains, something else than maps with string
     *     keys, iterables, strings, numbers, booleans, enums and null; the message names its class
     */
    static String write(Object value) {
        StringBuilder text = new StringBuilder();
        append(text, value, 0);
        return text.toString();
    }

    private static void append(StringBuilder text, Object value, int depth) {
        if (depth > DEPTH_MAX) {
            throw new IllegalArgumentException("more than " + DEPTH_MAX + " levels of JSON");
        }
        if (value == null || value instanceof Boolean) {
            text.append(value);
        } else if (value instanceof CharSequence || value instanceof Character) {
            appendText(text, value.toString());
        } else if (value instanceof Enum<?> constant) {
            appendText(text, constant.name());
        } else if (value instanceof Number number) {
            appendNumber(text, number);
        } else if (value instanceof Map<?, ?> map) {
            appendObject(text, map, depth);
        } else if (value instanceof Iterable<?> items) {
            appendArray(text, items, depth);
        } else {
            throw new IllegalArgumentException(value.getClass().getName()
                + " cannot be written as JSON without Jackson; give JSON text, a Map, a List, a"
                + " number or a boolean, or add Jackson 2 or 3 to the class path");
        }
    }

    private static void appendObject(StringBuilder text, Map<?, ?> map, int depth) {
        text.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                throw new IllegalArgumentException("a key of a JSON object must be a String, not "
                    + (entry.getKey() == null ? "null" : entry.getKey().getClass().getName()));
            }
            text.append(separator);
            appendText(text, key);
            text.append(':');
            append(text, entry.getValue(), depth + 1);
            separator = ",";
        }
        text.append('}');
    }

    private static void appendArray(StringBuilder text, Iterable<?> items, int depth) {
        text.append('[');
        String separator = "";
        for (Object item : items) {
            text.append(separator);
            append(text, item, depth + 1);
            separator = ",";
        }
        text.append(']');
    }

    private static void appendNumber(StringBuilder text, Number number) {
        boolean isFraction = number instanceof Double || number instanceof Float;
        if (isFraction && !Double.isFinite(number.doubleValue())) {
            throw new IllegalArgumentException("JSON has no " + number);
        }
        if (isFraction || number instanceof Integer || number instanceof Long
                || number instanceof Short || number instanceof Byte
                || number instanceof BigInteger || number instanceof BigDecimal) {
            text.append(number);
        } else {
            text.append(number.longValue()); // AtomicLong and its like.
        }
    }

    private static void appendText(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c <= CONTROL_MAX || isLone(value, i)) {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    /** Half of a surrogate pair: UTF-8 cannot carry it, an escape can. */
    private static boolean isLone(String value, int at) {
        char c = value.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1));
        }
        return Character.isLowSurrogate(c)
            && (at == 0 || !Character.isHighSurrogate(value.charAt(at - 1)));
    }
}
