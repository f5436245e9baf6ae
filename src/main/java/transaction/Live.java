package transaction;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * What the host of a transaction knows beyond its facts, and loses when it stops. Immutable. A
 * question and a change cost the same however many calls are running.
 */
public final class Live {

    /** After a start, a restart, a crash. */
    public static final Live NONE =
        new Live(PersistentMap.empty(), PersistentMap.empty(), null);

    /** By branch: there is one call of a branch at a time. */
    private final PersistentMap<String, CallKey> running;
    private final PersistentMap<CallKey, Instant> paused;
    private final Outcome trouble;

    private Live(PersistentMap<String, CallKey> running, PersistentMap<CallKey, Instant> paused,
            Outcome trouble) {
        this.running = running;
        this.paused = paused;
        this.trouble = trouble;
    }

    /** Calls that were started and have not returned. */
    public Set<CallKey> running() {
        return Set.copyOf(running.values());
    }

    /** Operations that wait although nothing was written down, and until when. */
    public Map<CallKey, Instant> paused() {
        return paused;
    }

    /** The worst that a call brought back in this pass; null if nothing did. */
    Outcome trouble() {
        return trouble;
    }

    /** Whether nothing is running: the pass is over. */
    public boolean isIdle() {
        return running.isEmpty();
    }

    /** Whether a call of that branch is on its way; the next one waits for it. */
    boolean isBusy(String branchId) {
        return running.containsKey(branchId);
    }

    public Live started(Collection<CallKey> keys) {
        PersistentMap<String, CallKey> all = running;
        for (CallKey key : keys) {
            all = all.with(key.branchId(), key);
        }
        return all == running ? this : new Live(all, paused, trouble);
    }

    /** Without that call, as if it had never been made. */
    public Live ended(CallKey key) {
        return key.equals(running.get(key.branchId()))
            ? new Live(running.without(key.branchId()), paused, trouble) : this;
    }

    Live returned(CallKey key, Outcome outcome) {
        Live rest = ended(key);
        return weight(outcome) > weight(trouble)
            ? new Live(rest.running, paused, outcome) : rest;
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
        return new Live(running, paused.with(key, until), trouble);
    }

    /** With no pause in force any more. */
    Live hurried() {
        return paused.isEmpty() ? this : new Live(running, PersistentMap.empty(), trouble);
    }

    /** At the start of a pass: what went wrong in the last one is forgotten, old pauses too. */
    Live forNextPass(Instant now) {
        if (!isIdle() || trouble == null && paused.isEmpty()) {
            return this;
        }
        PersistentMap<CallKey, Instant> still = paused;
        for (Map.Entry<CallKey, Instant> each : paused.entrySet()) {
            still = each.getValue().isAfter(now) ? still : still.without(each.getKey());
        }
        return new Live(running, still, null);
    }
}
