package store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import transaction.Context;
import transaction.InvalidRequest;
import transaction.Limits;

/**
 * The cursors of lists as clients see them. Rows of all namespaces are numbered together, so those
 * of another one than {@code default} are encrypted: whoever could read the number of its last row
 * would know how many others had been opened. A cursor is one block, so it needs no nonce.
 */
final class CursorSeal {

    private static final int BYTES = 2 * Long.BYTES;

    /** Empty where no list is shown. */
    private final Optional<SecretKeySpec> key;

    /** @param secret that all nodes share; null if it is not known */
    CursorSeal(byte[] secret) {
        this.key = Optional.ofNullable(secret).map(CursorSeal::key);
    }

    private static SecretKeySpec key(byte[] secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("pactor cursor".getBytes(StandardCharsets.UTF_8));
            return new SecretKeySpec(Arrays.copyOf(digest.digest(secret), BYTES), "AES");
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
        throw new InvalidRequest("no position of a list: " + Limits.cut(text, 100));
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
