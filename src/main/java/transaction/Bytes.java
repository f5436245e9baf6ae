package transaction;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * An immutable run of bytes: a payload exactly as the initiator sent it. Compared by content.
 *
 * <p>Payloads are never parsed or re-encoded on the way to a participant, so they are bytes here
 * and not text.
 */
public final class Bytes {

    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** A copy of {@code content}. */
    public static Bytes of(byte[] content) {
        return content.length == 0 ? EMPTY : new Bytes(content.clone());
    }

    /** The UTF-8 bytes of {@code text}. */
    public static Bytes utf8(String text) {
        return text.isEmpty() ? EMPTY : new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The bytes that {@code text} stands for in standard base64.
     *
     * @throws IllegalArgumentException if it is not base64
     */
    public static Bytes fromBase64(String text) {
        return text.isEmpty() ? EMPTY : new Bytes(Base64.getDecoder().decode(text));
    }

    public boolean isEmpty() {
        return content.length == 0;
    }

    public int size() {
        return content.length;
    }

    /** A copy. */
    public byte[] toArray() {
        return content.clone();
    }

    public String toBase64() {
        return Base64.getEncoder().encodeToString(content);
    }

    /** The bytes read as UTF-8; malformed input becomes the replacement character. */
    public String toUtf8() {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /** The size only: payloads do not belong in logs. */
    @Override
    public String toString() {
        return content.length + " bytes";
    }
}
