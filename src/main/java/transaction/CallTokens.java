package transaction;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that go along with calls, and show that whoever completes one was called. A token is bound
 * to a transaction, a branch and an operation: it is made of these and of the moment at which the
 * transaction was opened, under a key, so that nobody stores it. It is the same for each attempt of
 * an operation, since a job that the first attempt began speaks for the operation all the same. One
 * of another namespace than {@code default} ends in its name, since a participant knows the gid
 * alone.
 *
 * <p>Any thread.
 */
public final class CallTokens {

    /** Of the key: as many as the hash has. */
    public static final int KEY_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    /** Half of the hash: nobody guesses 128 bits. */
    private static final int PROOF_BYTES = 16;

    private static final int TOKEN_BYTES = Long.BYTES + PROOF_BYTES;

    /** Before a namespace: no base64 has it. */
    private static final char OF_NAMESPACE = '.';

    /** Only cloned: to look for the algorithm and to take in the key costs more than the hash. */
    private final Mac keyed;

    /** @param key {@link #KEY_BYTES} random bytes, the same on each node of a cluster */
    public CallTokens(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes");
        }
        try {
            this.keyed = Mac.getInstance(ALGORITHM);
            keyed.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
        }
    }

    /** The token of an operation of the transaction with that id, which was opened then. */
    public String of(String gid, CallKey operation, Instant openedAt) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, openedAt);
        ByteBuffer token = ByteBuffer.allocate(TOKEN_BYTES).putLong(micros)
            .put(proof(gid, operation, micros), 0, PROOF_BYTES);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
        String namespace = TransactionId.namespaceOf(gid);
        return namespace.equals(Context.DEFAULT_NAMESPACE) ? text
            : text + OF_NAMESPACE + namespace;
    }

    /** The id of the transaction with that gid of which {@code token} speaks, if it is one. */
    public static String idOf(String token, String ownGid) {
        int end = token.indexOf(OF_NAMESPACE);
        return end < 0 || ownGid.indexOf(TransactionId.SEPARATOR) >= 0 ? ownGid
            : new TransactionId(token.substring(end + 1), ownGid).text();
    }

    /** When the transaction was opened, if {@code token} is one of ours for that operation. */
    public Optional<Instant> openedAt(String token, String gid, CallKey operation) {
        byte[] bytes;
        try {
            int end = token.indexOf(OF_NAMESPACE);
            bytes = Base64.getUrlDecoder().decode(end < 0 ? token : token.substring(0, end));
        } catch (IllegalArgumentException broken) {
            return Optional.empty();
        }
        if (bytes.length != TOKEN_BYTES) {
            return Optional.empty();
        }
        long micros = ByteBuffer.wrap(bytes).getLong();
        byte[] expected = Arrays.copyOf(proof(gid, operation, micros), PROOF_BYTES);
        byte[] found = Arrays.copyOfRange(bytes, Long.BYTES, TOKEN_BYTES);
        return MessageDigest.isEqual(expected, found)
            ? Optional.of(Instant.EPOCH.plus(micros, ChronoUnit.MICROS)) : Optional.empty();
    }

    private byte[] proof(String gid, CallKey operation, long micros) {
        try {
            Mac mac = (Mac) keyed.clone();
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(micros).array());
            add(mac, operation.op().wire());
            add(mac, operation.branchId());
            add(mac, gid);
            return mac.doFinal();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("the JDK's own can be cloned", impossible);
        }
    }

    /** With its length before it, so that no two rows of texts are one run of bytes. */
    private static void add(Mac mac, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        mac.update(bytes);
    }
}
