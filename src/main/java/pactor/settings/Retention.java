package pactor.settings;

import actors.Sweeper;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import transaction.Limits;
import transaction.Mode;

/**
 * How long what has ended is kept, and how fast the rest is removed: the tree {@code
 * pactor.retention}. Immutable.
 *
 * @param enabled whether the server removes anything
 * @param keep how long a finished transaction stays, by the name of its mode
 * @param refuse how long the id of a removed transaction cannot be used again
 * @param interval from the end of one round of removals to the next
 * @param batch transactions removed in one database transaction
 * @param perSecond transactions removed in a second, at most
 */
public record Retention(
        boolean enabled,
        Map<String, Duration> keep,
        Duration refuse,
        Duration interval,
        int batch,
        int perSecond) {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(3_650);

    static Retention read(SettingsReader from) {
        Duration all = from.duration("retention.keep", SECOND, LONGEST);
        Map<String, Duration> keep = new LinkedHashMap<>();
        for (Mode mode : Mode.ALL) {
            String key = "retention.keep-" + mode.wire();
            keep.put(mode.wire(), from.text(key).isBlank() ? all
                : from.duration(key, SECOND, LONGEST));
        }
        return new Retention(from.flag("retention.enabled"), Map.copyOf(keep),
            from.duration("retention.refuse", Duration.ZERO, LONGEST),
            from.duration("retention.interval", Duration.ofMillis(100), Duration.ofDays(1)),
            from.integer("retention.batch", 1, Limits.PAGE_ROWS),
            from.integer("retention.per-second", 1, 1_000_000));
    }

    /** How long a finished transaction of that mode stays. */
    public Duration keep(Mode mode) {
        return keep.get(mode.wire());
    }

    public Sweeper.Terms terms() {
        return new Sweeper.Terms(enabled, this::keep, refuse, interval, batch, perSecond);
    }
}
