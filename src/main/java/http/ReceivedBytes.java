package http;

import java.nio.charset.StandardCharsets;
import org.apache.pekko.util.ByteString;

/** Bytes of a connection that have come and have not been handed on. */
final class ReceivedBytes {

    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int from;

    /** Bytes that are here. */
    int size() {
        return bytes.length - from;
    }

    byte at(int index) {
        return bytes[from + index];
    }

    /** Text that is ASCII; other bytes are read as Latin-1. */
    String text(int index, int length) {
        return new String(bytes, from + index, length, StandardCharsets.ISO_8859_1);
    }

    /** @param more must not be changed by anybody else from now on */
    void append(ByteString more) {
        byte[] next = more.toArrayUnsafe();
        if (size() == 0) {
            bytes = next;
        } else {
            byte[] both = new byte[size() + next.length];
            System.arraycopy(bytes, from, both, 0, size());
            System.arraycopy(next, 0, both, size(), next.length);
            bytes = both;
        }
        from = 0;
    }

    /** Hands on the first {@code length}; they are not copied. */
    ByteString take(int length) {
        ByteString taken = from == 0 && length == bytes.length
            ? ByteString.fromArrayUnsafe(bytes)
            : ByteString.fromArrayUnsafe(bytes, from, length);
        skip(length);
        return taken;
    }

    /** Drops the first {@code length}. */
    void skip(int length) {
        from += length;
        if (from == bytes.length) {
            clear();
        }
    }

    /** Moves {@code length} bytes to the left; what they replace is gone. */
    void move(int index, int to, int length) {
        System.arraycopy(bytes, from + index, bytes, from + to, length);
    }

    void clear() {
        bytes = NONE;
        from = 0;
    }
}
