package address;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Addresses that begin with the same bits, as in {@code 10.0.0.0/8}. An address by itself is a
 * range of one. An IPv4 address that is written as an IPv6 one ({@code ::ffff:10.0.0.1}) is the
 * IPv4 address.
 *
 * @param first the address whose other bits are zero
 * @param bits how many of them the others have in common
 */
public record AddressRange(InetAddress first, int bits) {

    private static final String WRONG =
        " is no address such as 10.0.0.7 or ::1, and no range such as 10.0.0.0/8";

    /**
     * Reads an address, or one with the number of its leading bits. Never looks up a name.
     *
     * @throws IllegalArgumentException if it is neither, or if bits are set behind the prefix,
     *     which is a slip of the pen; the message says so
     */
    public static AddressRange of(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = Literal.of(host).address().orElseThrow(() -> wrong(text));
        int all = all(address);
        // Of a mapped IPv4 address Java makes that one, and then a prefix would mean another thing.
        if (slash >= 0 && host.indexOf(':') >= 0 && all == Integer.SIZE) {
            throw wrong(text);
        }
        int bits = slash < 0 ? all : prefix(text, text.substring(slash + 1), all);
        for (int i = bits; i < all; i++) {
            if (bit(address.getAddress(), i) != 0) {
                throw new IllegalArgumentException(
                    text + " has bits beyond its length; write the first address of the range");
            }
        }
        return new AddressRange(address, bits);
    }

    /** The same; empty if it is none. */
    public static Optional<AddressRange> parse(String text) {
        try {
            return Optional.of(of(text));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    public boolean contains(InetAddress address) {
        byte[] one = first.getAddress();
        byte[] other = address.getAddress();
        if (one.length != other.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            if (bit(one, i) != bit(other, i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is one address. */
    public boolean isOne() {
        return bits == all(first);
    }

    private static int all(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    private static int prefix(String text, String number, int most) {
        boolean isPlain = !number.isEmpty() && number.length() <= 3
            && number.chars().allMatch(c -> c >= '0' && c <= '9')
            && (number.length() == 1 || number.charAt(0) != '0');
        int bits = isPlain ? Integer.parseInt(number) : most + 1;
        if (bits > most) {
            throw wrong(text);
        }
        return bits;
    }

    private static int bit(byte[] address, int at) {
        return address[at / Byte.SIZE] >> Byte.SIZE - 1 - at % Byte.SIZE & 1;
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("\"" + text + "\"" + WRONG);
    }
}
