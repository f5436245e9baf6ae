package security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sessions of people who have shown a token once. No node keeps any: a session is a text that says
 * by which token it began and when it ends, signed with a key that all nodes over one database
 * share. Who it is for is looked up at each request, so it ends with its token. Thread-safe; no
 * method blocks.
 */
public final class Sessions {

    /** How long the key is. */
    public static final int KEY_BYTES = 32;

    /** A day's work: whoever finds the browser open the next morning finds no session. */
    public static final Duration LENGTH = Duration.ofHours(8);

    private static final byte VERSION = 1;
    private static final int HASH_BYTES = 32;
    private static final int SIGNED_BYTES = 1 + Long.BYTES + HASH_BYTES;
    private static final int BYTES = SIGNED_BYTES + HASH_BYTES;

    /** What a text of this many bytes has; longer ones are not looked at. */
    private static final int CHARS = (BYTES * 4 + 2) / 3;

    private static final String ALGORITHM = "HmacSHA256";
    private static final String SESSION = "pactor session";
    private static final String CSRF = "pactor csrf";

    private final SecretKeySpec key;
    private final InstantSource clock;
    private final Supplier<Identities> identities;

    /**
     * @param key of {@link #KEY_BYTES}
     * @param clock by which they end; those of the nodes should agree within a few minutes
     * @param identities who is known, asked at each request
     */
    public Sessions(byte[] key, InstantSource clock, Supplier<Identities> identities) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has " + KEY_BYTES + " bytes");
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.clock = clock;
        this.identities = identities;
    }

    /** One that counts. @param endsAt from when on it does not */
    public record Session(Access.Known by, Instant endsAt) {}

    /** A new one for whoever shows that token; empty if the token is not among the identities. */
    public Optional<String> begin(String token) {
        return identities.get().ofToken(token).map(caller -> {
            byte[] signed = ByteBuffer.allocate(SIGNED_BYTES).put(VERSION)
                .putLong(clock.instant().plus(LENGTH).toEpochMilli())
                .put(Token.hash(token)).array();
            return text(ByteBuffer.allocate(BYTES).put(signed)
                .put(signature(SESSION, signed)).array());
        });
    }

    /** Whose session it is; empty if it is none, has ended, or its token is no longer known. */
    public Optional<Session> find(String text) {
        byte[] bytes = bytes(text);
        if (bytes.length != BYTES || bytes[0] != VERSION) {
            return Optional.empty();
        }
        byte[] signed = Arrays.copyOf(bytes, SIGNED_BYTES);
        byte[] signature = Arrays.copyOfRange(bytes, SIGNED_BYTES, BYTES);
        if (!MessageDigest.isEqual(signature, signature(SESSION, signed))) {
            return Optional.empty();
        }
        ByteBuffer fields = ByteBuffer.wrap(signed, 1, SIGNED_BYTES - 1);
        Instant endsAt = Instant.ofEpochMilli(fields.getLong());
        byte[] hash = new byte[HASH_BYTES];
        fields.get(hash);
        return !clock.instant().isBefore(endsAt) ? Optional.empty()
            : identities.get().ofTokenHash(hash).map(caller ->
                new Session(new Access.Known(caller, Access.How.SESSION), endsAt));
    }

    /** What a page of this server shows beside the session, and no other page can know. */
    public String csrf(String text) {
        return text(signature(CSRF, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether {@code shown} is the {@link #csrf} of that session. */
    public boolean isCsrf(String text, String shown) {
        return MessageDigest.isEqual(csrf(text).getBytes(StandardCharsets.UTF_8),
            shown.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] signature(String what, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(what.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        try {
            return text.length() == CHARS ? Base64.getUrlDecoder().decode(text) : new byte[0];
        } catch (IllegalArgumentException none) {
            return new byte[0];
        }
    }
}
