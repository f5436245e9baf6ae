package oidc;

import com.nimbusds.jose.JWSHeader;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer as they were last fetched, and when to fetch them again. Thread-safe; only
 * {@link #fetchIfDue} blocks.
 *
 * <p>A key that is not known may be a new one. So whoever shows it is told to wait until a fetch
 * that began after that has answered, and is refused only then.
 */
final class IssuerKeys {

    /**
     * Ids of unknown keys that are remembered; the oldest goes first. Anybody can invent some, as
     * long as a token. One that is forgotten is told to wait once more.
     */
    static final int ASKED_MAX = 100;

    private static final String UNKNOWN = "the key of this token is not known yet";

    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

    private final KeySource source;
    private final Duration refresh;
    private final Duration retry;
    private final Duration keep;
    private final LongSupplier nanoTime;
    private final Runnable wake;
    private final Map<String, Long> asked = new LinkedHashMap<>() {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > ASKED_MAX;
        }
    };

    private volatile Fetched fetched;
    private boolean isWanted = true;
    private boolean hasBegun;
    private long begun;
    private String complaint = "";

    /** @param begun when that was asked for */
    private record Fetched(List<VerifyingKey> keys, long begun) {}

    /** What is known of a key. */
    sealed interface Answer {}

    /** One of these, or none. */
    record Known(List<VerifyingKey> keys) implements Answer {}

    /** The issuer does not have it. */
    record Missing() implements Answer {}

    /** The issuer has not said yet. */
    record Unsure(String why) implements Answer {}

    /**
     * @param rules of which only the times count
     * @param wake is told that {@link #fetchIfDue} has something to do; must not block
     */
    IssuerKeys(KeySource source, OidcRules rules, LongSupplier nanoTime, Runnable wake) {
        this.source = source;
        this.refresh = rules.refresh();
        this.retry = rules.retry();
        this.keep = rules.keepKeys();
        this.nanoTime = nanoTime;
        this.wake = wake;
    }

    Answer find(JWSHeader header) {
        Fetched now = fetched;
        if (now == null) {
            return new Unsure("the keys of the issuer of tokens have not been read yet");
        }
        if (nanoTime.getAsLong() - now.begun > refresh.plus(keep).toNanos()) {
            return new Unsure("the keys of the issuer of tokens could not be read for too long");
        }
        List<VerifyingKey> fitting =
            now.keys.stream().filter(key -> key.fits(header)).toList();
        return fitting.isEmpty() ? unknown(now, String.valueOf(header.getKeyID()))
            : new Known(fitting);
    }

    private Answer unknown(Fetched last, String id) {
        long now = nanoTime.getAsLong();
        synchronized (this) {
            Long first = asked.get(id);
            if (first != null && last.begun - first > 0
                    && now - last.begun < retry.toNanos()) {
                return new Missing();
            }
            if (first == null || last.begun - first > 0) {
                asked.remove(id);
                asked.put(id, now);
            }
            if (isWanted) {
                // Somebody has asked already: it is fetched as soon as it may be.
                return new Unsure(UNKNOWN);
            }
            isWanted = true;
        }
        wake.run();
        return new Unsure(UNKNOWN);
    }

    /** Fetches the keys if it is time to. Never throws but an Error. Blocks. */
    void fetchIfDue() {
        long now = nanoTime.getAsLong();
        synchronized (this) {
            boolean isOld = fetched == null || now - fetched.begun >= refresh.toNanos();
            boolean mayNow = !hasBegun || now - begun >= retry.toNanos();
            if (!mayNow || !isOld && !isWanted) {
                return;
            }
            hasBegun = true;
            begun = now;
            isWanted = false;
        }
        try {
            List<VerifyingKey> keys = source.fetch();
            if (fetched == null || !complaint.isEmpty()) {
                LOG.info("the keys of the issuer of tokens are read: {}", keys.size());
            }
            complaint = "";
            fetched = new Fetched(keys, now);
        } catch (IOException | RuntimeException wrong) {
            again();
            String text = wrong instanceof IOException ? wrong.getMessage() : wrong.toString();
            if (!text.equals(complaint)) {
                complaint = text;
                LOG.error("the keys of the issuer of tokens cannot be read; {}: {}",
                    fetched == null ? "its tokens are answered 503" : "the former ones count",
                    text);
            }
        }
    }

    /** Who waits for a key goes on waiting. */
    private synchronized void again() {
        isWanted = true;
    }
}
