package signature;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Signs calls to participants: the headers that go along with each. Thread-safe. */
public final class CallSigner {

    /** Signs nothing. */
    public static final CallSigner NONE = new CallSigner(Optional.empty(), Clock.systemUTC());

    /** How long a signature is good: a call may wait in queues of proxies, and clocks differ. */
    public static final Duration VALID = Duration.ofMinutes(5);

    /** By this a participant finds ours among the signatures of others. */
    public static final String TAG = "pactor-call";

    private static final String LABEL = "pactor";
    private static final String DIGEST = "content-digest";

    private final Optional<Supplier<SigningKey>> key;
    private final Clock clock;
    private final byte[] process = new byte[Long.BYTES];
    private final AtomicLong calls = new AtomicLong();

    /** @param key asked for each call; does not block */
    public CallSigner(Supplier<SigningKey> key, Clock clock) {
        this(Optional.of(key), clock);
    }

    private CallSigner(Optional<Supplier<SigningKey>> key, Clock clock) {
        this.key = key;
        this.clock = clock;
        new SecureRandom().nextBytes(process);
    }

    /** A request, as its receiver will see it. */
    public record Call(String method, String authority, String path, String query,
            Map<String, String> fields) {

        /**
         * @param authority host and port as the request names them
         * @param isSecure whether it is sent over TLS
         * @param query without its question mark; empty if there is none
         * @param fields which headers are signed, with their values
         */
        public static Call of(String method, boolean isSecure, String authority, String path,
                String query, Map<String, String> fields) {
            String port = isSecure ? ":443" : ":80";
            String lower = authority.toLowerCase(Locale.ROOT);
            return new Call(method, lower.endsWith(port)
                ? lower.substring(0, lower.length() - port.length()) : lower, path, query, fields);
        }
    }

    /** Whether it signs. */
    public boolean isOn() {
        return key.isPresent();
    }

    /**
     * The headers that prove {@code call}, by their names in lower case; none if nothing is signed.
     * Takes some time of the processor.
     *
     * @param content the bytes of its body, in parts; changed by nobody
     */
    public Map<String, String> sign(Call call, byte[]... content) {
        if (key.isEmpty()) {
            return Map.of();
        }
        String digest = "sha-256=" + StructuredText.bytes(SigningKey.sha256(content));
        Map<String, String> signed = new LinkedHashMap<>();
        signed.put("@method", call.method);
        signed.put("@authority", call.authority);
        signed.put("@path", call.path);
        signed.put("@query", "?" + call.query);
        signed.put(DIGEST, digest);
        signed.putAll(call.fields);
        Message message = new Message(signed);
        SigningKey signing = key.get().get();
        long created = clock.instant().getEpochSecond();
        String parameters = message.names() + ";created=" + created
            + ";expires=" + (created + VALID.toSeconds())
            + ";keyid=" + StructuredText.string(signing.id())
            + ";nonce=" + StructuredText.string(nonce())
            + ";tag=" + StructuredText.string(TAG);
        byte[] text = message.text(parameters).getBytes(StandardCharsets.UTF_8);
        return Map.of(DIGEST, digest,
            "signature-input", LABEL + "=" + parameters,
            "signature", LABEL + "=" + StructuredText.bytes(signing.sign(text)));
    }

    /** Never twice, so that each attempt of a call has a signature of its own. */
    private String nonce() {
        byte[] bytes = new byte[2 * Long.BYTES];
        System.arraycopy(process, 0, bytes, 0, process.length);
        long call = calls.incrementAndGet();
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[Long.BYTES + i] = (byte) (call >>> 8 * (Long.BYTES - 1 - i));
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
