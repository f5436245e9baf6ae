package transaction;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the host of a transaction knows beyond its facts, and loses when it stops. Immutable.
 *
 * @param running calls that were started and have not returned
 * @param paused operations that wait although nothing was written down, and until when
 * @param trouble the worst that a call brought back in this pass; null if nothing did
 */
public record Live(Set<CallKey> running, Map<CallKey, Instant> paused, Outcome trouble) {

    /** After a start, a restart, a crash. */
    public static final Live NONE = new Live(Set.of(), Map.of(), null);

    public Live {
        running = Set.copyOf(running);
        paused = Map.copyOf(paused);
    }

    /** Whether nothing is running: the pass is over. */
    public boolean isIdle() {
        return running.isEmpty();
    }

    /** Whether a call of that branch is on its way; the next one waits for it. */
    boolean isBusy(String branchId) {
        return running.stream().anyMatch(key -> key.branchId().equals(branchId));
    }

    Live started(Set<CallKey> keys) {
        if (keys.isEmpty()) {
            return this;
        }
        Set<CallKey> all = new HashSet<>(running);
        all.addAll(keys);
        return new Live(all, paused, trouble);
    }

    Live returned(CallKey key, Outcome outcome) {
        Set<CallKey> rest = new HashSet<>(running);
        rest.remove(key);
        return new Live(rest, paused, weight(outcome) > weight(trouble) ? outcome : trouble);
    }

    private static int weight(Outcome outcome) {
        if (outcome == null) {
            return 0;
        }
        return switch (outcome.kind()) {
            case SUCCESS -> 0;
            case ONGOING, PUT_OFF -> 1;
            case FAILURE -> 2;
            case UNKNOWN -> 3;
        };
    }

    Live pausing(CallKey key, Instant until) {
        Map<CallKey, Instant> more = new HashMap<>(paused);
        more.put(key, until);
        return new Live(running, more, trouble);
    }

    /** With no pause in force any more. */
    Live hurried() {
        return new Live(running, Map.of(), trouble);
    }

    /** At the start of a pass: what went wrong in the last one is forgotten, old pauses too. */
    Live forNextPass(Instant now) {
        if (!isIdle() || trouble == null && paused.isEmpty()) {
            return this;
        }
        Map<CallKey, Instant> still = new HashMap<>(paused);
        still.values().removeIf(until -> !until.isAfter(now));
        return new Live(running, still, null);
    }
}
