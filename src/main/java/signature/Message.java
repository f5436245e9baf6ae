package signature;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What of an HTTP request is signed, in this order, and as RFC 9421 has it.
 *
 * @param components from the name of each to its value: those that begin with {@code @}, and
 *     fields, by their names in lower case
 */
record Message(Map<String, String> components) {

    Message {
        components = new LinkedHashMap<>(components);
    }

    /** The names as they stand in the signature's parameters. */
    String names() {
        return StructuredText.innerList(components.keySet());
    }

    /**
     * The text that is signed (section 2.5).
     *
     * @param parameters of the signature, with the names in front
     */
    String text(String parameters) {
        StringBuilder text = new StringBuilder(512);
        components.forEach((name, value) -> {
            if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
                throw new IllegalArgumentException(name + " has a line break");
            }
            text.append(StructuredText.string(name)).append(": ").append(value).append('\n');
        });
        return text.append("\"@signature-params\": ").append(parameters).toString();
    }
}
