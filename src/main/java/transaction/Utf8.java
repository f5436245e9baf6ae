package transaction;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Text in bytes. */
public final class Utf8 {

    private static final char REPLACEMENT = '\ufffd';

    private Utf8() {}

    /** The text; empty if the bytes are not UTF-8. Nothing is replaced. */
    public static Optional<String> decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) >= 0
            && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)
            ? Optional.empty() : Optional.of(text);
    }
}
