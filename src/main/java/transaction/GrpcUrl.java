package transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The url of a branch that is called over gRPC, taken apart.
 *
 * <ul>
 *   <li>{@code host:port/pkg.Service/Method}, or the same as {@code dns:///host:port/…}: one
 *       instance; of the name's addresses the first that takes a connection is used.
 *   <li>{@code static:host:port,host:port/pkg.Service/Method}: several, called in turn.
 *   <li>{@code discovery:///name/pkg.Service/Method}: whatever the {@link BranchResolver} knows,
 *       called in turn.
 * </ul>
 *
 * @param kind how its instances are found
 * @param addresses the instances it names; none if they are to be discovered
 * @param service the name to be discovered; empty unless it is
 * @param method service and method, as in {@code busi.Busi/TransIn}; the path without its slash
 */
public record GrpcUrl(
        Kind kind, List<BranchResolver.Address> addresses, String service, String method) {

    /** How the instances are found. */
    public enum Kind {
        DIRECT,
        STATIC,
        DISCOVERY
    }

    private static final String DNS = "dns:///";
    private static final String STATIC = "static:";
    private static final String DISCOVERY = "discovery:///";

    public GrpcUrl {
        addresses = List.copyOf(addresses);
    }

    /** @throws InvalidRequest if no call could ever be made to {@code url}; says why */
    public static GrpcUrl parse(String url) {
        InvalidRequest.require(Chars.all(url, c -> c > ' ' && c < 0x7f),
            "a gRPC url has a character that is no printable ASCII");
        if (url.startsWith(DNS)) {
            return direct(url, url.substring(DNS.length()));
        }
        if (url.startsWith(DISCOVERY)) {
            String rest = url.substring(DISCOVERY.length());
            String name = rest.substring(0, slash(url, rest));
            InvalidRequest.require(isName(name), "no name of a service in " + shown(url));
            return new GrpcUrl(Kind.DISCOVERY, List.of(), name, method(url, rest));
        }
        if (url.startsWith(STATIC)) {
            String rest = url.substring(STATIC.length());
            rest = rest.startsWith("///") ? rest.substring(3) : rest;
            List<BranchResolver.Address> addresses = new ArrayList<>();
            for (String each : rest.substring(0, slash(url, rest)).split(",", -1)) {
                addresses.add(address(url, each));
            }
            InvalidRequest.require(addresses.size() <= Limits.ADDRESSES_OF_A_SERVICE,
                "more than " + Limits.ADDRESSES_OF_A_SERVICE + " addresses in " + shown(url));
            return new GrpcUrl(Kind.STATIC, addresses, "", method(url, rest));
        }
        int scheme = url.indexOf("://");
        InvalidRequest.require(scheme < 0, "unknown scheme in a gRPC url, it takes dns:///, static:"
            + " and discovery:///, or host:port/pkg.Service/Method without any: " + shown(url));
        return direct(url, url);
    }

    /** What all urls of the same instances have in common, as people write it. */
    public String target() {
        return switch (kind) {
            case DIRECT -> addresses.get(0).toString();
            case STATIC -> STATIC + addresses.stream().map(BranchResolver.Address::toString)
                .collect(Collectors.joining(","));
            case DISCOVERY -> DISCOVERY + service;
        };
    }

    /** What the call names as the one it is meant for ({@code :authority}). */
    public String authority() {
        return kind == Kind.DISCOVERY ? service : addresses.get(0).toString();
    }

    private static GrpcUrl direct(String url, String rest) {
        BranchResolver.Address address = address(url, rest.substring(0, slash(url, rest)));
        return new GrpcUrl(Kind.DIRECT, List.of(address), "", method(url, rest));
    }

    private static int slash(String url, String rest) {
        int slash = rest.indexOf('/');
        InvalidRequest.require(slash >= 0,
            "a gRPC url must read host:port/pkg.Service/Method: " + shown(url));
        return slash;
    }

    private static String method(String url, String rest) {
        String method = rest.substring(rest.indexOf('/') + 1);
        int slash = method.indexOf('/');
        InvalidRequest.require(slash > 0 && slash < method.length() - 1,
            "no pkg.Service/Method behind the host in " + shown(url));
        return method;
    }

    private static BranchResolver.Address address(String url, String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        InvalidRequest.require(colon > hostAndPort.lastIndexOf(']'),
            "no host:port in " + shown(url));
        String host = hostAndPort.substring(0, colon).toLowerCase(Locale.ROOT);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        boolean fine = bracketed
            ? bare.indexOf(':') >= 0 && Chars.all(bare, GrpcUrl::isInIpV6) : isName(bare);
        InvalidRequest.require(fine, "no host:port in " + shown(url));
        String port = hostAndPort.substring(colon + 1);
        boolean number = !port.isEmpty() && port.length() <= 5
            && Chars.all(port, c -> c >= '0' && c <= '9');
        int value = number ? Integer.parseInt(port) : 0;
        InvalidRequest.require(value >= 1 && value <= 65_535,
            "no port between 1 and 65535 in " + shown(url));
        return new BranchResolver.Address(bare, value);
    }

    private static boolean isName(String text) {
        return !text.isEmpty() && Chars.all(text, c -> c >= 'a' && c <= 'z'
            || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-');
    }

    private static boolean isInIpV6(int c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c == ':' || c == '.';
    }

    private static String shown(String url) {
        return Limits.cut(url, 200);
    }
}
