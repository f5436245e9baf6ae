package signature;

import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Signs with Ed25519 (RFC 8032, 5.1.6) as BouncyCastle has it: the same bytes as the JDK's, in a
 * fraction of the time. Thread-safe.
 */
final class Ed25519Signer {

    static final int KEY_BYTES = Ed25519.SECRET_KEY_SIZE;

    private final byte[] seed;
    private final byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];

    /** @param seed what a private key of Ed25519 is */
    Ed25519Signer(byte[] seed) {
        this.seed = seed.clone();
        Ed25519.generatePublicKey(this.seed, 0, publicKey, 0);
    }

    /** A copy. */
    byte[] publicKey() {
        return publicKey.clone();
    }

    byte[] sign(byte[] text) {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed, 0, publicKey, 0, text, 0, text.length, signature, 0);
        return signature;
    }
}
