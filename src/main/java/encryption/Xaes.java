package encryption;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * XAES-256-GCM (c2sp.org/XAES-256-GCM): AES-256-GCM under a key that is derived from the first half
 * of a nonce of 24 bytes. Nonces may so be drawn at random for as long as a key is in use; with the
 * 12 bytes of GCM alone that would end after 2^32, which a busy server writes in days.
 */
final class Xaes {

    static final int NONCE_BYTES = 24;
    static final int TAG_BYTES = 16;

    /** The first half of a nonce, from which a key is derived. */
    static final int PREFIX_BYTES = NONCE_BYTES / 2;

    private static final int BLOCK = 16;

    /** Of the field in which the subkey of CMAC is doubled. */
    private static final int POLYNOMIAL = 0x87;

    /** To look one up takes longer than to encrypt a row. */
    private static final ThreadLocal<Cipher> CIPHERS = ThreadLocal.withInitial(() -> {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    });

    private Xaes() {}

    /** What each derivation is mixed with; it depends on the key alone. */
    static byte[] subkey(Key key) {
        try {
            byte[] l = blocks(key).doFinal(new byte[BLOCK]);
            byte[] doubled = new byte[BLOCK];
            for (int i = 0; i < BLOCK; i++) {
                doubled[i] = (byte) (l[i] << 1 | (i + 1 < BLOCK ? (l[i + 1] & 0xff) >>> 7 : 0));
            }
            if (l[0] < 0) {
                doubled[BLOCK - 1] ^= (byte) POLYNOMIAL;
            }
            return doubled;
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /** Writes ciphertext and tag of {@code content} into {@code to}, from {@code at} on. */
    static void encrypt(encryption.Key key, byte[] nonce, byte[] content, byte[][] associated,
            byte[] to, int at) {
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, associated);
            cipher.doFinal(content, 0, content.length, to, at);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /** What was encrypted; null if this is not what was written. */
    static byte[] decrypt(encryption.Key key, byte[] nonce, byte[] from, int at,
            byte[][] associated) {
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, associated)
                .doFinal(from, at, from.length - at);
        } catch (AEADBadTagException other) {
            return null;
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static Cipher cipher(int mode, encryption.Key key, byte[] nonce, byte[][] associated)
            throws GeneralSecurityException {
        Cipher cipher = CIPHERS.get();
        cipher.init(mode, key.derived(Arrays.copyOf(nonce, PREFIX_BYTES)), new GCMParameterSpec(
            8 * TAG_BYTES, nonce, PREFIX_BYTES, NONCE_BYTES - PREFIX_BYTES));
        for (byte[] each : associated) {
            cipher.updateAAD(each);
        }
        return cipher;
    }

    /** The key under which all nonces with that first half are used. */
    static SecretKeySpec derived(Key secret, byte[] subkey, byte[] prefix) {
        byte[] blocks = new byte[2 * BLOCK];
        for (int i = 0; i < 2; i++) {
            int from = i * BLOCK;
            blocks[from + 1] = (byte) (i + 1);
            blocks[from + 2] = 'X';
            System.arraycopy(prefix, 0, blocks, from + 4, PREFIX_BYTES);
            for (int j = 0; j < BLOCK; j++) {
                blocks[from + j] ^= subkey[j];
            }
        }
        try {
            return new SecretKeySpec(blocks(secret).doFinal(blocks), "AES");
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static Cipher blocks(Key key) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key);
        return cipher;
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("this Java cannot encrypt with AES-256-GCM", e);
    }
}
