package transaction;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Port, needed: what calls of branches brought, kept with their transaction for people. Of each
 * operation the first {@link Limits#ATTEMPTS_FIRST} are kept and the last
 * {@link Limits#ATTEMPTS_LAST}. Nothing depends on them.
 *
 * <p>Those that something follows from are written with it, as part of its {@link Entry}.
 */
public interface Attempts {

    /**
     * Keeps one that nothing follows from. Does not block. It is written with what others write,
     * soon; a process that dies before loses it, and so does one in which too many wait.
     *
     * @param t as the call found it
     * @param at when it came back
     */
    void note(GlobalTransaction t, Attempt attempt, Instant at);

    /**
     * Those of one transaction, in the order in which they began, whether it has ended or not.
     *
     * @param cursor what the page before gave; empty for the first
     * @param limit 1 to {@link Limits#PAGE_ROWS}
     * @return empty if there is no such transaction, or it was removed; the stage fails with
     *     {@link InvalidRequest} if the cursor is not one of ours
     */
    CompletionStage<Optional<Page>> list(String gid, Filter filter, String cursor, int limit);

    /**
     * Empty fields let everything pass.
     *
     * @param op as on the wire
     */
    record Filter(String branchId, String op) {

        public static final Filter ALL = new Filter("", "");

        public boolean lets(CallKey key) {
            return (branchId.isEmpty() || branchId.equals(key.branchId()))
                && (op.isEmpty() || op.equals(key.op().wire()));
        }
    }

    /**
     * One call, or one that was put off or may not be made.
     *
     * @param number which call of its operation it was, from 1; 0 if it was not made
     */
    record Kept(CallKey key, int number, Instant startedAt, Outcome.Kind outcome, long tookMicros,
            CallRecord record) {}

    /** How many of the calls of an operation are not kept any more. */
    record Skipped(CallKey key, int count) {}

    /**
     * @param skipped all of the transaction that the filter lets pass
     * @param next cursor of the next page; empty if this was the last
     */
    record Page(List<Kept> kept, List<Skipped> skipped, String next) {}
}
