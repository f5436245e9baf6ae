package io.pactor.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A public key of Ed25519, and nothing else: which algorithm is used is not for a call to say. */
final class Ed25519 {

    /** More than a coordinator publishes, and a cluster of them. */
    static final int KEYS_MAX = 256;

    private static final int BYTES = 32;
    private static final int ID_SHOWN = 64;

    /** What stands before the bytes of a key in its encoding (RFC 8410). */
    private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final PublicKey key;

    private Ed25519(PublicKey key) {
        this.key = key;
    }

    /**
     * The keys of a set (RFC 7517), by their thumbprints (RFC 7638); keys of other kinds are left
     * out.
     *
     * @throws IllegalArgumentException if it is no set of keys, or has more than {@link #KEYS_MAX}
     */
    static Map<String, Ed25519> set(String json) {
        if (!(Json.read(json) instanceof Map<?, ?> set
                && set.get("keys") instanceof List<?> keys)) {
            throw new IllegalArgumentException("this is no set of JSON Web Keys");
        }
        if (keys.size() > KEYS_MAX) {
            throw new IllegalArgumentException("a set of more than " + KEYS_MAX + " keys");
        }
        Map<String, Ed25519> found = new HashMap<>();
        for (Object each : keys) {
            if (each instanceof Map<?, ?> key && "OKP".equals(key.get("kty"))
                    && "Ed25519".equals(key.get("crv")) && key.get("x") instanceof String x) {
                found.put(thumbprint(x), of(x));
            }
        }
        return found;
    }

    /** Whether {@code signature} is this key's, of {@code text}. */
    boolean verifies(byte[] text, byte[] signature) {
        try {
            Signature verifying = Signature.getInstance("Ed25519");
            verifying.initVerify(key);
            verifying.update(text);
            return verifying.verify(signature);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("this JVM has no Ed25519", never);
        } catch (GeneralSecurityException wrong) {
            return false;
        }
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }

    /** A name that a stranger may have sent, for a message. */
    static String shown(String id) {
        return id.length() <= ID_SHOWN ? id : id.substring(0, ID_SHOWN) + "…";
    }

    private static Ed25519 of(String x) {
        byte[] bytes = Base64.getUrlDecoder().decode(x);
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a key of Ed25519 has " + BYTES + " bytes");
        }
        byte[] encoded = new byte[PREFIX.length + BYTES];
        System.arraycopy(PREFIX, 0, encoded, 0, PREFIX.length);
        System.arraycopy(bytes, 0, encoded, PREFIX.length, BYTES);
        try {
            return new Ed25519(KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException broken) {
            throw new IllegalArgumentException("this is no key of Ed25519", broken);
        }
    }

    private static String thumbprint(String x) {
        String canonical = Base64.getUrlEncoder().withoutPadding()
            .encodeToString(Base64.getUrlDecoder().decode(x));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(
            sha256(("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + canonical + "\"}")
                .getBytes(StandardCharsets.US_ASCII)));
    }
}
