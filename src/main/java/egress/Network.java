package egress;

import java.net.InetAddress;
import java.util.Optional;

/**
 * All addresses that begin with the same bits, as in {@code 10.0.0.0/8}. An address by itself is a
 * network of one.
 *
 * @param first the address whose other bits are zero
 * @param bits how many of them the others have in common
 */
record Network(InetAddress first, int bits) {

    /** @throws IllegalArgumentException if {@code text} is no network */
    static Network of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException(text));
    }

    /** Empty if it is none, or if bits are set behind the prefix, which is a slip of the pen. */
    static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        Optional<InetAddress> address = Literal.of(host).address();
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int all = address.get().getAddress().length * 8;
        // Java makes an IPv4 address of a mapped one, and then the prefix would mean another thing.
        if (host.indexOf(':') >= 0 && all == 32) {
            return Optional.empty();
        }
        int bits = slash < 0 ? all : prefix(text.substring(slash + 1), all);
        return bits < 0 || hasBitsFrom(address.get().getAddress(), bits)
            ? Optional.empty() : Optional.of(new Network(address.get(), bits));
    }

    boolean contains(InetAddress address) {
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
    boolean isOne() {
        return bits == first.getAddress().length * 8;
    }

    private static int prefix(String text, int most) {
        if (text.isEmpty() || text.length() > 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')
                || text.length() > 1 && text.startsWith("0")) {
            return -1;
        }
        int bits = Integer.parseInt(text);
        return bits <= most ? bits : -1;
    }

    private static boolean hasBitsFrom(byte[] address, int from) {
        for (int i = from; i < address.length * 8; i++) {
            if (bit(address, i) != 0) {
                return true;
            }
        }
        return false;
    }

    private static int bit(byte[] address, int at) {
        return address[at / 8] >> 7 - at % 8 & 1;
    }
}
