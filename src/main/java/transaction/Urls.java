package transaction;

/** Which urls a branch may have: those that the caller can put on the wire, read as it does. */
public final class Urls {

    private Urls() {}

    /**
     * An empty url is always fine: it stands for "nothing to do".
     *
     * @throws InvalidRequest if no call could ever be made to {@code url}
     */
    public static void requireCallable(String what, String url, Protocol protocol) {
        if (url.isEmpty()) {
            return;
        }
        InvalidRequest.atMost(what, url, Limits.URL_CHARS);
        try {
            if (isGrpc(url, protocol)) {
                requireGrpc(url);
            } else {
                HttpUrl.parse(url);
            }
        } catch (InvalidRequest wrong) {
            throw new InvalidRequest(what + " " + wrong.getMessage());
        }
    }

    /** @throws InvalidRequest if {@code op}, of a branch that joins, could never be called */
    static void requireCallable(BranchOp op, Submission asked) {
        requireCallable("the url to " + op.op().wire(), op.url(), asked.protocol());
        requireParams(op.url(), asked.protocol(), op.payload());
        if (isGrpc(op.url(), asked.protocol())) {
            Headers.requireMetadata("branch_id", op.branchId());
            requireCarried(asked.gid(), asked.options());
        }
    }

    /** Whether a call to {@code url} goes over gRPC. */
    static boolean isGrpc(String url, Protocol protocol) {
        return protocol == Protocol.GRPC && !url.isEmpty() && !HttpUrl.isHttp(url);
    }

    /** Whether a call to {@code url} goes out as JSON-RPC. */
    public static boolean isJsonRpc(String url, Protocol protocol) {
        return protocol == Protocol.JSON_RPC && HttpUrl.isHttp(url) && url.contains("method");
    }

    /**
     * What is no object at first sight cannot be the params of a JSON-RPC call. Whether it is one
     * to its end is checked by who can parse it.
     *
     * @throws InvalidRequest if that url is called so, and {@code payload} is no object
     */
    static void requireParams(String url, Protocol protocol, Bytes payload) {
        if (isJsonRpc(url, protocol) && !payload.isEmpty()) {
            String text = payload.toUtf8().strip();
            InvalidRequest.require(text.startsWith("{") || text.equals("null"),
                "a payload is not a JSON object, as JSON-RPC needs it");
        }
    }

    /** @throws InvalidRequest if no call over gRPC can carry this gid and these headers */
    static void requireCarried(String gid, Options options) {
        Headers.requireMetadata("gid", gid);
        options.branchHeaders().forEach(Headers::requireGrpc);
    }

    /** Nothing can configure a discovery yet, so a call to a discovered service is never made. */
    private static void requireGrpc(String url) {
        InvalidRequest.require(GrpcUrl.parse(url).kind() != GrpcUrl.Kind.DISCOVERY,
            "names a service, and no service discovery is configured: "
                + Limits.cut(url, 200));
    }
}
