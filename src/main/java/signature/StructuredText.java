package signature;

import java.util.Base64;
import java.util.Collection;
import java.util.stream.Collectors;

/** Values of structured fields as they are written (RFC 9651, section 4.1). */
final class StructuredText {

    private StructuredText() {}

    /** @throws IllegalArgumentException if it has a character that no string may have */
    static String string(String value) {
        StringBuilder written = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c > '~') {
                throw new IllegalArgumentException("a string has a character beyond ASCII");
            }
            if (c == '"' || c == '\\') {
                written.append('\\');
            }
            written.append(c);
        }
        return written.append('"').toString();
    }

    static String bytes(byte[] value) {
        return ":" + Base64.getEncoder().encodeToString(value) + ":";
    }

    /** A list of strings inside of another value. */
    static String innerList(Collection<String> strings) {
        return strings.stream().map(StructuredText::string)
            .collect(Collectors.joining(" ", "(", ")"));
    }
}
