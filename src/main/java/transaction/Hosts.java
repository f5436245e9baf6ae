package transaction;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** What stands for a host and a port in the urls of branches, whatever the protocol. */
final class Hosts {

    /** The longest name that can be looked up, and the longest part between its dots (RFC 1035). */
    private static final int NAME_CHARS = 253;

    private static final int LABEL_CHARS = 63;

    private Hosts() {}

    /** Where the colon before the port is; negative if there is none. */
    static int colonBeforePort(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return colon > hostAndPort.lastIndexOf(']') ? colon : -1;
    }

    /** @throws InvalidRequest if it is no port; {@code url} is for the message */
    static int port(String url, String text) {
        boolean digits = !text.isEmpty() && text.length() <= 5
            && Chars.all(text, c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : 0;
        InvalidRequest.require(port >= 1 && port <= 65_535,
            "has no port between 1 and 65535: " + Limits.cut(url, 200));
        return port;
    }

    /**
     * The host in lower case, an IPv6 address without its brackets.
     *
     * @throws InvalidRequest if it is neither a name nor an address; {@code url} is for the message
     */
    static String host(String url, String written) {
        String lower = written.toLowerCase(Locale.ROOT);
        if (lower.startsWith("[") && lower.endsWith("]") && isIpV6(lower)) {
            return lower.substring(1, lower.length() - 1);
        }
        InvalidRequest.require(isName(lower), "has no name or address of a host: "
            + Limits.cut(url, 200));
        return lower;
    }

    /** Not {@code java.net.URI}: it takes no underscore in a host, and service names have them. */
    static boolean isName(String text) {
        String bare = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        int label = 0;
        for (int i = 0; i < bare.length(); i++) {
            char c = bare.charAt(i);
            boolean fine = c == '.' ? label > 0 : isInName(c) && label < LABEL_CHARS;
            if (!fine) {
                return false;
            }
            label = c == '.' ? 0 : label + 1;
        }
        return label > 0 && bare.length() <= NAME_CHARS;
    }

    private static boolean isInName(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
            || c == '_' || c == '-' || c == '~';
    }

    /** In brackets, it is read as an address and never looked up. */
    private static boolean isIpV6(String bracketed) {
        String bare = bracketed.substring(1, bracketed.length() - 1);
        if (bare.indexOf(':') < 0 || !Chars.all(bare,
                c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c == ':' || c == '.')) {
            return false;
        }
        try {
            return InetAddress.getByName(bracketed) != null;
        } catch (UnknownHostException none) {
            return false;
        }
    }
}
