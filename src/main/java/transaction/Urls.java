package transaction;

/** Which urls a branch may have. */
final class Urls {

    private Urls() {}

    /**
     * An empty url is always fine: it stands for "nothing to do".
     *
     * @throws InvalidRequest if no call could ever be made to {@code url}
     */
    static void requireCallable(String what, String url, Protocol protocol) {
        if (url.isEmpty()) {
            return;
        }
        boolean http = url.startsWith("http://") || url.startsWith("https://");
        if (!http && protocol == Protocol.GRPC) {
            requireGrpc(what, url);
            return;
        }
        InvalidRequest.require(http,
            what + " must start with http:// or https://: " + Limits.cut(url, 200));
        InvalidRequest.require(Chars.none(url, c -> c <= ' ' || c == 0x7f),
            what + " has a blank or a control character");
        InvalidRequest.require(!authority(url).isEmpty(),
            what + " names no host: " + Limits.cut(url, 200));
    }

    private static void requireGrpc(String what, String url) {
        try {
            GrpcUrl.parse(url);
        } catch (InvalidRequest wrong) {
            throw new InvalidRequest(what + ": " + wrong.getMessage());
        }
    }

    /** Not {@code java.net.URI}: it takes no underscore in a host, and service names have them. */
    private static String authority(String url) {
        String rest = url.substring(url.indexOf("://") + 3);
        int end = 0;
        while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        return rest.substring(0, end);
    }
}
