package encryption;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is encrypted, as it is kept: a byte for the form, a byte for the length of the key's name,
 * the name, the nonce, ciphertext and tag. All that stands before the ciphertext is authenticated
 * too, and so is the place for which it was encrypted.
 */
public final class Envelope {

    private static final byte FORM = 1;
    private static final int HEAD_BYTES = 2;
    private static final String NO_ENVELOPE = "not what was written: nothing encrypted is there";

    private Envelope() {}

    /** The bytes that an envelope has besides its content, at most. */
    public static final int EXTRA_BYTES =
        HEAD_BYTES + Key.NAME_CHARS + Xaes.NONCE_BYTES + Xaes.TAG_BYTES;

    /**
     * Encrypts {@code content}. Any thread.
     *
     * @param place where it will be kept: only there it can be decrypted
     */
    public static byte[] seal(Key key, byte[] content, byte[] place) {
        byte[] name = key.name().getBytes(StandardCharsets.US_ASCII);
        byte[] nonce = key.nonce();
        int at = HEAD_BYTES + name.length;
        byte[] sealed = new byte[at + nonce.length + content.length + Xaes.TAG_BYTES];
        sealed[0] = FORM;
        sealed[1] = (byte) name.length;
        System.arraycopy(name, 0, sealed, HEAD_BYTES, name.length);
        System.arraycopy(nonce, 0, sealed, at, nonce.length);
        Xaes.encrypt(key, nonce, content, new byte[][] {Arrays.copyOf(sealed, at), place}, sealed,
            at + nonce.length);
        return sealed;
    }

    /**
     * What was encrypted for {@code place}. Any thread.
     *
     * @throws MissingKey if the key is not there
     * @throws Undecipherable if this is not what was written
     */
    public static byte[] open(Keyring keys, byte[] sealed, byte[] place) {
        String name = keyName(sealed);
        int at = HEAD_BYTES + name.length();
        Key key = keys.find(name).orElseThrow(() -> new MissingKey(name));
        byte[] nonce = Arrays.copyOfRange(sealed, at, at + Xaes.NONCE_BYTES);
        byte[] content = Xaes.decrypt(key, nonce, sealed, at + nonce.length,
            new byte[][] {Arrays.copyOf(sealed, at), place});
        if (content == null) {
            throw new Undecipherable("not what was written in this place with key " + name);
        }
        return content;
    }

    /**
     * The name of the key.
     *
     * @throws Undecipherable if this is no envelope
     */
    public static String keyName(byte[] sealed) {
        int length = sealed.length < HEAD_BYTES ? 0 : sealed[1];
        if (length < 1 || length > Key.NAME_CHARS || sealed[0] != FORM
                || sealed.length < HEAD_BYTES + length + Xaes.NONCE_BYTES + Xaes.TAG_BYTES) {
            throw new Undecipherable(NO_ENVELOPE);
        }
        String name = new String(sealed, HEAD_BYTES, length, StandardCharsets.US_ASCII);
        if (!Key.isName(name)) {
            throw new Undecipherable(NO_ENVELOPE);
        }
        return name;
    }
}
