package io.pactor.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The signatures that were found good of late, to refuse those that come again. Thread-safe. */
final class RecentNonces {

    private final int most;
    private final Duration kept;
    private final Map<String, Instant> seen = new LinkedHashMap<>();

    /**
     * @param most beyond which the oldest are forgotten; zero to remember none
     * @param kept after which one is too old to be found good anyway
     */
    RecentNonces(int most, Duration kept) {
        this.most = most;
        this.kept = kept;
    }

    /** Whether any are remembered. */
    boolean isOn() {
        return most > 0;
    }

    /** Whether it is here for the first time, as far as is remembered. */
    synchronized boolean isNew(String nonce, Instant now) {
        Iterator<Instant> oldest = seen.values().iterator();
        while (oldest.hasNext()) {
            boolean isOver = oldest.next().plus(kept).isBefore(now);
            if (!isOver && seen.size() <= most) {
                break;
            }
            oldest.remove();
        }
        return seen.putIfAbsent(nonce, now) == null;
    }
}
