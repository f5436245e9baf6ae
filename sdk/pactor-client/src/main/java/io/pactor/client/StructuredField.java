package io.pactor.client;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads dictionaries of structured fields (RFC 9651) as far as signatures have them: strings,
 * tokens, integers, booleans, byte sequences, lists of these, and parameters. A name that stands
 * twice is refused, since which of the two counts is where attacks begin.
 */
final class StructuredField {

    /** Longer than any signature's input, and read in no time. */
    static final int CHARS_MAX = 16_384;

    private static final int INTEGER_DIGITS_MAX = 15;

    private final String text;
    private int at;

    /** What kind of value. */
    enum Kind { STRING, TOKEN, INTEGER, BOOLEAN, BYTES, LIST }

    /**
     * A value.
     *
     * @param value what it says; bytes in base64, nothing of a list
     * @param items of a list
     * @param parameters in their order
     */
    record Item(Kind kind, String value, List<Item> items, Map<String, Item> parameters) {

        static Item of(Kind kind, String value) {
            return new Item(kind, value, List.of(), Map.of());
        }

        Item with(Map<String, Item> other) {
            return new Item(kind, value, items, other);
        }

        /** In the one form in which it is signed (RFC 9651, section 4.1). */
        String written() {
            StringBuilder written = new StringBuilder(bare());
            parameters.forEach((name, item) -> {
                written.append(';').append(name);
                if (item.kind != Kind.BOOLEAN || item.value.equals("0")) {
                    written.append('=').append(item.written());
                }
            });
            return written.toString();
        }

        private String bare() {
            return switch (kind) {
                case STRING -> quoted(value);
                case TOKEN, INTEGER -> value;
                case BOOLEAN -> "?" + value;
                case BYTES -> ":" + value + ":";
                case LIST -> "("
                    + String.join(" ", items.stream().map(Item::written).toList()) + ")";
            };
        }
    }

    private StructuredField(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException if {@code text} is no dictionary, or a longer one */
    static Map<String, Item> dictionary(String text) {
        if (text.length() > CHARS_MAX) {
            throw new IllegalArgumentException("it is longer than " + CHARS_MAX + " characters");
        }
        StructuredField field = new StructuredField(trimmed(text));
        Map<String, Item> members = new LinkedHashMap<>();
        do {
            field.blanks();
            String key = field.key();
            Item member = field.isNext('=') ? field.value()
                : Item.of(Kind.BOOLEAN, "1").with(field.parameters());
            if (members.put(key, member) != null) {
                throw new IllegalArgumentException("the name " + key + " stands twice");
            }
            field.blanks();
        } while (field.isNext(','));
        if (field.at < field.text.length()) {
            throw field.wrong();
        }
        return members;
    }

    /** Without the blanks round it, which are no part of a field (RFC 9110, 5.5). */
    static String trimmed(String field) {
        int from = 0;
        int to = field.length();
        while (from < to && isBlank(field.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(field.charAt(to - 1))) {
            to--;
        }
        return field.substring(from, to);
    }

    /** {@code value} as a string. */
    static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private Item value() {
        if (!isNext('(')) {
            return item();
        }
        List<Item> items = new ArrayList<>();
        spaces();
        while (!isNext(')')) {
            items.add(item());
            if (peek() != ' ' && peek() != ')') {
                throw wrong();
            }
            spaces();
        }
        return new Item(Kind.LIST, "", items, parameters());
    }

    private Item item() {
        return bare().with(parameters());
    }

    private Map<String, Item> parameters() {
        Map<String, Item> parameters = new LinkedHashMap<>();
        while (isNext(';')) {
            spaces();
            String key = key();
            // A parameter has none of its own: what follows belongs to what it is of.
            Item value = isNext('=') ? bare() : Item.of(Kind.BOOLEAN, "1");
            if (parameters.put(key, value) != null) {
                throw new IllegalArgumentException("the parameter " + key + " stands twice");
            }
        }
        return parameters;
    }

    private Item bare() {
        char first = peek();
        if (first == '"') {
            return Item.of(Kind.STRING, string());
        }
        if (first == ':') {
            return Item.of(Kind.BYTES, bytes());
        }
        if (first == '-' || isDigit(first)) {
            return Item.of(Kind.INTEGER, integer());
        }
        if (isLetter(first) || first == '*') {
            return Item.of(Kind.TOKEN, token());
        }
        if (isNext('?') && (peek() == '0' || peek() == '1')) {
            return Item.of(Kind.BOOLEAN, String.valueOf(text.charAt(at++)));
        }
        throw wrong();
    }

    private String string() {
        StringBuilder value = new StringBuilder();
        at++;
        while (!isNext('"')) {
            char c = peek();
            if (c == '\\') {
                at++;
                c = peek();
                if (c != '"' && c != '\\') {
                    throw wrong();
                }
            }
            if (c < ' ' || c > '~') {
                throw wrong();
            }
            value.append(c);
            at++;
        }
        return value.toString();
    }

    private String bytes() {
        int end = text.indexOf(':', ++at);
        if (end < 0) {
            throw wrong();
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(text.substring(at, end));
            at = end + 1;
            return Base64.getEncoder().encodeToString(decoded);
        } catch (IllegalArgumentException broken) {
            throw wrong();
        }
    }

    private String integer() {
        int from = at;
        isNext('-');
        int digits = at;
        while (isDigit(peek())) {
            at++;
        }
        if (at == digits || at - digits > INTEGER_DIGITS_MAX || peek() == '.') {
            throw wrong();
        }
        return Long.toString(Long.parseLong(text.substring(from, at)));
    }

    private String token() {
        int from = at;
        while (isLetter(peek()) || isDigit(peek()) || "!#$%&'*+-.^_`|~:/".indexOf(peek()) >= 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private String key() {
        int from = at;
        if (!isLower(peek()) && peek() != '*') {
            throw wrong();
        }
        while (isLower(peek()) || isDigit(peek()) || "_-.*".indexOf(peek()) >= 0) {
            at++;
        }
        return text.substring(from, at);
    }

    private boolean isNext(char c) {
        boolean isNext = peek() == c;
        if (isNext) {
            at++;
        }
        return isNext;
    }

    /** Spaces and tabs. */
    private void blanks() {
        while (isBlank(peek())) {
            at++;
        }
    }

    private void spaces() {
        while (peek() == ' ') {
            at++;
        }
    }

    /** The next character; one that stands nowhere at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isLetter(char c) {
        return isLower(c) || c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("it is wrong at position " + at);
    }
}
