package transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The url of a branch that is called over gRPC, taken apart.
 *
 * <ul>
 *   <li>{@code host:port/pkg.Service/Method}, or the same as {@code dns:///host:port/…}: one
 *       instance; of the name's addresses the first that takes a connection is used.
 *   <li>{@code grpcs://host:port/pkg.Service/Method}: the same over TLS; not known to DTM.
 *   <li>{@code static:host:port,host:port/pkg.Service/Method}: several, called in turn.
 *   <li>{@code discovery:///name/pkg.Service/Method}: whatever the {@link BranchResolver} knows,
 *       called in turn.
 * </ul>
 *
 * @param kind how its instances are found
 * @param addresses the instances it names; none if they are to be discovered
 * @param service the name to be discovered; empty unless it is
 * @param isSecure whether it is called over TLS
 * @param method service and method, as in {@code busi.Busi/TransIn}; the path without its slash
 */
public record GrpcUrl(
        Kind kind, List<BranchResolver.Address> addresses, String service, String method,
        boolean isSecure) {

    /** How the instances are found. */
    public enum Kind {
        DIRECT,
        STATIC,
        DISCOVERY
    }

    private static final String SECURE = "grpcs://";
    private static final String DNS = "dns:///";
    private static final String STATIC = "static:";
    private static final String DISCOVERY = "discovery:///";

    public GrpcUrl {
        addresses = List.copyOf(addresses);
    }

    /**
     * @throws InvalidRequest if no call could ever be made to {@code url}; says why, to be read
     *     after the name of the url
     */
    public static GrpcUrl parse(String url) {
        InvalidRequest.require(Chars.all(url, c -> c > ' ' && c < 0x7f),
            "has a character that is no printable ASCII");
        if (beginsWith(url, SECURE)) {
            return direct(url, url.substring(SECURE.length()), true);
        }
        if (beginsWith(url, DNS)) {
            return direct(url, url.substring(DNS.length()), false);
        }
        if (beginsWith(url, DISCOVERY)) {
            String rest = url.substring(DISCOVERY.length());
            String name = rest.substring(0, slash(url, rest));
            InvalidRequest.require(Hosts.isName(name), "has no name of a service: " + shown(url));
            return new GrpcUrl(Kind.DISCOVERY, List.of(), name, method(url, rest), false);
        }
        if (beginsWith(url, STATIC)) {
            String rest = url.substring(STATIC.length());
            rest = rest.startsWith("///") ? rest.substring(3) : rest;
            List<BranchResolver.Address> addresses = new ArrayList<>();
            for (String each : rest.substring(0, slash(url, rest)).split(",", -1)) {
                addresses.add(address(url, each));
            }
            InvalidRequest.require(addresses.size() <= Limits.ADDRESSES_OF_A_SERVICE,
                "has more than " + Limits.ADDRESSES_OF_A_SERVICE + " addresses: " + shown(url));
            return new GrpcUrl(Kind.STATIC, addresses, "", method(url, rest), false);
        }
        int scheme = url.indexOf("://");
        InvalidRequest.require(scheme < 0, "has an unknown scheme: a gRPC url takes dns:///,"
            + " grpcs://, static: or none before host:port/pkg.Service/Method: " + shown(url));
        return direct(url, url, false);
    }

    /** What all urls of the same instances have in common, as people write it. */
    public String target() {
        return switch (kind) {
            case DIRECT -> (isSecure ? SECURE : "") + addresses.get(0);
            case STATIC -> STATIC + addresses.stream().map(BranchResolver.Address::toString)
                .collect(Collectors.joining(","));
            case DISCOVERY -> DISCOVERY + service;
        };
    }

    /** What the call names as the one it is meant for ({@code :authority}). */
    public String authority() {
        return kind == Kind.DISCOVERY ? service : addresses.get(0).toString();
    }

    /** Schemes have no case. */
    private static boolean beginsWith(String url, String scheme) {
        return url.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    private static GrpcUrl direct(String url, String rest, boolean isSecure) {
        BranchResolver.Address address = address(url, rest.substring(0, slash(url, rest)));
        return new GrpcUrl(Kind.DIRECT, List.of(address), "", method(url, rest),
            isSecure);
    }

    private static int slash(String url, String rest) {
        int slash = rest.indexOf('/');
        InvalidRequest.require(slash >= 0,
            "must read host:port/pkg.Service/Method: " + shown(url));
        return slash;
    }

    private static String method(String url, String rest) {
        String method = rest.substring(rest.indexOf('/') + 1);
        int slash = method.indexOf('/');
        InvalidRequest.require(slash > 0 && slash < method.length() - 1,
            "has no pkg.Service/Method behind the host: " + shown(url));
        return method;
    }

    private static BranchResolver.Address address(String url, String hostAndPort) {
        int colon = Hosts.colonBeforePort(hostAndPort);
        InvalidRequest.require(colon > 0, "has no host:port: " + shown(url));
        return new BranchResolver.Address(Hosts.host(url, hostAndPort.substring(0, colon)),
            Hosts.port(url, hostAndPort.substring(colon + 1)));
    }

    private static String shown(String url) {
        return Limits.cut(url, 200);
    }
}
