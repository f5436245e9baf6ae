package branch;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Hides the values of some fields in a text: of JSON objects, whole or cut, also those that are
 * strings of others, and of forms and queries. Of what is no such text it changes nothing.
 * Immutable.
 */
final class FieldMask {

    static final String MASK = "***";

    private static final String QUOTED_MASK = '"' + MASK + '"';

    /** JSON within strings of JSON: what is deeper is hidden as a whole. */
    private static final int DEPTH_MAX = 4;

    private final Set<String> names;
    private final Pattern pairs;

    FieldMask(Collection<String> names) {
        this.names = names.stream().map(each -> each.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
        this.pairs = Pattern.compile("((?:^|[?&])(?:" + names.stream().map(Pattern::quote)
            .collect(Collectors.joining("|")) + ")=)[^&\\s]*", Pattern.CASE_INSENSITIVE);
    }

    /** {@code text}, which may be cut at its end, without those values. */
    String in(String text) {
        return names.isEmpty() ? text
            : text.indexOf('"') < 0 ? query(text) : new Scan(text, 0).masked();
    }

    /** A query, or a form, without them. */
    String query(String text) {
        return names.isEmpty() ? text : pairs.matcher(text).replaceAll("$1" + MASK);
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
                if (value < 0) {
                    out.append(inner(string));
                } else if (names.contains(unescaped(string).toLowerCase(Locale.ROOT))) {
                    out.append(string).append(text, at, value).append(QUOTED_MASK);
                    at = value;
                    skipValue();
                } else {
                    out.append(string);
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

        /** A string that is JSON itself, without those values; any other as it is. */
        private String inner(String string) {
            String content = unescaped(string);
            String begins = content.stripLeading();
            if (!begins.startsWith("{") && !begins.startsWith("[") && !begins.startsWith("\"")) {
                return string;
            }
            if (depth == DEPTH_MAX) {
                return QUOTED_MASK;
            }
            String masked = new Scan(content, depth + 1).masked();
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
