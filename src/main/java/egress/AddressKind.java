package egress;

import address.AddressRange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What lies at an address, by its number alone (the registries of special addresses of IANA, and
 * the addresses at which clouds serve the credentials of a machine).
 */
enum AddressKind {

    /** Anywhere on the internet. */
    PUBLIC("public", false),

    /** In somebody's own network, the shared ones of providers included. */
    PRIVATE("private", false),

    /** This machine. */
    LOOPBACK("loopback", false),

    /** On this wire; clouds serve the credentials of a machine there. */
    LINK_LOCAL("link-local", true),

    /** Where a cloud serves credentials though it is not link-local. */
    METADATA("cloud metadata", true),

    /** A group of machines. */
    MULTICAST("multicast", true),

    /** No machine at all, or all of them: 0.0.0.0, broadcast, what is not given out. */
    RESERVED("reserved", true);

    private static final List<Special> SPECIALS = List.of(
        new Special("100.100.100.200/32", METADATA), // Alibaba Cloud
        new Special("168.63.129.16/32", METADATA), // Azure
        new Special("192.0.0.192/32", METADATA), // Oracle Cloud
        new Special("fd00:ec2::254/128", METADATA), // AWS
        new Special("fd20:ce::254/128", METADATA), // Google Cloud
        new Special("fd00:c1::a9fe:a9fe/128", METADATA), // Oracle Cloud
        new Special("fd00:42::42/128", METADATA), // Scaleway
        new Special("169.254.0.0/16", LINK_LOCAL),
        new Special("fe80::/10", LINK_LOCAL),
        new Special("127.0.0.0/8", LOOPBACK),
        new Special("::1/128", LOOPBACK),
        new Special("224.0.0.0/4", MULTICAST),
        new Special("ff00::/8", MULTICAST),
        new Special("0.0.0.0/8", RESERVED),
        new Special("240.0.0.0/4", RESERVED), // 255.255.255.255, the broadcast, is the last of it
        new Special("::/96", RESERVED),
        new Special("10.0.0.0/8", PRIVATE),
        new Special("172.16.0.0/12", PRIVATE),
        new Special("192.168.0.0/16", PRIVATE),
        new Special("100.64.0.0/10", PRIVATE),
        new Special("192.0.0.0/24", PRIVATE),
        new Special("198.18.0.0/15", PRIVATE),
        new Special("fc00::/7", PRIVATE),
        new Special("fec0::/10", PRIVATE),
        new Special("64:ff9b:1::/48", PRIVATE));

    /** IPv6 addresses that stand for one of IPv4, and where in them that is. */
    private static final List<Carrier> CARRIERS = List.of(
        new Carrier(AddressRange.of("64:ff9b::/96"), 12, false), // NAT64, RFC 6052
        new Carrier(AddressRange.of("64:ff9b:1::/48"), 12, false), // NAT64 of one's own, RFC 8215
        new Carrier(AddressRange.of("::ffff:0:0:0/96"), 12, false), // SIIT, RFC 2765
        new Carrier(AddressRange.of("2002::/16"), 2, false), // 6to4, RFC 3056
        new Carrier(AddressRange.of("2001::/32"), 12, true), // Teredo, RFC 4380: the client, masked
        new Carrier(AddressRange.of("2001::/32"), 4, false)); // and its server

    private record Special(AddressRange network, AddressKind kind) {
        Special(String network, AddressKind kind) {
            this(AddressRange.of(network), kind);
        }
    }

    private record Carrier(AddressRange network, int at, boolean isMasked) {}

    private final String text;
    private final boolean isNeverCalled;

    AddressKind(String text, boolean isNeverCalled) {
        this.text = text;
        this.isNeverCalled = isNeverCalled;
    }

    /** As people write it. */
    String text() {
        return text;
    }

    /** Whether no setting allows it. */
    boolean isNeverCalled() {
        return isNeverCalled;
    }

    static AddressKind of(InetAddress address) {
        for (Special each : SPECIALS) {
            if (each.network.contains(address)) {
                return each.kind;
            }
        }
        return PUBLIC;
    }

    /**
     * {@code address} and the IPv4 addresses that a gateway may make of it. IPv4-mapped ones are
     * IPv4 addresses to Java already.
     */
    static List<InetAddress> faces(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return List.of(address);
        }
        List<InetAddress> faces = new ArrayList<>(2);
        faces.add(address);
        for (Carrier each : CARRIERS) {
            if (each.network.contains(address)) {
                faces.add(carried(bytes, each.at, each.isMasked));
            }
        }
        // ISATAP, RFC 5214: whatever the network, the machine's part names an IPv4 address.
        if ((bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e
                && (bytes[11] & 0xff) == 0xfe) {
            faces.add(carried(bytes, 12, false));
        }
        return faces;
    }

    private static InetAddress carried(byte[] bytes, int at, boolean isMasked) {
        byte[] carried = Arrays.copyOfRange(bytes, at, at + 4);
        for (int i = 0; isMasked && i < carried.length; i++) {
            carried[i] = (byte) ~carried[i];
        }
        try {
            return InetAddress.getByAddress(carried);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
