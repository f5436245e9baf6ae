package pactor.cli.operator;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The parameters of a request. Those without a value are left out. */
final class Query {

    private final List<String> parts = new ArrayList<>();

    Query add(String name, Object value) {
        if (value != null && !value.toString().isEmpty()) {
            parts.add(name + "=" + encoded(value.toString()));
        }
        return this;
    }

    /** With its question mark; empty if there are none. */
    @Override
    public String toString() {
        return parts.isEmpty() ? "" : "?" + String.join("&", parts);
    }

    /** {@code text} as one segment of a path, whatever it contains. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
