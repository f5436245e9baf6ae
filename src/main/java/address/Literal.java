package address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * How the host of a url is to be read before anybody is asked: as an address, as a name, or not at
 * all. Addresses of IPv4 that are not four plain decimals ({@code 2130706433}, {@code 0x7f.1},
 * {@code 0177.0.0.1}) are read in one way here and in another there, so they are not read at all.
 *
 * @param address if it is one
 * @param isName whether it is a name, to be looked up
 */
public record Literal(Optional<InetAddress> address, boolean isName) {

    private static final Literal NAME = new Literal(Optional.empty(), true);
    private static final Literal UNCLEAR = new Literal(Optional.empty(), false);

    /** @param host without brackets, with or without the dot of a full name */
    public static Literal of(String host) {
        if (host.indexOf(':') >= 0) {
            return ofIpV6(host);
        }
        String name = withoutDot(host);
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (!isNumber(last)) {
            return NAME;
        }
        byte[] address = new byte[4];
        List<String> parts = List.of(host.split("\\.", -1));
        for (int i = 0; i < parts.size(); i++) {
            int part = parts.size() == 4 ? decimal(parts.get(i)) : -1;
            if (part < 0) {
                return UNCLEAR;
            }
            address[i] = (byte) part;
        }
        return of(address);
    }

    /** A name means the same with the dot at its end. */
    public static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static Literal of(byte[] address) {
        try {
            return new Literal(Optional.of(InetAddress.getByAddress(address)), false);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    /** Whatever has a colon is never looked up; one with a zone means another host elsewhere. */
    private static Literal ofIpV6(String host) {
        if (!host.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128
                || c == ':' || c == '.')) {
            return UNCLEAR;
        }
        try {
            return new Literal(Optional.of(InetAddress.getByName("[" + host + "]")), false);
        } catch (UnknownHostException none) {
            return UNCLEAR;
        }
    }

    /** As browsers have it (WHATWG URL, "ends in a number"). */
    private static boolean isNumber(String label) {
        if (label.isEmpty()) {
            return false;
        }
        boolean isHex = label.length() >= 2 && label.charAt(0) == '0'
            && (label.charAt(1) | 0x20) == 'x';
        return isHex ? label.chars().skip(2).allMatch(c -> Character.digit(c, 16) >= 0)
            : label.chars().allMatch(Character::isDigit);
    }

    private static int decimal(String text) {
        boolean isPlain = !text.isEmpty() && text.length() <= 3
            && text.chars().allMatch(c -> c >= '0' && c <= '9')
            && (text.length() == 1 || text.charAt(0) != '0');
        int number = isPlain ? Integer.parseInt(text) : -1;
        return number <= 255 ? number : -1;
    }
}
