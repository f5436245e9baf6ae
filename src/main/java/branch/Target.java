package branch;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import transaction.Chars;

/**
 * A participant's url, taken apart.
 *
 * <p>Read leniently, since initiators write urls by hand and some do not encode their query: what
 * may not stand in a request line is percent-encoded, what is encoded already stays. A line break
 * can therefore not get into the request. The fragment is dropped.
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
        boolean secure = url.regionMatches(true, 0, "https://", 0, 8);
        if (!secure && !url.regionMatches(true, 0, "http://", 0, 7)) {
            throw new Unsendable("its url begins neither with http:// nor with https://");
        }
        int authorityAt = secure ? 8 : 7;
        int authorityEnd = firstOf(url, "/?#", authorityAt);
        int pathEnd = firstOf(url, "?#", authorityEnd);
        String query = "";
        if (pathEnd < url.length() && url.charAt(pathEnd) == '?') {
            query = encode(url.substring(pathEnd + 1, firstOf(url, "#", pathEnd)));
        }
        String path = encode(url.substring(authorityEnd, pathEnd));
        String authority = url.substring(authorityAt, authorityEnd);
        int at = authority.lastIndexOf('@');
        Optional<String> userInfo =
                at < 0 ? Optional.empty() : Optional.of(decode(encode(authority.substring(0, at))));
        String hostAndPort = authority.substring(at + 1);
        Origin origin = origin(secure, hostAndPort);
        String hostHeader = hostHeader(origin, hostAndPort);
        return new Target(origin, hostHeader, userInfo, path.isEmpty() ? "/" : path, query);
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
                return decode(pair.substring(equals + 1).replace('+', ' '));
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
                appendHex(encoded, b);
            }
        }
        return encoded.toString();
    }

    private static Origin origin(boolean secure, String hostAndPort) throws Unsendable {
        int colon = hostAndPort.lastIndexOf(':');
        boolean hasPort = colon > hostAndPort.lastIndexOf(']');
        String host = hasPort ? hostAndPort.substring(0, colon) : hostAndPort;
        String portText = hasPort ? hostAndPort.substring(colon + 1) : "";
        int port = portText.isEmpty() ? (secure ? 443 : 80) : port(portText);
        if (host.startsWith("[") && host.endsWith("]")) {
            return new Origin(secure, checked(host.substring(1, host.length() - 1), ":"), port);
        }
        return new Origin(secure, checked(ascii(host), ""), port);
    }

    /** The host as a name in ASCII; whoever serves an international name knows it in this form. */
    private static String ascii(String host) throws Unsendable {
        if (Chars.all(host, c -> c < 128)) {
            return host;
        }
        try {
            return IDN.toASCII(host);
        } catch (IllegalArgumentException e) {
            throw new Unsendable("its host is not a name: " + e.getMessage());
        }
    }

    private static String checked(String host, String also) throws Unsendable {
        if (host.isEmpty()) {
            throw new Unsendable("its url names no host");
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c > 127 || !isUnreserved((byte) c) && also.indexOf(c) < 0) {
                throw new Unsendable("its host contains a character that no host has");
            }
        }
        return host.toLowerCase(Locale.ROOT);
    }

    private static int port(String text) throws Unsendable {
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Reported below, as any other port that is none.
        }
        throw new Unsendable("its port is not between 1 and 65535");
    }

    private static String hostHeader(Origin origin, String written) {
        boolean hasPort = written.lastIndexOf(':') > written.lastIndexOf(']');
        String host = origin.host().indexOf(':') < 0 ? origin.host() : "[" + origin.host() + "]";
        return hasPort ? host + ":" + origin.port() : host;
    }

    private static int firstOf(String text, String any, int from) {
        for (int i = from; i < text.length(); i++) {
            if (any.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static String encode(String written) {
        if (Chars.all(written, c -> c > ' ' && c < 127 && "\"<>\\^`{|}%".indexOf(c) < 0)) {
            return written;
        }
        byte[] bytes = written.getBytes(StandardCharsets.UTF_8);
        StringBuilder encoded = new StringBuilder(bytes.length + 16);
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            boolean stays = b == '%' ? isHex(bytes, i + 1) && isHex(bytes, i + 2) : mayStand(b);
            if (stays) {
                encoded.append((char) b);
            } else {
                appendHex(encoded, b);
            }
        }
        return encoded.toString();
    }

    /** Undoes the encoding of ASCII text. */
    private static String decode(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        byte[] decoded = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%' && isHex(bytes, i + 1) && isHex(bytes, i + 2)) {
                decoded[length++] = (byte) Integer.parseInt(value.substring(i + 1, i + 3), 16);
                i += 2;
            } else {
                decoded[length++] = bytes[i];
            }
        }
        return new String(decoded, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean mayStand(byte b) {
        return b > ' ' && b < 127 && "\"<>\\^`{|}".indexOf(b) < 0;
    }

    private static boolean isUnreserved(byte b) {
        return b >= 'a' && b <= 'z'
                || b >= 'A' && b <= 'Z'
                || b >= '0' && b <= '9'
                || b == '-' || b == '_' || b == '.' || b == '~';
    }

    private static boolean isHex(byte[] bytes, int at) {
        return at < bytes.length && Character.digit(bytes[at], 16) >= 0;
    }

    private static void appendHex(StringBuilder to, byte b) {
        to.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
    }
}
