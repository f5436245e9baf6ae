package signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** An Ed25519 key, private and public. Immutable; it is never shown. */
public final class SigningKey {

    private static final String ALGORITHM = "Ed25519";

    private final PrivateKey key;
    private final Ed25519Signer signer;
    private final String publicPart;
    private final String id;

    private SigningKey(PrivateKey key, Ed25519Signer signer) {
        this.key = key;
        this.signer = signer;
        this.publicPart =
            Base64.getUrlEncoder().withoutPadding().encodeToString(signer.publicKey());
        this.id = thumbprint(publicPart);
    }

    /** A new one. */
    public static SigningKey make() {
        byte[] seed = new byte[Ed25519Signer.KEY_BYTES];
        new SecureRandom().nextBytes(seed);
        return ofSeed(seed);
    }

    /**
     * Of what a PEM file says between its lines.
     *
     * @param der PKCS #8
     * @throws IllegalArgumentException if it is no private key of Ed25519, or BouncyCastle is not
     *     on the class path
     */
    static SigningKey of(byte[] der) {
        try {
            PrivateKey key =
                KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(der));
            return ofSeed(((EdECPrivateKey) key).getBytes().orElseThrow());
        } catch (InvalidKeySpecException other) {
            throw new IllegalArgumentException("there is a private key that is not of Ed25519: "
                + "openssl genpkey -algorithm ed25519 makes one that is");
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }

    /** How it is known to others: the thumbprint of its public part (RFC 7638). */
    public String id() {
        return id;
    }

    /** Signs {@code text}. Takes some time of the processor. Thread-safe. */
    byte[] sign(byte[] text) {
        return signer.sign(text);
    }

    /** Its public part as JSON (RFC 8037). */
    String jwk() {
        return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" + id + "\",\"x\":\"" + publicPart
            + "\",\"use\":\"sig\"}";
    }

    /** Its private part as a PEM file has it. */
    public String pem() {
        return "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getEncoder().encodeToString(key.getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    }

    /** Two of the same name are the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SigningKey that && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /** Its name alone. */
    @Override
    public String toString() {
        return "SigningKey[" + id + "]";
    }

    private static SigningKey ofSeed(byte[] seed) {
        try {
            PrivateKey key = KeyFactory.getInstance(ALGORITHM).generatePrivate(
                new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
            return new SigningKey(key, new Ed25519Signer(seed));
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException("this JDK has no Ed25519", never);
        } catch (NoClassDefFoundError absent) {
            throw new IllegalArgumentException("keys that sign need"
                + " org.bouncycastle:bcprov-jdk18on, which an application that embeds Pactor adds");
        }
    }

    private static String thumbprint(String publicPart) {
        String json = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + publicPart + "\"}";
        return Base64.getUrlEncoder().withoutPadding().encodeToString(
            sha256(json.getBytes(StandardCharsets.US_ASCII)));
    }

    static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }
}
