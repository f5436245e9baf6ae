package store;

import java.util.Locale;

/** Parameters in the url of a database on the network: {@code jdbc:x://host/db?a=1&b=2}. */
final class JdbcUrl {

    private String text;

    JdbcUrl(String text) {
        this.text = text;
    }

    /** Adds a parameter unless the url has it, in whatever case. */
    JdbcUrl or(String name, Object value) {
        if (!mentions(name)) {
            text += (text.indexOf('?') < 0 ? "?" : "&") + name + "=" + value;
        }
        return this;
    }

    String text() {
        return text;
    }

    private boolean mentions(String name) {
        String parameters = text.substring(text.indexOf('?') + 1).toLowerCase(Locale.ROOT);
        return text.indexOf('?') >= 0
            && ("&" + parameters).contains("&" + name.toLowerCase(Locale.ROOT) + "=");
    }
}
