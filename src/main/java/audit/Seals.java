package audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the seals of rows: SHA-256 of their canonical bytes, or with a key HMAC-SHA-256, which
 * nobody can make again without it. Immutable.
 */
public final class Seals {

    /** Without any key. */
    public static final Seals UNKEYED = new Seals(Map.of(), "");

    /** As many as the digest has; longer ones gain nothing. */
    public static final int KEY_BYTES_MIN = 32;

    /** The longest file of keys. */
    public static final int FILE_BYTES_MAX = 64 << 10;

    private static final int NAME_DIGITS = 16;

    private final Map<String, byte[]> keys;
    private final String current;

    private Seals(Map<String, byte[]> keys, String current) {
        this.keys = keys;
        this.current = current;
    }

    /**
     * With the keys of a file: a line each, in hex. The last one seals; the others are there to
     * check what was sealed with them. Empty lines and those after a {@code #} are passed over.
     * Blocks.
     *
     * @throws IllegalArgumentException with what is wrong with it
     * @throws IOException if it cannot be read
     */
    public static Seals of(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IllegalArgumentException(
                "it is longer than " + FILE_BYTES_MAX + " bytes");
        }
        return of(Files.readAllLines(file));
    }

    /** The same of the lines themselves. */
    static Seals of(List<String> lines) {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        String last = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("#.*", "").strip();
            if (!line.isEmpty()) {
                byte[] key = key(line, i + 1);
                last = HexFormat.of().formatHex(sha256(key)).substring(0, NAME_DIGITS);
                keys.put(last, key);
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("there is no key in it");
        }
        return new Seals(keys, last);
    }

    private static byte[] key(String line, int number) {
        try {
            byte[] key = HexFormat.of().parseHex(line);
            if (key.length >= KEY_BYTES_MIN) {
                return key;
            }
        } catch (IllegalArgumentException noHex) {
            // Told below, without the line: it may be most of a key.
        }
        throw new IllegalArgumentException("line " + number + ": a key is at least "
            + 2 * KEY_BYTES_MIN + " digits in hex, as \"openssl rand -hex 32\" makes them");
    }

    /** The name of the key that seals; empty for none. */
    public String current() {
        return current;
    }

    public boolean isKeyed() {
        return !current.isEmpty();
    }

    /** The row after the one with the seal {@code former}. */
    public Row seal(long number, long at, Act act, String former) {
        Row row = new Row(number, at, act, current, former, "");
        return row.sealed(made(row).orElseThrow());
    }

    /** The seal that {@code row} should have; empty if its key is not known here. */
    Optional<String> made(Row row) {
        if (row.key().isEmpty()) {
            return Optional.of(HexFormat.of().formatHex(sha256(row.canonical())));
        }
        return Optional.ofNullable(keys.get(row.key())).map(key ->
            HexFormat.of().formatHex(hmac(key, row.canonical())));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException(never);
        }
    }

    private static byte[] hmac(byte[] key, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException never) {
            throw new IllegalStateException(never);
        }
    }
}
