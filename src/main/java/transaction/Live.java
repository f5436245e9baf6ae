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
        new Live(PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty(), null);

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
    private final PersistentMap<String, CallKey> running;
    private final PersistentMap<CallKey, Instant> paused;
    private final PersistentMap<CallKey, Tried> tries;
    private final Trouble trouble;

    private Live(PersistentMap<String, CallKey> running, PersistentMap<CallKey, Instant> paused,
            PersistentMap<CallKey, Tried> tries, Trouble trouble) {
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
        return paused;
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
        PersistentMap<String, CallKey> all = running;
        for (CallKey key : keys) {
            all = all.with(key.branchId(), key);
        }
        return all == running ? this : new Live(all, paused, tries, trouble);
    }

    /** Without that call, as if it had never been made. */
    public Live ended(CallKey key) {
        return key.equals(running.get(key.branchId()))
            ? new Live(running.without(key.branchId()), paused, tries, trouble) : this;
    }

    Live returned(CallKey key, Outcome outcome) {
        Live rest = ended(key);
        return weight(outcome) > (trouble == null ? 0 : weight(trouble.outcome))
            ? new Live(rest.running, paused, tries, new Trouble(key, outcome)) : rest;
    }

    private static int weight(Outcome outcome) {
        return switch (outcome.kind()) {
            case SUCCESS -> 0;
            case ONGOING, PUT_OFF -> 1;
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
        return new Live(running, paused, tries.with(
            op.key(), new Tried(count, outcome.reason(), isPutOff ? null : now)), trouble);
    }

    /** That operation has got its verdict: how it came to it does not matter any more. */
    Live settled(CallKey key) {
        return new Live(running, paused, tries.without(key), trouble);
    }

    Live pausing(CallKey key, Instant until) {
        return new Live(running, paused.with(key, until), tries, trouble);
    }

    /** With no pause in force any more. */
    Live hurried() {
        return paused.isEmpty() ? this : new Live(running, PersistentMap.empty(), tries, trouble);
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
        return new Live(running, still, tries, null);
    }
}
