package signature;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Verifies signed calls as a participant in any language can: by RFC 9421, and with nothing of the
 * code that makes them.
 */
public final class Proof {

    private static final Pattern INPUT = Pattern.compile("pactor=(\\(([^)]*)\\);(.*))");
    private static final Pattern KEY =
        Pattern.compile("\"kid\":\"([^\"]+)\",\"x\":\"([^\"]+)\"");

    /**
     * What a good signature says.
     *
     * @param parameters with strings in their quotation marks
     */
    public record Signed(List<String> components, Map<String, String> parameters) {

        /** The key that made it. */
        public String keyId() {
            return parameters.get("keyid").replace("\"", "");
        }
    }

    private final Map<String, byte[]> keys = new TreeMap<>();

    /** @param published the keys, as they are published */
    public Proof(String published) {
        Matcher key = KEY.matcher(published);
        while (key.find()) {
            keys.put(key.group(1), Base64.getUrlDecoder().decode(key.group(2)));
        }
    }

    /**
     * Of a request over HTTP.
     *
     * @param target path and query
     * @throws AssertionError if it is not signed as it is
     */
    public Signed of(String method, String target, Function<String, String> headers, byte[] body) {
        return of(method, headers.apply("host"), target, headers, body);
    }

    /** Of a request as its bytes were. */
    public Signed ofText(String request) {
        String[] parts = request.split("\r\n\r\n", 2);
        String[] lines = parts[0].split("\r\n");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            String[] field = lines[i].split(": ", 2);
            String before = headers.put(field[0], field[1]);
            if (before != null) {
                throw new AssertionError(field[0] + " stands twice");
            }
        }
        String[] first = lines[0].split(" ");
        return of(first[0], first[1], headers::get, parts[1].getBytes(StandardCharsets.UTF_8));
    }

    /** Of a call over gRPC. @param method service and method */
    public Signed ofGrpc(String method, String authority, Function<String, String> metadata,
            byte[] message) {
        return of("POST", authority, "/" + method, metadata,
            ByteBuffer.allocate(5 + message.length).put((byte) 0).putInt(message.length)
                .put(message).array());
    }

    private Signed of(String method, String authority, String target,
            Function<String, String> headers, byte[] content) {
        Matcher input = INPUT.matcher(String.valueOf(headers.apply("signature-input")));
        if (!input.matches()) {
            throw new AssertionError("not signed: " + headers.apply("signature-input"));
        }
        Map<String, String> parameters = new TreeMap<>();
        for (String parameter : input.group(3).split(";")) {
            int equals = parameter.indexOf('=');
            parameters.put(parameter.substring(0, equals), parameter.substring(equals + 1));
        }
        int mark = target.indexOf('?');
        List<String> components = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (String name : input.group(2).replace("\"", "").split(" ")) {
            components.add(name);
            text.append('"').append(name).append("\": ").append(switch (name) {
                case "@method" -> method;
                case "@authority" -> authority;
                case "@path" -> mark < 0 ? target : target.substring(0, mark);
                case "@query" -> mark < 0 ? "?" : target.substring(mark);
                default -> headers.apply(name);
            }).append('\n');
        }
        text.append("\"@signature-params\": ").append(input.group(1));
        Signed signed = new Signed(components, parameters);
        String signature = headers.apply("signature");
        require(signature.startsWith("pactor=:") && signature.endsWith(":"), signature);
        verify(keys.get(signed.keyId()), text.toString(), Base64.getDecoder().decode(
            signature.substring("pactor=:".length(), signature.length() - 1)));
        require(headers.apply("content-digest").equals("sha-256=:"
            + Base64.getEncoder().encodeToString(sha256(content)) + ":"), "the digest differs");
        return signed;
    }

    private static void verify(byte[] key, String text, byte[] signature) {
        require(key != null, "nobody has published the key");
        try {
            Signature verifying = Signature.getInstance("Ed25519");
            verifying.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(
                new X509EncodedKeySpec(HexFormat.of().parseHex(
                    "302a300506032b6570032100" + HexFormat.of().formatHex(key)))));
            verifying.update(text.getBytes(StandardCharsets.UTF_8));
            require(verifying.verify(signature), "not the signature of\n" + text);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static void require(boolean isRight, String what) {
        if (!isRight) {
            throw new AssertionError(what);
        }
    }
}
