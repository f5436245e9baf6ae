package encryption;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;

/** A key of AES-256 with the name by which what it encrypted is told. Thread-safe. */
public final class Key {

    public static final int BYTES = 32;

    /** It stands before each thing that is encrypted, so it is short. */
    public static final int NAME_CHARS = 32;

    /** That two of so many random halves are the same has a chance of 2^-57. */
    private static final int NONCES_OF_A_PREFIX = 1 << 20;

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1," + NAME_CHARS + "}");

    private final String name;
    private final SecretKeySpec secret;
    private final byte[] subkey;
    private volatile Derived last;
    private volatile Prefix drawn;

    private Key(String name, SecretKeySpec secret) {
        this.name = name;
        this.secret = secret;
        this.subkey = Xaes.subkey(secret);
    }

    /**
     * @param name small letters, digits, dots, dashes and underscores, at most {@link #NAME_CHARS}
     * @param secret {@link #BYTES} random bytes; copied
     * @throws IllegalArgumentException if one of them is not so
     */
    public static Key of(String name, byte[] secret) {
        if (!isName(name)) {
            throw new IllegalArgumentException("the name of a key is made of 1 to " + NAME_CHARS
                + " small letters, digits, dots, dashes and underscores");
        }
        if (secret.length != BYTES) {
            throw new IllegalArgumentException(
                "key " + name + " has " + secret.length + " bytes, not " + BYTES);
        }
        return new Key(name, new SecretKeySpec(secret, "AES"));
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    public String name() {
        return name;
    }

    /** Whether both have the same name and the same bytes; takes the same time for any bytes. */
    public boolean isSame(Key other) {
        return name.equals(other.name)
            && MessageDigest.isEqual(secret.getEncoded(), other.secret.getEncoded());
    }

    /** That of many nonces in a row is kept: what one process writes has few prefixes. */
    SecretKeySpec derived(byte[] prefix) {
        Derived known = last;
        if (known == null || !Arrays.equals(known.prefix, prefix)) {
            known = new Derived(prefix, Xaes.derived(secret, subkey, prefix));
            last = known;
        }
        return known.secret;
    }

    /** A new nonce. All of it is random, its first half for many nonces at once. */
    byte[] nonce() {
        Prefix prefix = drawn;
        if (prefix == null || prefix.left.getAndDecrement() <= 0) {
            prefix = new Prefix(random(Xaes.PREFIX_BYTES), new AtomicInteger(NONCES_OF_A_PREFIX));
            drawn = prefix;
        }
        byte[] rest = random(Xaes.NONCE_BYTES - Xaes.PREFIX_BYTES);
        byte[] nonce = Arrays.copyOf(prefix.bytes, Xaes.NONCE_BYTES);
        System.arraycopy(rest, 0, nonce, Xaes.PREFIX_BYTES, rest.length);
        return nonce;
    }

    private static byte[] random(int bytes) {
        byte[] drawn = new byte[bytes];
        RANDOM.nextBytes(drawn);
        return drawn;
    }

    private record Derived(byte[] prefix, SecretKeySpec secret) {}

    private record Prefix(byte[] bytes, AtomicInteger left) {}

    /** Its name alone. */
    @Override
    public String toString() {
        return "key " + name;
    }
}
