package signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** An Ed25519 key, private and public. Immutable; it is never shown. */
public final class SigningKey {

    /** Of a private or a public key (RFC 8032, section 5.1). */
    private static final int BYTES = 32;

    private static final String ALGORITHM = "Ed25519";

    private static final byte[] PROBE = "pactor".getBytes(StandardCharsets.UTF_8);

    private final PrivateKey key;
    private final String publicPart;
    private final String id;

    private SigningKey(PrivateKey key, byte[] publicKey) {
        this.key = key;
        this.publicPart = Base64.getUrlEncoder().withoutPadding().encodeToString(publicKey);
        this.id = thumbprint(publicPart);
    }

    /** A new one. */
    public static SigningKey make() {
        byte[] seed = new byte[BYTES];
        new SecureRandom().nextBytes(seed);
        return ofSeed(seed);
    }

    /**
     * Of what a PEM file says between its lines.
     *
     * @param der PKCS #8
     * @throws IllegalArgumentException if it is no private key of Ed25519
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
        try {
            Signature signing = Signature.getInstance(ALGORITHM);
            signing.initSign(key);
            signing.update(text);
            return signing.sign();
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException("a call cannot be signed", never);
        }
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

    /**
     * The JDK reads private keys and does not tell their public parts, but makes both of what comes
     * from a source of random bytes.
     */
    private static SigningKey ofSeed(byte[] seed) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
            var pair = generator.generateKeyPair();
            if (!belong(pair.getPrivate(), pair.getPublic())
                    || !Arrays.equals(seed, ((EdECPrivateKey) pair.getPrivate()).getBytes()
                        .orElseThrow())) {
                throw new IllegalStateException("this JDK makes another key of the same bytes");
            }
            byte[] encoded = pair.getPublic().getEncoded();
            return new SigningKey(pair.getPrivate(),
                Arrays.copyOfRange(encoded, encoded.length - BYTES, encoded.length));
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException("this JDK has no Ed25519", never);
        }
    }

    private static boolean belong(PrivateKey key, PublicKey other)
            throws GeneralSecurityException {
        Signature signing = Signature.getInstance(ALGORITHM);
        signing.initSign(key);
        signing.update(PROBE);
        byte[] signed = signing.sign();
        signing.initVerify(other);
        signing.update(PROBE);
        return signing.verify(signed);
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

    /** A source of bytes that are known. */
    private static final class Seed extends SecureRandom {

        private static final long serialVersionUID = 1;

        private final byte[] bytes;

        Seed(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(byte[] into) {
            if (into.length != bytes.length) {
                throw new IllegalStateException("this JDK makes its keys otherwise");
            }
            System.arraycopy(bytes, 0, into, 0, bytes.length);
        }
    }
}
