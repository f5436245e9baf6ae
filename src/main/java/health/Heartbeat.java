package health;

import java.time.Duration;

/**
 * The signs of life of one part. The watchdog of {@link Guard} counts how often it looked and saw
 * no new one, so a pause of the whole process counts as one look and not as silence.
 *
 * <p>Thread-safe; no method blocks or allocates.
 */
public final class Heartbeat {

    private final String part;
    private final long lateLooks;
    private final long deadLooks;
    private volatile long beats;
    private volatile boolean resting;
    private volatile boolean failing;
    private volatile long missed;
    private long seen;

    Heartbeat(String part, Bounds bounds) {
        this.part = part;
        this.lateLooks = looks(bounds.late());
        this.deadLooks = looks(bounds.dead());
    }

    /**
     * How long a part may be silent.
     *
     * @param late after which the node is not ready
     * @param dead after which the node ends
     */
    public record Bounds(Duration late, Duration dead) {}

    /** The part lives and works. */
    public void beat() {
        beats++;
        resting = false;
        failing = false;
    }

    /** The part has nothing to do; silence means nothing until its next beat. */
    public void rest() {
        failing = false;
        resting = true;
    }

    /** The part has failed and is being started again: the node is not ready until it beats. */
    public void fail() {
        failing = true;
    }

    String part() {
        return part;
    }

    /** Called by the watchdog alone, at its own pace. */
    void look() {
        long now = beats;
        missed = now != seen || resting ? 0 : missed + 1;
        seen = now;
    }

    boolean isLate() {
        return failing || missed > lateLooks;
    }

    boolean isDead() {
        return missed > deadLooks;
    }

    long silentSeconds() {
        return missed * Guard.LOOK.toMillis() / 1_000;
    }

    private static long looks(Duration silence) {
        return silence.toMillis() / Guard.LOOK.toMillis();
    }
}
