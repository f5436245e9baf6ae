package transaction;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the host of a transaction knows beyond its facts, and loses when it stops. Immutable. A
 * question costs the same however many calls are running; a change copies one of the maps.
 */
public final class Live {

    /** After a start, a restart, a crash. */
    public static final Live NONE =
        new Live(Map.of(), Map.of(), Map.of(), null);

    /**
     * Calls of one operation that brought no verdict, since its host knows it.
     *
     * @param count their number, those on record included
     * @param reason what the last one brought back
     * @param at when it came back; null if none has
     */
    record Tried(int count, String reason, Instant at) {

        static final Tried NEVER = new Tried(0, "", null);
    }

    /** What went wrong, and with which operation. */
    record Trouble(CallKey key, Outcome outcome) {}

    /** By branch: there is one call of a branch at a time. */
    private final Map<String, CallKey> running;
    private final Map<CallKey, Instant> paused;
    private final Map<CallKey, Tried> tries;
    private final Trouble trouble;

    private Live(Map<String, CallKey> running, Map<CallKey, Instant> paused,
            Map<CallKey, Tried> tries, Trouble trouble) {
        this.running = running;
        this.paused = paused;
        this.tries = tries;
        this.trouble = trouble;
    }

    /** Calls that were started and have not returned. */
    public Set<CallKey> running() {
        return Set.copyOf(running.values());
    }

    /** Operations that wait although nothing was written down, and until when. */
    public Map<CallKey, Instant> paused() {
        return Map.copyOf(paused);
    }

    /** The worst that a call brought back in this pass; null if nothing did. */
    Trouble trouble() {
        return trouble;
    }

    Tried tried(CallKey key) {
        return tries.getOrDefault(key, Tried.NEVER);
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
        if (keys.isEmpty()) {
            return this;
        }
        Map<String, CallKey> all = new HashMap<>(running);
        keys.forEach(key -> all.put(key.branchId(), key));
        return new Live(all, paused, tries, trouble);
    }

    /** Without that call, as if it had never been made. */
    public Live ended(CallKey key) {
        return key.equals(running.get(key.branchId()))
            ? new Live(without(running, key.branchId()), paused, tries, trouble) : this;
    }

    Live returned(CallKey key, Outcome outcome) {
        Live rest = ended(key);
        return weight(outcome) > (trouble == null ? 0 : weight(trouble.outcome))
            ? new Live(rest.running, paused, tries, new Trouble(key, outcome)) : rest;
    }

    private static int weight(Outcome outcome) {
        return switch (outcome.kind()) {
            case SUCCESS -> 0;
            case ONGOING, PUT_OFF, FORBIDDEN -> 1;
            case FAILURE -> 2;
            case UNKNOWN -> 3;
        };
    }

    /** A call of that operation came back without a verdict. */
    Live trying(BranchOp op, Outcome outcome, Instant now) {
        Tried before = tried(op.key());
        boolean isPutOff = outcome.kind() == Outcome.Kind.PUT_OFF;
        if (isPutOff && before.at() != null) {
            return this;
        }
        int count = Math.max(op.tries(), before.count()) + (isPutOff ? 0 : 1);
        Tried last = new Tried(count, outcome.reason(), isPutOff ? null : now);
        return new Live(running, paused, with(tries, op.key(), last), trouble);
    }

    /** That operation has got its verdict: how it came to it does not matter any more. */
    Live settled(CallKey key) {
        return tries.containsKey(key)
            ? new Live(running, paused, without(tries, key), trouble) : this;
    }

    Live pausing(CallKey key, Instant until) {
        return new Live(running, with(paused, key, until), tries, trouble);
    }

    /** With no pause in force any more. */
    Live hurried() {
        return paused.isEmpty() ? this : new Live(running, Map.of(), tries, trouble);
    }

    /** At the start of a pass: what went wrong in the last one is forgotten, old pauses too. */
    Live forNextPass(Instant now) {
        if (!isIdle() || trouble == null && paused.isEmpty()) {
            return this;
        }
        Map<CallKey, Instant> still = new HashMap<>(paused);
        still.values().removeIf(until -> !until.isAfter(now));
        return new Live(running, still, tries, null);
    }

    private static <K, V> Map<K, V> with(Map<K, V> map, K key, V value) {
        Map<K, V> more = new HashMap<>(map);
        more.put(key, value);
        return more;
    }

    private static <K, V> Map<K, V> without(Map<K, V> map, K key) {
        Map<K, V> less = new HashMap<>(map);
        less.remove(key);
        return less;
    }
}
