package credential;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import transaction.GrpcUrl;
import transaction.HttpUrl;
import transaction.InvalidRequest;

/**
 * Where calls go to, or all that begin so.
 *
 * @param scheme http, https, grpc or grpcs
 * @param host name or address as urls have it, in lower case, without brackets
 * @param port 1 to 65535
 * @param path with its slash; over gRPC the service and the method
 */
public record Site(String scheme, String host, int port, String path) {

    /** Those that are TLS. */
    private static final Set<String> SECURE = Set.of("https", "grpcs");

    private static final String ALL = "/";

    /** What a server could read as another path than the one that is written. */
    private static final List<String> UNCLEAR = List.of("//", "\\", "%2e", "%2f", "%5c", "%25");

    /** Of a call over HTTP. */
    public static Site of(HttpUrl url) {
        return new Site(url.secure() ? "https" : "http", url.host(), url.port(), url.path());
    }

    /** Of a call over gRPC to one instance; there are none for lists and discovered services. */
    public static Site of(GrpcUrl url) {
        return new Site(url.isSecure() ? "grpcs" : "grpc", url.addresses().get(0).host(),
            url.addresses().get(0).port(), ALL + url.method());
    }

    /**
     * Reads {@code scheme://host[:port][/path]}, as in the file.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static Site parse(String text) {
        int at = text.indexOf("://");
        String scheme = at < 0 ? "" : text.substring(0, at).toLowerCase(Locale.ROOT);
        if (!scheme.matches("https?|grpcs?")) {
            throw new IllegalArgumentException("a line begins with the url of a participant, as in"
                + " https://stock.example.com or grpcs://orders.example.com:8443");
        }
        boolean isGrpc = scheme.startsWith("grpc");
        HttpUrl url;
        try {
            // Read as the urls of calls are, so that both are written alike.
            url = HttpUrl.parse((isGrpc ? "https" : scheme) + text.substring(at));
        } catch (InvalidRequest wrong) {
            throw new IllegalArgumentException("the url " + wrong.getMessage());
        }
        if (url.userInfo().isPresent() || !url.query().isEmpty() || text.indexOf('#') >= 0) {
            throw new IllegalArgumentException(
                "the url of a participant has no more than scheme, host, port and path");
        }
        if (isGrpc && !url.namesPort()) {
            throw new IllegalArgumentException("the url of a gRPC participant names its port");
        }
        Site site = new Site(scheme, url.host(), url.port(), url.path());
        if (!site.isClear()) {
            throw new IllegalArgumentException("the path of the url can be read in several ways");
        }
        return site;
    }

    /** The same for all paths. */
    public Site origin() {
        return new Site(scheme, host, port, ALL);
    }

    boolean isOrigin() {
        return path.equals(ALL);
    }

    /** Whether what is sent there cannot be read on the way. */
    boolean isSecure() {
        return SECURE.contains(scheme);
    }

    /**
     * Whether {@code other} is at or below this path; both have the same origin. A path that a
     * server might read as one elsewhere is below nothing.
     */
    boolean covers(Site other) {
        if (isOrigin()) {
            return true;
        }
        String below = path.endsWith("/") ? path : path + "/";
        return other.isClear() && (other.path.equals(path) || other.path.startsWith(below));
    }

    private boolean isClear() {
        String lower = path.toLowerCase(Locale.ROOT);
        if (UNCLEAR.stream().anyMatch(lower::contains)) {
            return false;
        }
        for (String segment : lower.split("/")) {
            int end = segment.indexOf(';');
            String name = end < 0 ? segment : segment.substring(0, end);
            if (name.equals(".") || name.equals("..")) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return scheme + "://" + shown + ":" + port + (isOrigin() ? "" : path);
    }
}
