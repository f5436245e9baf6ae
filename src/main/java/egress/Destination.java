package egress;

import address.Literal;
import java.util.Locale;

/**
 * Whom a url names, before its host is looked up.
 *
 * @param scheme http, https, grpc or grpcs
 * @param host name or address, in lower case, without brackets
 * @param port 1 to 65535
 * @param isPing whether the url's path is {@link #PING}, which this coordinator answers to anybody
 */
public record Destination(String scheme, String host, int port, boolean isPing) {

    public static final String HTTP = "http";
    public static final String HTTPS = "https";
    public static final String GRPC = "grpc";
    public static final String GRPCS = "grpcs";

    /** Tells and changes nothing, so it may stand in for a participant, as in examples. */
    public static final String PING = "/api/ping";

    /** With a path that is another one. */
    public Destination(String scheme, String host, int port) {
        this(scheme, host, port, false);
    }

    public Destination {
        host = host.toLowerCase(Locale.ROOT);
    }

    /** The name without the dot of a full one. */
    String name() {
        return Literal.withoutDot(host);
    }

    /** As people write it. */
    @Override
    public String toString() {
        return scheme + "://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
