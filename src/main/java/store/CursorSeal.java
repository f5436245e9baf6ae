package store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import transaction.Context;
import transaction.InvalidRequest;
import transaction.Limits;

/**
 * The cursors of lists as clients see them. Rows of all namespaces are numbered together, so those
 * of another one than {@code default} are encrypted: whoever could read the number of its last row
 * would know how many others had been opened. A cursor is one block, so it needs no nonce.
 *
 * <p>Cursors in the order of gids are always encrypted: the last row that was read may be one that
 * its reader does not see. The same gid gives the same cursor, so that a page keeps its entity tag.
 */
final class CursorSeal {

    private static final int BYTES = 2 * Long.BYTES;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    /** Empty where no list is shown. */
    private final Optional<SecretKeySpec> key;
    private final Optional<SecretKeySpec> gidKey;
    private final Optional<SecretKeySpec> nonceKey;

    /** @param secret that all nodes share; null if it is not known */
    CursorSeal(byte[] secret) {
        this.key = key(secret, "pactor cursor");
        this.gidKey = key(secret, "pactor cursor of gids");
        this.nonceKey = key(secret, "pactor cursor of gids, nonce");
    }

    private static Optional<SecretKeySpec> key(byte[] secret, String use) {
        if (secret == null) {
            return Optional.empty();
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(use.getBytes(StandardCharsets.UTF_8));
            return Optional.of(
                new SecretKeySpec(Arrays.copyOf(digest.digest(secret), BYTES), "AES"));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** @throws InvalidRequest if {@code text} is no cursor of that namespace */
    Cursor parse(String namespace, String text) {
        if (text.isEmpty() || isPlain(namespace)) {
            return Cursor.parse(text);
        }
        try {
            byte[] sealed = Base64.getUrlDecoder().decode(text);
            if (sealed.length == BYTES) {
                ByteBuffer opened = ByteBuffer.wrap(block(Cipher.DECRYPT_MODE, sealed));
                return new Cursor(opened.getLong(), opened.getLong());
            }
        } catch (IllegalArgumentException broken) {
            // Told below.
        }
        throw refused(text);
    }

    private static InvalidRequest refused(String text) {
        return new InvalidRequest("no position of a list: " + Limits.cut(text, 100));
    }

    String text(String namespace, Cursor cursor) {
        if (isPlain(namespace)) {
            return cursor.text();
        }
        byte[] open = ByteBuffer.allocate(BYTES).putLong(cursor.openedAt()).putLong(cursor.id())
            .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(
            block(Cipher.ENCRYPT_MODE, open));
    }

    /**
     * The gid after which a page in the order of gids begins; empty for the first page.
     *
     * @throws InvalidRequest if {@code text} is no such cursor of that namespace
     */
    String parseGid(String namespace, String text) {
        if (text.isEmpty() || gidKey.isEmpty()) {
            return text;
        }
        try {
            byte[] sealed = Base64.getUrlDecoder().decode(text);
            if (sealed.length <= NONCE_BYTES + TAG_BITS / Byte.SIZE) {
                throw refused(text);
            }
            return new String(gcm(Cipher.DECRYPT_MODE, namespace,
                Arrays.copyOf(sealed, NONCE_BYTES),
                Arrays.copyOfRange(sealed, NONCE_BYTES, sealed.length)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException | GeneralSecurityException broken) {
            throw refused(text);
        }
    }

    /** The cursor of a page in the order of gids that ended with {@code gid}. */
    String textOfGid(String namespace, String gid) {
        if (gidKey.isEmpty()) {
            return gid;
        }
        byte[] open = gid.getBytes(StandardCharsets.UTF_8);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(nonceKey.orElseThrow());
            byte[] nonce = Arrays.copyOf(mac.doFinal(open), NONCE_BYTES);
            byte[] sealed = gcm(Cipher.ENCRYPT_MODE, namespace, nonce, open);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(
                ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has AES and HMAC", impossible);
        }
    }

    private byte[] gcm(int mode, String namespace, byte[] nonce, byte[] bytes)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, gidKey.orElseThrow(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(namespace.getBytes(StandardCharsets.UTF_8));
        return cipher.doFinal(bytes);
    }

    private boolean isPlain(String namespace) {
        return key.isEmpty() || namespace.equals(Context.DEFAULT_NAMESPACE);
    }

    private byte[] block(int mode, byte[] bytes) {
        try {
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(mode, key.orElseThrow());
            return cipher.doFinal(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has AES", impossible);
        }
    }
}
