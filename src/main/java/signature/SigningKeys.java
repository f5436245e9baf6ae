package signature;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The keys of a file, in its order: the last one is the newest. Immutable.
 *
 * @param all at least one, each once
 */
public record SigningKeys(List<SigningKey> all) {

    /** Enough for a change every minute, and few enough for others to keep. */
    public static final int KEYS_MAX = 16;

    private static final Pattern BLOCK = Pattern.compile(
        "-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    public SigningKeys {
        all = List.copyOf(all);
    }

    /**
     * Reads a PEM file.
     *
     * @throws IllegalArgumentException if it has no private key of Ed25519 in PKCS #8, or something
     *     else besides, or more than {@link #KEYS_MAX}
     */
    public static SigningKeys of(List<String> lines) {
        Matcher block = BLOCK.matcher(String.join("\n", lines));
        Map<String, SigningKey> keys = new LinkedHashMap<>();
        while (block.find()) {
            String label = block.group(1);
            if (!label.equals("PRIVATE KEY")) {
                throw new IllegalArgumentException("it has a \"" + label + "\"; what is read is"
                    + " private keys of Ed25519 in PKCS #8, without a password");
            }
            SigningKey key = SigningKey.of(der(block.group(2)));
            // One that was added again is the newest.
            keys.remove(key.id());
            keys.put(key.id(), key);
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("it holds no private key in PEM");
        }
        if (keys.size() > KEYS_MAX) {
            throw new IllegalArgumentException("it holds more than " + KEYS_MAX + " keys");
        }
        return new SigningKeys(new ArrayList<>(keys.values()));
    }

    /** The last one. */
    public SigningKey newest() {
        return all.get(all.size() - 1);
    }

    /** All public parts, as they are published: a set of JSON Web Keys (RFC 7517, section 5). */
    public byte[] published() {
        return all.stream().map(SigningKey::jwk)
            .collect(Collectors.joining(",", "{\"keys\":[", "]}"))
            .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] der(String text) {
        try {
            return Base64.getMimeDecoder().decode(text.strip());
        } catch (IllegalArgumentException broken) {
            throw new IllegalArgumentException("it has a broken private key");
        }
    }
}
