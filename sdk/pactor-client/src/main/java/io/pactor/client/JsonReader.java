package io.pactor.client;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one JSON value (RFC 8259) from a text, and refuses everything else. */
final class JsonReader {

    /** Longer numbers cost quadratic time to read, and nobody sends them. */
    static final int NUMBER_MAX = 1_000;

    /** Characters of the longest {@code long}. */
    private static final int LONG_MAX = 20;

    private final String text;
    private int at;

    JsonReader(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException that names the position of what is wrong */
    Object read() {
        Object value = value(0);
        blanks();
        if (at < text.length()) {
            throw wrong("the end was expected");
        }
        return value;
    }

    private Object value(int depth) {
        if (depth > Json.DEPTH_MAX) {
            throw wrong("more than " + Json.DEPTH_MAX + " levels");
        }
        blanks();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        at++;
        blanks();
        if (skipIf('}')) {
            return members;
        }
        do {
            blanks();
            String key = string();
            blanks();
            expect(':');
            Object value = value(depth + 1);
            if (members.containsKey(key)) {
                throw wrong("the key " + key + " occurs twice");
            }
            members.put(key, value);
            blanks();
        } while (skipIf(','));
        expect('}');
        return members;
    }

    private List<Object> array(int depth) {
        List<Object> items = new ArrayList<>();
        at++;
        blanks();
        if (skipIf(']')) {
            return items;
        }
        do {
            items.add(value(depth + 1));
            blanks();
        } while (skipIf(','));
        expect(']');
        return items;
    }

    private String string() {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return value.toString();
            }
            if (c < ' ') {
                throw wrong("a control character in a string");
            }
            value.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = hex(next());
                    code = code * 16 + digit;
                }
                yield (char) code;
            }
            default -> throw wrong("no such escape");
        };
    }

    /** Only ASCII: Character.digit takes the digits of other scripts, too. */
    private int hex(char c) {
        int digit = c < 0x80 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
            throw wrong("four hexadecimal digits were expected");
        }
        return digit;
    }

    private Number number() {
        int start = at;
        skipIf('-');
        if (!skipIf('0')) {
            digits();
        }
        boolean isInteger = true;
        if (skipIf('.')) {
            digits();
            isInteger = false;
        }
        if (skipIf('e') || skipIf('E')) {
            if (!skipIf('+')) {
                skipIf('-');
            }
            digits();
            isInteger = false;
        }
        if (at - start > NUMBER_MAX) {
            throw wrong("a number of more than " + NUMBER_MAX + " characters");
        }
        return valueOf(text.substring(start, at), isInteger);
    }

    private Number valueOf(String digits, boolean isInteger) {
        try {
            if (isInteger && digits.length() <= LONG_MAX) {
                return Long.valueOf(digits);
            }
        } catch (NumberFormatException e) {
            // An integer of 19 digits that is too large for a long.
        }
        try {
            return new BigDecimal(digits);
        } catch (NumberFormatException e) {
            throw wrong("a number out of range");
        }
    }

    private void digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw wrong("a value was expected");
        }
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong("a value was expected");
        }
        at += word.length();
        return value;
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean skipIf(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!skipIf(c)) {
            throw wrong("'" + c + "' was expected");
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("it ends too early");
        }
        return text.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("not JSON at character " + at + ": " + what);
    }
}
