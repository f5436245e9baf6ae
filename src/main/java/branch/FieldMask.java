package branch;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Hides the values of some fields in a text: of JSON objects, whole or cut, and of forms and
 * queries, wherever they stand in it, also within strings of JSON. All else stays as it is.
 * Immutable.
 */
final class FieldMask {

    static final String MASK = "***";

    private static final String QUOTED_MASK = '"' + MASK + '"';

    /** JSON within strings of JSON: what is deeper is hidden as a whole. */
    private static final int DEPTH_MAX = 4;

    /** Of a name in a form or a query; whatever else may stand before one. */
    private static final String PART = "[^=&;?\\s\"'{}()\\[,#/:<>|]";

    /** A name whose value is not hidden yet. */
    private static final Pattern PAIR = Pattern.compile(
        "(?<!" + PART + ")(" + PART + "++)=(?!\\*{3}"
            + "(?:[&\\s]|\\\\*\"(?:[\\s,}\\]:&\\\\\"]|$)|$))");

    private static final Pattern VALUE_END = Pattern.compile("[&\\s]|$");

    private final Set<String> names;

    /** A field, in whatever reads as no JSON, and all that follows; not one that is hidden. */
    private final Pattern left;

    FieldMask(Collection<String> names) {
        this.names = names.stream().map(each -> each.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
        this.left = Pattern.compile("(\\\\*\"(?:" + names.stream().map(Pattern::quote)
            .collect(Collectors.joining("|")) + ")\\\\*\"\\s*+:\\s*+)(?!\\\\*\"\\*{3}\\\\*\").*",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    }

    /** {@code text}, which may be cut at its end, without those values. */
    String in(String text) {
        return names.isEmpty() ? text : masked(text, 0);
    }

    private String masked(String text, int depth) {
        // After a quote too many, what is JSON does not read as such: the rest is hidden.
        return query(text.indexOf('"') < 0 ? text
            : left.matcher(new Scan(text, depth).masked()).replaceFirst("$1" + MASK));
    }

    /** A query, or a form, without them. */
    String query(String text) {
        if (names.isEmpty() || text.indexOf('=') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int from = 0;
        Matcher pair = PAIR.matcher(text);
        Matcher end = VALUE_END.matcher(text);
        for (int at = 0; pair.find(at); at = from > pair.end() ? from : pair.end()) {
            if (isHidden(pair.group(1)) && end.find(pair.end())) {
                out.append(text, from, pair.end()).append(MASK);
                from = end.start();
            }
        }
        return out.append(text, from, text.length()).toString();
    }

    /** {@code name} as it stands in a query: encoded, or that of a field within another. */
    private boolean isHidden(String name) {
        String decoded = name;
        try {
            decoded = URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            // It is what it says.
        }
        String last = decoded.substring(decoded.lastIndexOf('[') + 1);
        return names.contains((last.endsWith("]") ? last.substring(0, last.length() - 1) : last)
            .toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldMask that && names.equals(that.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    /** One walk along a text. */
    private final class Scan {

        private final String text;
        private final int depth;
        private final StringBuilder out;
        private int at;

        Scan(String text, int depth) {
            this.text = text;
            this.depth = depth;
            this.out = new StringBuilder(text.length());
        }

        String masked() {
            while (at < text.length()) {
                if (text.charAt(at) != '"') {
                    out.append(text.charAt(at++));
                    continue;
                }
                String string = string();
                int value = afterColon(at);
                if (value >= 0
                        && names.contains(unescaped(string).toLowerCase(Locale.ROOT))) {
                    out.append(string).append(text, at, value).append(QUOTED_MASK);
                    at = value;
                    skipValue();
                } else {
                    out.append(inner(string));
                }
            }
            return out.toString();
        }

        /** The string that begins here, with its quotes; the last is not there if it is cut. */
        private String string() {
            int from = at++;
            while (at < text.length() && text.charAt(at) != '"') {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            at = Math.min(at + 1, text.length());
            return text.substring(from, at);
        }

        /** Where the value begins if a colon follows; -1 if none does. */
        private int afterColon(int from) {
            int colon = blanks(from);
            return colon < text.length() && text.charAt(colon) == ':' ? blanks(colon + 1) : -1;
        }

        private int blanks(int from) {
            int to = from;
            while (to < text.length() && Character.isWhitespace(text.charAt(to))) {
                to++;
            }
            return to;
        }

        private void skipValue() {
            int open = 0;
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '"') {
                    string();
                } else if (open == 0 && (c == ',' || c == '}' || c == ']')) {
                    return;
                } else {
                    open += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                    at++;
                }
                if (open == 0 && (c == '"' || c == '}' || c == ']')) {
                    return;
                }
            }
        }

        /** A string without those values that stand in it. */
        private String inner(String string) {
            String content = unescaped(string);
            if (depth == DEPTH_MAX && content.indexOf('"') >= 0) {
                return QUOTED_MASK;
            }
            String masked = FieldMask.this.masked(content, depth + 1);
            return masked.equals(content) ? string : '"' + escaped(masked) + '"';
        }

        private String escaped(String content) {
            StringBuilder json = new StringBuilder(content.length());
            for (char c : content.toCharArray()) {
                json.append(c == '"' || c == '\\' ? "\\" + c
                    : c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
            return json.toString();
        }
    }

    /** What stands between the quotes; escapes that are cut are left out. */
    private static String unescaped(String string) {
        StringBuilder content = new StringBuilder(string.length());
        int end = string.length() > 1 && string.endsWith("\"") ? string.length() - 1
            : string.length();
        for (int i = 1; i < end; i++) {
            char c = string.charAt(i);
            if (c != '\\') {
                content.append(c);
                continue;
            }
            if (++i >= end) {
                break;
            }
            char escape = string.charAt(i);
            if (escape == 'u') {
                if (i + 5 <= end && string.substring(i + 1, i + 5).matches("[0-9a-fA-F]{4}")) {
                    content.append((char) Integer.parseInt(string, i + 1, i + 5, 16));
                }
                i += 4;
            } else {
                int known = "nrtbf".indexOf(escape);
                content.append(known < 0 ? escape : "\n\r\t\b\f".charAt(known));
            }
        }
        return content.toString();
    }
}
