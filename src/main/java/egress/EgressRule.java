package egress;

import address.AddressRange;
import address.Literal;
import java.net.IDN;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One entry of a list: {@code [scheme://]host[:port]}, where the host is a name, {@code *.} and a
 * name, an address, a network or {@code *}, and the port is one or a range. What is not said is
 * any.
 *
 * @param text as it was written
 * @param scheme http, https, grpc or grpcs; empty for any
 * @param name in ASCII; beginning with {@code *.} for all names below it, {@code *} for any host;
 *     empty if a network is meant
 * @param network if one is meant
 * @param fromPort the first port
 * @param toPort the last one
 */
record EgressRule(String text, String scheme, String name, Optional<AddressRange> network,
        int fromPort, int toPort) {

    private static final Set<String> SCHEMES =
        Set.of(
        Destination.HTTP, Destination.HTTPS, Destination.GRPC, Destination.GRPCS);

    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*");

    private static final Pattern PORTS = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

    private static final String ANY = "*";

    private static final int PORT_MAX = 65_535;

    /** Empty if it is none. */
    static Optional<EgressRule> parse(String text) {
        String written = text.strip().toLowerCase(Locale.ROOT);
        int at = written.indexOf("://");
        String scheme = at < 0 ? "" : written.substring(0, at);
        String rest = at < 0 ? written : written.substring(at + 3);
        if (at >= 0 && !SCHEMES.contains(scheme)) {
            return Optional.empty();
        }
        String host = rest;
        String ports = "";
        int colon = rest.lastIndexOf(':');
        if (rest.startsWith("[")) {
            int end = rest.indexOf(']');
            String behind = end < 0 ? "?" : rest.substring(end + 1);
            if (!behind.isEmpty() && !behind.startsWith(":")) {
                return Optional.empty();
            }
            host = rest.substring(1, end);
            ports = behind.isEmpty() ? "" : behind.substring(1);
            if (host.indexOf(':') < 0 || !behind.isEmpty() && ports.isEmpty()) {
                return Optional.empty();
            }
        } else if (colon >= 0 && rest.indexOf(':') == colon) {
            host = rest.substring(0, colon);
            ports = rest.substring(colon + 1);
            if (ports.isEmpty()) {
                return Optional.empty();
            }
        }
        return of(text.strip(), scheme, host, ports);
    }

    private static Optional<EgressRule> of(String text, String scheme, String host, String ports) {
        int from = 1;
        int to = PORT_MAX;
        if (!ports.isEmpty()) {
            var range = PORTS.matcher(ports);
            if (!range.matches()) {
                return Optional.empty();
            }
            from = Integer.parseInt(range.group(1));
            to = range.group(2) == null ? from : Integer.parseInt(range.group(2));
        }
        if (from < 1 || to > PORT_MAX || from > to) {
            return Optional.empty();
        }
        Optional<AddressRange> network = AddressRange.parse(host);
        if (network.isPresent()) {
            return Optional.of(new EgressRule(text, scheme, "", network, from, to));
        }
        Optional<String> name = name(host);
        int first = from;
        int last = to;
        return name.map(
            each -> new EgressRule(text, scheme, each, Optional.empty(), first, last));
    }

    private static Optional<String> name(String host) {
        if (host.equals(ANY)) {
            return Optional.of(ANY);
        }
        String above = host.startsWith("*.") ? host.substring(2) : host;
        String ascii;
        try {
            ascii = Literal.withoutDot(IDN.toASCII(above)).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException broken) {
            return Optional.empty();
        }
        boolean fine = NAME.matcher(ascii).matches() && Literal.of(ascii).isName();
        return fine ? Optional.of(host.startsWith("*.") ? "*." + ascii : ascii) : Optional.empty();
    }

    /** Whether it is about addresses, so that a name alone tells nothing. */
    boolean isNetwork() {
        return network.isPresent();
    }

    /** Whether it names somebody, and not just any host. */
    boolean isExplicit() {
        return !name.equals(ANY);
    }

    /** Whether it is one address and one port and no more. A name is whatever its owner says. */
    boolean isExact() {
        return network.filter(AddressRange::isOne).isPresent() && fromPort == toPort;
    }

    /** Whether scheme and port are meant. */
    boolean fits(Destination to) {
        return (scheme.isEmpty() || scheme.equals(to.scheme()))
            && to.port() >= fromPort && to.port() <= toPort;
    }

    /** Whether {@code to} is meant by its name alone. */
    boolean names(Destination to) {
        String asked = to.name();
        return fits(to) && !isNetwork() && (name.equals(ANY) || name.equals(asked)
            || name.startsWith("*.") && asked.endsWith(name.substring(1))
                && asked.length() > name.length() - 1);
    }

    /** Whether it is meant by its name or by one of the addresses that it may be. */
    boolean means(Destination to, List<InetAddress> faces) {
        return names(to) || fits(to) && network.isPresent()
            && faces.stream().anyMatch(network.get()::contains);
    }
}
