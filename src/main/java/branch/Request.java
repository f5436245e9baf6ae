package branch;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import signature.CallSigner;
import transaction.Bytes;
import transaction.Headers;
import transaction.InvalidRequest;
import transaction.Limits;

/**
 * One request, ready for the wire.
 *
 * @param origin whom it goes to
 * @param wire every byte of it, head and body; not changed after
 * @param timeout time from being sent until the last byte of the answer is read; positive
 * @param kept how much of the answer's beginning is kept, in bytes
 */
record Request(Origin origin, byte[] wire, Duration timeout, int kept) {

    /** Of whose answer as much is kept as a reason needs. */
    Request(Origin origin, byte[] wire, Duration timeout) {
        this(origin, wire, timeout, Limits.ANSWER_KEPT_BYTES);
    }

    /** Of any method; a GET has no body, and a DELETE none if that is empty. */
    static Request of(String method, Target target, Map<String, String> headers, Bytes body,
            Duration timeout, CallSigner signer) throws Unsendable {
        if (!method.equals("GET") && !(method.equals("DELETE") && body.isEmpty())) {
            return withBody(method, target, headers, body, timeout, signer);
        }
        Map<String, String> fields = fields(target, headers);
        sign(signer, method, target, fields, new byte[0]);
        byte[] head = head(method, target, fields).append("\r\n").toString()
                .getBytes(StandardCharsets.ISO_8859_1);
        return new Request(target.origin(), head, timeout);
    }

    /** A POST of {@code body}, which may be empty. */
    static Request post(Target target, Map<String, String> headers, Bytes body, Duration timeout,
            CallSigner signer) throws Unsendable {
        return withBody("POST", target, headers, body, timeout, signer);
    }

    private static Request withBody(String method, Target target, Map<String, String> headers,
            Bytes body, Duration timeout, CallSigner signer) throws Unsendable {
        byte[] content = body.toArray();
        Map<String, String> fields = fields(target, headers);
        sign(signer, method, target, fields, content);
        byte[] head = head(method, target, fields)
                .append("content-length: ").append(content.length).append("\r\n\r\n").toString()
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] wire = new byte[head.length + content.length];
        System.arraycopy(head, 0, wire, 0, head.length);
        System.arraycopy(content, 0, wire, head.length, content.length);
        return new Request(target.origin(), wire, timeout);
    }

    /** What an initiator may have set of the same names gives way. */
    private static void sign(CallSigner signer, String method, Target target,
            Map<String, String> fields, byte[] content) {
        if (signer.isOn()) {
            fields.putAll(signer.sign(CallSigner.Call.of(method, target.origin().secure(),
                    target.hostHeader(), target.path(), target.query(), Map.of()), content));
        }
    }

    private static StringBuilder head(String method, Target target, Map<String, String> fields) {
        StringBuilder head = new StringBuilder(256)
                .append(method).append(' ').append(target.pathAndQuery()).append(" HTTP/1.1\r\n")
                .append("host: ").append(target.hostHeader()).append("\r\n");
        fields.forEach((name, value) ->
                head.append(name).append(": ").append(latin(value)).append("\r\n"));
        return head;
    }

    /** The headers of a request to {@code target}, but for those that frame the message. */
    static Map<String, String> fields(Target target, Map<String, String> headers)
            throws Unsendable {
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.put("accept-encoding", "identity");
        fields.put("content-type", "application/json");
        fields.put("user-agent", "pactor");
        if (target.userInfo().isPresent()) {
            fields.put("authorization", "Basic " + Bytes.utf8(target.userInfo().get()).toBase64());
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            check(header.getKey(), header.getValue());
            if (!Headers.isLeftOut(header.getKey())) {
                // Removed first, so that the initiator's spelling of the name is what goes out.
                fields.remove(header.getKey());
                fields.put(header.getKey(), header.getValue());
            }
        }
        return fields;
    }

    private static void check(String name, String value) throws Unsendable {
        try {
            Headers.requireHttp(name, value);
        } catch (InvalidRequest wrong) {
            throw new Unsendable(wrong.getMessage());
        }
    }

    /**
     * The UTF-8 bytes of {@code value}, one to a character: what is outside ASCII goes out as
     * UTF-8.
     */
    private static String latin(String value) {
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
