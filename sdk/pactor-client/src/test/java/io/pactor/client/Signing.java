package io.pactor.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A coordinator's key, and calls that are signed with it, by the letter of RFC 9421. */
final class Signing {

    static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
    static final String TARGET =
        "/stock/reserve?branch_id=01&gid=order-7&op=action&trans_type=saga";
    static final byte[] BODY = "{\"article\":\"book\"}".getBytes(StandardCharsets.UTF_8);

    private final KeyPair pair;
    final String id;
    final String jwk;

    private Signing(KeyPair pair) {
        this.pair = pair;
        byte[] encoded = pair.getPublic().getEncoded();
        String x = Base64.getUrlEncoder().withoutPadding().encodeToString(
            Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        this.id = Base64.getUrlEncoder().withoutPadding().encodeToString(digest(
            "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}"));
        this.jwk = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" + id + "\",\"x\":\"" + x
            + "\",\"use\":\"sig\"}";
    }

    static Signing withNewKey() {
        try {
            return new Signing(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As a coordinator publishes them. */
    static String set(Signing... keys) {
        return Arrays.stream(keys).map(each -> each.jwk)
            .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    /** A request as its receiver sees it. */
    record Request(String method, String target, Map<String, List<String>> headers, byte[] body) {

        Function<String, List<String>> fields() {
            return headers::get;
        }

        Request with(String header, String... values) {
            Map<String, List<String>> others = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            others.putAll(headers);
            others.put(header, List.of(values));
            return new Request(method, target, others, body);
        }

        /** With {@code to} in place of {@code from} in a header. */
        Request edited(String header, String from, String to) {
            return with(header, headers.get(header).get(0).replace(from, to));
        }

        Request withMethod(String other) {
            return new Request(other, target, headers, body);
        }

        Request withTarget(String other) {
            return new Request(method, other, headers, body);
        }

        Request withBody(byte[] other) {
            return new Request(method, target, headers, other);
        }
    }

    /** The usual call. */
    Request call() {
        return sign("POST", "stock:8080", TARGET, BODY, parameters(NOW));
    }

    Request callAt(Instant created) {
        return sign("POST", "stock:8080", TARGET, BODY, parameters(created));
    }

    Map<String, String> parameters(Instant created) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("created", Long.toString(created.getEpochSecond()));
        all.put("expires", Long.toString(created.plusSeconds(300).getEpochSecond()));
        all.put("keyid", '"' + id + '"');
        all.put("nonce", "\"n-" + created + '"');
        all.put("tag", "\"pactor-call\"");
        return all;
    }

    Request sign(String method, String authority, String target, byte[] body,
            Map<String, String> parameters) {
        return sign(method, authority, target, body, parameters,
            List.of("@method", "@authority", "@path", "@query", "content-digest"), Map.of());
    }

    /** @param fields further headers */
    Request sign(String method, String authority, String target, byte[] body,
            Map<String, String> parameters, List<String> components, Map<String, String> fields) {
        int mark = target.indexOf('?');
        String digest = "sha-256=:" + Base64.getEncoder().encodeToString(digest(body)) + ":";
        String names = components.stream().map(each -> '"' + each + '"')
            .collect(Collectors.joining(" ", "(", ")"));
        String input = names + parameters.entrySet().stream()
            .map(each -> ";" + each.getKey() + "=" + each.getValue()).collect(Collectors.joining());
        List<String> lines = new ArrayList<>();
        for (String name : components) {
            lines.add('"' + name + "\": " + switch (name) {
                case "@method" -> method;
                case "@authority" -> authority.toLowerCase(Locale.ROOT);
                case "@path" -> mark < 0 ? target : target.substring(0, mark);
                case "@query" -> mark < 0 ? "?" : target.substring(mark);
                case "content-digest" -> digest;
                default -> fields.get(name);
            });
        }
        lines.add("\"@signature-params\": " + input);
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.forEach((name, value) -> headers.put(name, List.of(value)));
        headers.put("Host", List.of(authority));
        headers.put("Content-Digest", List.of(digest));
        headers.put("Signature-Input", List.of("pactor=" + input));
        headers.put("Signature", List.of("pactor=:" + sign(String.join("\n", lines)) + ":"));
        return new Request(method, target, headers, body);
    }

    private String sign(String text) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] digest(String text) {
        return digest(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
