package security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Addresses that begin with the same bits: {@code 10.0.0.0/8}, {@code ::1}. Immutable. An IPv4
 * address that is written as an IPv6 one ({@code ::ffff:10.0.0.1}) is the IPv4 address.
 */
public final class AddressRange {

    private final byte[] network;
    private final int bits;
    private final String text;

    private AddressRange(byte[] network, int bits, String text) {
        this.network = network;
        this.bits = bits;
        this.text = text;
    }

    /**
     * Reads an address, or one with the number of its leading bits. Never looks up a name.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static AddressRange of(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (!address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f.:]*:[0-9A-Fa-f.:]*")) {
            throw wrong(text);
        }
        byte[] network;
        try {
            network = InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException no) {
            throw wrong(text);
        }
        int most = network.length * Byte.SIZE;
        int bits = most;
        if (slash >= 0) {
            String number = text.substring(slash + 1);
            bits = number.matches("[0-9]{1,3}") ? Integer.parseInt(number) : most + 1;
            if (bits > most) {
                throw wrong(text);
            }
        }
        for (int bit = bits; bit < most; bit++) {
            if ((network[bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1) != 0) {
                throw new IllegalArgumentException(
                    text + " has bits beyond its length; write the first address of the range");
            }
        }
        return new AddressRange(network, bits, text);
    }

    public boolean contains(InetAddress address) {
        byte[] asked = address.getAddress();
        if (asked.length != network.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        if (!Arrays.equals(asked, 0, whole, network, 0, whole)) {
            return false;
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || ((asked[whole] ^ network[whole]) & 0xff) >>> Byte.SIZE - rest == 0;
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("\"" + text
            + "\" is no address such as 10.0.0.7 or ::1, and no range such as 10.0.0.0/8");
    }

    @Override
    public String toString() {
        return text;
    }
}
