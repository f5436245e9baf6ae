package branch;

import egress.Destination;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import transaction.HttpUrl;
import transaction.InvalidRequest;

/**
 * A participant's url as a request needs it.
 *
 * @param origin whom to connect to
 * @param hostHeader host and port as written in the url
 * @param userInfo name and password before an {@code @}, decoded, if any
 * @param path never empty, encoded
 * @param query without its question mark, encoded; empty if there is none
 */
record Target(
        Origin origin, String hostHeader, Optional<String> userInfo, String path, String query) {

    private static final String HEX = "0123456789ABCDEF";

    /** Takes {@code url} apart; it must be absolute, http or https. */
    static Target parse(String url) throws Unsendable {
        HttpUrl read;
        try {
            read = HttpUrl.parse(url);
        } catch (InvalidRequest wrong) {
            throw new Unsendable(wrong.getMessage());
        }
        Origin origin = new Origin(read.secure(), read.host(), read.port(),
            read.path().equals(Destination.PING));
        String host = read.host().indexOf(':') < 0 ? read.host() : "[" + read.host() + "]";
        return new Target(origin, read.namesPort() ? host + ":" + read.port() : host,
                read.userInfo(), read.path(), read.query());
    }

    /** What stands in the request line. */
    String pathAndQuery() {
        return query.isEmpty() ? path : path + "?" + query;
    }

    /** The same with {@code more} appended to the query, which must be encoded. */
    Target withQuery(String more) {
        String joined = query.isEmpty() ? more : query + "&" + more;
        return new Target(origin, hostHeader, userInfo, path, joined);
    }

    /** The value of {@code name} in the query, decoded; empty if it is not there. */
    String queryValue(String name) {
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals == name.length() && pair.startsWith(name)) {
                return HttpUrl.decode(pair.substring(equals + 1).replace('+', ' '));
            }
        }
        return "";
    }

    /**
     * {@code text} as a value in a query: letters, digits and {@code -_.~} stay, a space is a plus.
     */
    static String encodeValue(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isUnreserved(b)) {
                encoded.append((char) b);
            } else if (b == ' ') {
                encoded.append('+');
            } else {
                encoded.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
            }
        }
        return encoded.toString();
    }

    private static boolean isUnreserved(byte b) {
        return b >= 'a' && b <= 'z'
                || b >= 'A' && b <= 'Z'
                || b >= '0' && b <= '9'
                || b == '-' || b == '_' || b == '.' || b == '~';
    }
}
