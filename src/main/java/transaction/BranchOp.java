package transaction;

import java.time.Instant;

/**
 * One operation of one branch: an action, or its compensation, or a confirm.
 *
 * @param branchId the branch it belongs to; opaque
 * @param op which operation
 * @param url whom to call; empty means there is nothing to call and it counts as done
 * @param payload body of the call; for a step that a workflow recorded, its result
 * @param status whether there is a verdict
 * @param backoff how long it waits before it is called again
 * @param reason what the last call that brought no success brought back, or why an operator
 *     settled it by hand; empty once it has succeeded by itself
 * @param createdAt when it became known
 * @param updatedAt when something about it was last written
 * @param triedAt when the last call that brought no verdict came back; null if none has
 * @param tries how many such calls there were
 * @param options how it is called, where that is not as all others are
 * @param awaitedUntil until when its participant wants to complete it by itself, and is not called;
 *     null if it does not
 */
public record BranchOp(
        String branchId,
        Op op,
        String url,
        Bytes payload,
        BranchStatus status,
        Backoff backoff,
        String reason,
        Instant createdAt,
        Instant updatedAt,
        Instant triedAt,
        int tries,
        CallOptions options,
        Instant awaitedUntil) {

    /** Without a call that came back without a verdict. */
    public BranchOp(String branchId, Op op, String url, Bytes payload, BranchStatus status,
            Backoff backoff, String reason, Instant createdAt, Instant updatedAt) {
        this(branchId, op, url, payload, status, backoff, reason, createdAt, updatedAt, null, 0,
            CallOptions.NONE, null);
    }

    /** Known, and not called yet. */
    static BranchOp pending(CallKey key, String url, Bytes payload, Instant at) {
        return pending(key, url, payload, CallOptions.NONE, at);
    }

    /** The same, called in a way of its own. */
    static BranchOp pending(
            CallKey key, String url, Bytes payload, CallOptions options, Instant at) {
        return new BranchOp(key.branchId(), key.op(), url, payload, BranchStatus.PREPARED,
            Backoff.NONE, "", at, at, null, 0, options, null);
    }

    /** The branch id of the step of that index: two digits or more, whatever the locale. */
    static String idOf(int index) {
        return index < 9 ? "0" + (index + 1) : Integer.toString(index + 1);
    }

    public CallKey key() {
        return new CallKey(branchId, op);
    }

    public boolean isSettled() {
        return status != BranchStatus.PREPARED;
    }

    /** Whether it has gone wrong more often than its initiator allows for this one. */
    boolean isBeyondItsLimit() {
        return options.retryLimit() > 0 && !isSettled()
            && backoff.attempts() > options.retryLimit();
    }

    boolean is(CallKey key) {
        return op == key.op() && branchId.equals(key.branchId());
    }

    BranchOp settled(BranchStatus verdict, String why, Instant at) {
        return new BranchOp(
            branchId, op, url, payload, verdict, backoff, why, createdAt, at, triedAt,
            tries, options, null);
    }

    /** After a call that brought no verdict. */
    BranchOp tried(Backoff next, String why, Instant at) {
        return new BranchOp(
            branchId, op, url, payload, status, next, why, createdAt, at, at, tries + 1,
            options, null);
    }

    /** Its participant will say by itself how it went. */
    BranchOp awaited(Instant until, String why, Instant at) {
        return new BranchOp(branchId, op, url, payload, status, backoff, why, createdAt, at, at,
            tries + 1, options, until);
    }

    /** Whether nobody has said how it went, in the time that its participant asked for. */
    boolean hasLapsed(Instant now) {
        return awaitedUntil != null && !isSettled() && (!awaitedUntil.isAfter(now)
            || awaitedUntil.isAfter(now.plus(Limits.CALLBACK_MAX)));
    }

    /** After a call that was not made: what the last one brought back is worth more than why. */
    BranchOp putOff(Backoff next, String why, Instant at) {
        return new BranchOp(branchId, op, url, payload, status, next,
            triedAt == null ? why : reason, createdAt, at, triedAt, tries,
            options, awaitedUntil);
    }

    /** Called otherwise from now on. */
    BranchOp changed(String to, Bytes with, CallOptions how, Instant at) {
        return new BranchOp(branchId, op, to, with, status, backoff, reason, createdAt, at,
            triedAt, tries, how, awaitedUntil);
    }

    BranchOp waiting(Backoff next, Instant at) {
        return new BranchOp(
            branchId, op, url, payload, status, next, reason, createdAt, at, triedAt,
            tries, options, awaitedUntil);
    }

    /** As it is shown: with what its host knows besides, and the wait that is in force. */
    BranchOp shown(Live.Tried known, Instant notBefore) {
        boolean isNews = known.at() != null && (triedAt == null || !known.at().isBefore(triedAt));
        return new BranchOp(branchId, op, url, payload, status,
            new Backoff(backoff.interval(), notBefore, backoff.attempts()),
            isNews ? known.reason() : reason, createdAt, updatedAt,
            isNews ? known.at() : triedAt, Math.max(tries, known.count()), options,
            awaitedUntil);
    }

    /** Whether the same was said of the same branch; times do not matter. */
    boolean sameAs(BranchOp other) {
        return is(other.key()) && url.equals(other.url) && payload.equals(other.payload)
            && status == other.status;
    }
}
