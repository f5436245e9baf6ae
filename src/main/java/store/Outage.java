package store;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database answers whoever writes the journal. An outage is two lines in the log, one
 * when it begins and one when it is over, however many writes fail meanwhile.
 *
 * <p>For one thread, but for {@link #trouble}.
 */
final class Outage {

    /** A write that takes longer than this is the first sign of a database that has gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    private volatile boolean away;
    private volatile long askedAt;
    private long since;
    private long failed;

    /** Why nothing can be written; without what the driver says, which is not for everybody. */
    Optional<String> trouble() {
        if (away) {
            return Optional.of("the database cannot be written");
        }
        long asked = askedAt;
        long waited = asked == 0 ? 0 : System.nanoTime() - asked;
        return waited < PATIENCE.toNanos() ? Optional.empty() : Optional.of(
            "the database has not answered for " + TimeUnit.NANOSECONDS.toSeconds(waited) + " s");
    }

    /** Something was asked of the database just now. */
    void asked() {
        askedAt = System.nanoTime() | 1;
    }

    /** It has answered, or it is no longer waited for. */
    void answered() {
        askedAt = 0;
    }

    /** It cannot be reached, or takes no writes. */
    void began(String reason) {
        if (!away) {
            since = System.nanoTime();
            failed = 0;
            away = true;
            LOG.warn("database away since {}: {}",
                Instant.now().truncatedTo(ChronoUnit.MILLIS), reason);
        }
    }

    /** Counts writes that have failed. @return false if there is no outage, so they need a word */
    boolean counts(int writes) {
        failed += writes;
        return away;
    }

    /** It has taken a write, or answers again. */
    void over() {
        if (away) {
            away = false;
            LOG.info("database back after {} s; {} writes failed meanwhile",
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since), failed);
        }
    }
}
