package transaction;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The url of a branch that is called over HTTP, taken apart. There is one reader of these urls:
 * what it refuses is refused when it is submitted, and what it takes can be put on the wire.
 *
 * <p>Read leniently, since initiators write urls by hand and some do not encode their query: what
 * may not stand in a request line is percent-encoded, what is encoded already stays. The fragment
 * is dropped.
 *
 * @param secure whether the call speaks TLS
 * @param host name in ASCII or address, lower case, an IPv6 address without brackets
 * @param port 1 to 65535
 * @param namesPort whether the port stands in the url
 * @param userInfo name and password before an {@code @}, decoded, if any
 * @param path never empty, encoded
 * @param query without its question mark, encoded; empty if there is none
 */
public record HttpUrl(
        boolean secure, String host, int port, boolean namesPort, Optional<String> userInfo,
        String path, String query) {

    private static final String HEX = "0123456789ABCDEF";

    /** Of each character of ASCII, whether it goes on the wire as it is written. */
    private static final boolean[] PLAIN = new boolean[128];

    static {
        for (char c = '!'; c < 127; c++) {
            PLAIN[c] = "\"<>\\^`{|}%".indexOf(c) < 0;
        }
    }

    /** Whether {@code url} begins as one that is called over HTTP, in whatever case. */
    public static boolean isHttp(String url) {
        return beginsWith(url, "http://") || beginsWith(url, "https://");
    }

    /**
     * @throws InvalidRequest if no call could ever be made to {@code url}; says why, to be read
     *     after the name of the url
     */
    public static HttpUrl parse(String url) {
        InvalidRequest.require(isHttp(url),
            "must start with http:// or https://: " + shown(url));
        InvalidRequest.require(!hasControl(url), "has a control character");
        boolean secure = beginsWith(url, "https://");
        int authorityAt = secure ? 8 : 7;
        int authorityEnd = firstOf(url, authorityAt, '/', '?', '#');
        int pathEnd = firstOf(url, authorityEnd, '?', '#', '#');
        String query = "";
        if (pathEnd < url.length() && url.charAt(pathEnd) == '?') {
            query = encode(url.substring(pathEnd + 1, firstOf(url, pathEnd, '#', '#', '#')));
        }
        String path = encode(url.substring(authorityEnd, pathEnd));
        String authority = url.substring(authorityAt, authorityEnd);
        int at = authority.lastIndexOf('@');
        Optional<String> userInfo =
            at < 0 ? Optional.empty() : Optional.of(decode(encode(authority.substring(0, at))));
        String hostAndPort = authority.substring(at + 1);
        int colon = Hosts.colonBeforePort(hostAndPort);
        String port = colon < 0 ? "" : hostAndPort.substring(colon + 1);
        return new HttpUrl(secure, host(url, colon < 0 ? hostAndPort
            : hostAndPort.substring(0, colon)),
            port.isEmpty() ? (secure ? 443 : 80) : Hosts.port(url, port), colon >= 0, userInfo,
            path.isEmpty() ? "/" : path, query);
    }

    /** The host as a name in ASCII; whoever serves an international name knows it in this form. */
    private static String host(String url, String written) {
        InvalidRequest.require(!written.isEmpty(), "names no host: " + shown(url));
        if (Chars.all(written, c -> c < 128)) {
            return Hosts.host(url, written);
        }
        try {
            return Hosts.host(url, IDN.toASCII(written));
        } catch (IllegalArgumentException broken) {
            throw new InvalidRequest("has no name or address of a host: " + shown(url));
        }
    }

    /** Undoes the encoding of ASCII text. */
    public static String decode(String value) {
        return new String(unescape(value), StandardCharsets.UTF_8);
    }

    /** The bytes that ASCII text with escapes stands for; a broken escape stands for itself. */
    public static byte[] unescape(String value) {
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
        return Arrays.copyOf(decoded, length);
    }

    private static boolean beginsWith(String url, String scheme) {
        return url.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    private static int firstOf(String text, int from, char one, char other, char third) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == one || c == other || c == third) {
                return i;
            }
        }
        return text.length();
    }

    private static boolean hasControl(String url) {
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c < ' ' || c == 0x7f) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPlain(String written) {
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c >= PLAIN.length || !PLAIN[c]) {
                return false;
            }
        }
        return true;
    }

    private static String encode(String written) {
        if (isPlain(written)) {
            return written;
        }
        byte[] bytes = written.getBytes(StandardCharsets.UTF_8);
        StringBuilder encoded = new StringBuilder(bytes.length + 16);
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            boolean stays = b == '%' ? isHex(bytes, i + 1) && isHex(bytes, i + 2)
                : b > 0 && PLAIN[b];
            if (stays) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
            }
        }
        return encoded.toString();
    }

    private static boolean isHex(byte[] bytes, int at) {
        return at < bytes.length && Character.digit(bytes[at], 16) >= 0;
    }

    private static String shown(String url) {
        return Limits.cut(url, 200);
    }
}
