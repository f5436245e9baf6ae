package security;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a file says, which may change while the server runs. A file that becomes unreadable or wrong
 * changes nothing, and is a line in the log. Reading what it says costs a volatile read.
 *
 * @param <T> what it says; immutable
 */
public final class ReloadedFile<T> implements Supplier<T> {

    /** The longest file. */
    public static final int BYTES_MAX = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ReloadedFile.class);

    private final Path path;
    private final Function<List<String>, T> parser;
    private byte[] seen;
    private byte[] half = {};
    private String complaint = "";
    private volatile T value;

    private ReloadedFile(Path path, Function<List<String>, T> parser, byte[] bytes) {
        this.path = path;
        this.parser = parser;
        this.seen = bytes;
        this.value = parser.apply(lines(bytes));
    }

    /**
     * Reads {@code path}. Blocks.
     *
     * @param parser of its lines; throws {@link IllegalArgumentException} if it is wrong
     * @throws IllegalArgumentException if it is wrong, or longer than {@link #BYTES_MAX}
     * @throws IOException if it cannot be read
     */
    public static <T> ReloadedFile<T> read(Path path, Function<List<String>, T> parser)
            throws IOException {
        return new ReloadedFile<>(path, parser, bytes(path));
    }

    @Override
    public T get() {
        return value;
    }

    /**
     * Looks at the file, and takes over what has changed. Never throws. Blocks.
     *
     * @return whether it says something else now
     */
    public synchronized boolean check() {
        try {
            byte[] now = bytes(path);
            if (Arrays.equals(now, seen)) {
                complaint = "";
                return false;
            }
            if (mayBeHalf(now) && !Arrays.equals(now, half)) {
                half = now;
                return false;
            }
            value = parser.apply(lines(now));
            seen = now;
            complaint = "";
            LOG.info("{} has changed and is in force", path);
            return true;
        } catch (IOException | RuntimeException wrong) {
            String text = wrong instanceof IllegalArgumentException ? wrong.getMessage()
                : wrong.toString();
            if (!text.equals(complaint)) {
                complaint = text;
                LOG.error("{} cannot be used; what it said before stays in force: {}", path, text);
            }
            return false;
        }
    }

    /**
     * Half a line can say more than the whole: "client" for "client:orders-*". So one without an
     * end counts when it is still the same at the next look.
     */
    private static boolean mayBeHalf(byte[] bytes) {
        return bytes.length > 0 && bytes[bytes.length - 1] != '\n';
    }

    private static byte[] bytes(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new IllegalArgumentException("it is longer than " + BYTES_MAX + " bytes");
            }
            return bytes;
        }
    }

    private static List<String> lines(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()
                .lines().toList();
        } catch (CharacterCodingException noText) {
            throw new IllegalArgumentException("it is not UTF-8");
        }
    }
}
