package security;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps out what a web page of somebody else lets a browser send. Immutable.
 *
 * <p>A browser on the same machine, or in the same network, reaches this server as its owner does.
 * It says for which page it asks: in {@code Origin} and {@code Sec-Fetch-Site}. What names another
 * site is refused, whatever its method. And a page can have its own name point to this server,
 * which then looks like its own site: so without a token a request must ask for a host that cannot
 * be such a name (an address, or a name without a dot), or one of the allowed ones.
 */
public final class BrowserGuard {

    private static final Set<String> OWN = Set.of("same-origin", "none");

    /** A name that ends in a number is none that anybody could have. */
    private static final Pattern FOUR_NUMBERS =
        Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    /** They lead to this machine, too, and browsers do not know it: they tell less of a request. */
    private static final Set<String> ANY_ADDRESS = Set.of("0.0.0.0", "[::]");

    private static final Set<String> LOOPBACK_NAMES = Set.of("ip6-localhost", "ip6-loopback",
        "localhost4", "localhost6", "loopback");

    private final Set<String> hosts = new HashSet<>();
    private final Set<String> domains = new HashSet<>();
    private final boolean anyHost;
    private final Set<String> origins;

    /**
     * @param hosts names by which the server may be asked for; {@code *.name} stands for all below
     *     it, {@code *} for each
     * @param origins whose pages may ask, as in {@code https://ops.example.com}
     */
    public BrowserGuard(List<String> hosts, List<String> origins) {
        for (String host : hosts) {
            String name = host.toLowerCase(Locale.ROOT);
            (name.startsWith("*.") ? domains : this.hosts)
                .add(name.startsWith("*.") ? name.substring(1) : name);
        }
        this.anyHost = hosts.contains("*");
        this.origins = Set.copyOf(origins);
    }

    /**
     * Why a request of that page is refused; empty if it is not. Each is empty if the request does
     * not have it.
     *
     * @param host the header, with or without a port
     * @param origin the header
     * @param fetchSite the header {@code Sec-Fetch-Site}
     */
    public Optional<String> refusePage(String host, String origin, String fetchSite) {
        if (isAllowed(origin)) {
            return Optional.empty();
        }
        if (!origin.isEmpty() && !isOwn(host, origin)) {
            return Optional.of("a page of another site asks for this (Origin: " + shown(origin)
                + "); pactor.security.allowed-origins lists those that may");
        }
        return fetchSite.isEmpty() || OWN.contains(fetchSite.toLowerCase(Locale.ROOT))
            ? Optional.empty() : Optional.of("a page of another site asks for this"
                + " (Sec-Fetch-Site: " + shown(fetchSite) + ")");
    }

    /**
     * Why a request for that host is refused; empty if it is not. Not to be asked of requests with
     * a token that is known, since no page of somebody else has one.
     */
    public Optional<String> refuseHost(String host) {
        return isKnown(host) ? Optional.empty()
            : Optional.of("this server is not asked for by the name " + shown(host)
                + "; pactor.security.allowed-hosts lists its names");
    }

    /** Whether pages of that origin may ask. */
    public boolean isAllowed(String origin) {
        return origins.contains(origin);
    }

    private static boolean isOwn(String host, String origin) {
        return origin.equalsIgnoreCase("http://" + host)
            || origin.equalsIgnoreCase("https://" + host);
    }

    private boolean isKnown(String authority) {
        String host = withoutPort(authority.toLowerCase(Locale.ROOT));
        if (anyHost || host.isEmpty()) {
            return true;
        }
        if (host.startsWith("[") || isAddress(host)) {
            return !ANY_ADDRESS.contains(host) && !host.startsWith("[::ffff:");
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return name.indexOf('.') < 0 && !LOOPBACK_NAMES.contains(name)
            || name.endsWith(".localhost") || hosts.contains(name)
            || domains.stream().anyMatch(name::endsWith);
    }

    private static boolean isAddress(String host) {
        return FOUR_NUMBERS.matcher(host).matches();
    }

    private static String withoutPort(String authority) {
        int bracket = authority.lastIndexOf(']');
        int colon = authority.indexOf(':', Math.max(0, bracket));
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(100)
            .forEach(each -> shown.appendCodePoint(Character.isISOControl(each) ? '?' : each));
        return shown.toString();
    }
}
