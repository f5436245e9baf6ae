package security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Tokens: made here at random, kept by their callers, and known to the server by their hash alone.
 * A token has 256 random bits, so a plain SHA-256 is enough to keep it from being guessed.
 */
public final class Token {

    /** So that people and tools that look for secrets know one when they see it. */
    public static final String PREFIX = "pactor_";

    /** Longer texts are no tokens of anybody, and are not hashed. */
    public static final int CHARS_MAX = 8_192;

    private static final int BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Token() {}

    /** A new one. */
    public static String make() {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** By which the server knows {@code token}: 32 bytes. */
    public static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256")
                .digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** A hash as a key of a map. Two are compared in constant time. */
    record Hash(byte[] bytes) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Hash hash && MessageDigest.isEqual(bytes, hash.bytes);
        }

        /** Of its beginning, which tells nothing of the token. */
        @Override
        public int hashCode() {
            return ByteBuffer.wrap(bytes).getInt();
        }
    }
}
