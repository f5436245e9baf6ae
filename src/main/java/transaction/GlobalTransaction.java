package transaction;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One global transaction as its facts have made it: the state, and questions about it. Immutable.
 *
 * @param submission what was asked for; null while the transaction is absent
 * @param status where it stands; null while it is absent
 * @param ops its operations in the order in which they became known, which is the order clients see
 * @param inquiry the question to the initiator, for the modes that may ask it; null for the others
 * @param undo saga turned back: the branches whose action was enabled, and so may have run
 * @param reason why it turned back or failed; empty otherwise
 * @param result what a workflow returned, as its initiator sent it; empty otherwise
 * @param openedAt when its first fact was written
 * @param submittedAt when it was submitted; null before
 * @param progressAt when a branch last joined, or it was opened; long ago once somebody asked to
 *     look at once
 * @param updatedAt when its last fact was written
 * @param quarantine why its history cannot be trusted; empty if it can
 * @param parked why it does nothing until an operator has it go on; null if it is not so
 * @param paused why it does nothing for a while; null if it is not so
 */
public record GlobalTransaction(
        Submission submission,
        Status status,
        List<BranchOp> ops,
        BranchOp inquiry,
        List<String> undo,
        String reason,
        String result,
        Instant openedAt,
        Instant submittedAt,
        Instant progressAt,
        Instant updatedAt,
        String quarantine,
        Parked parked,
        Paused paused) {

    /** Neither parked nor paused. */
    public GlobalTransaction(Submission submission, Status status, List<BranchOp> ops,
            BranchOp inquiry, List<String> undo, String reason, String result, Instant openedAt,
            Instant submittedAt, Instant progressAt, Instant updatedAt, String quarantine) {
        this(submission, status, ops, inquiry, undo, reason, result, openedAt, submittedAt,
            progressAt, updatedAt, quarantine, null, null);
    }

    /** Before its first fact. */
    public static final GlobalTransaction ABSENT = new GlobalTransaction(
        null, null, List.of(), null, List.of(), "", "", null, null, null, null, "");

    /** After its end, when nothing is kept of it but that its id was used. */
    public static final GlobalTransaction REMOVED = new GlobalTransaction(
        null, null, List.of(), null, List.of(), "removed", "", null, null, null, null, "");

    public boolean isAbsent() {
        return submission == null && !isQuarantined() && !isRemoved();
    }

    public boolean isRemoved() {
        return submission == null && equals(REMOVED);
    }

    public boolean isQuarantined() {
        return !quarantine.isEmpty();
    }

    /** Whether nothing is called until an operator has it go on. */
    public boolean isParked() {
        return parked != null;
    }

    /** Whether nothing is called for a while, as an operator wants. */
    public boolean isPaused() {
        return paused != null;
    }

    /** Whether nothing follows by itself, since it is parked or paused. */
    boolean isHeld() {
        return isParked() || isPaused();
    }

    /** Whether nothing is called until an operator says so, however long that takes. */
    boolean restsForGood() {
        return isParked() || isPaused() && paused.until() == null;
    }

    /** Whether nothing will happen any more. */
    public boolean isFinal() {
        return status != null && status.isFinal() || isRemoved();
    }

    public String gid() {
        return submission.gid();
    }

    /** The gid as its client wrote it: {@link #gid} without the namespace. */
    public String ownGid() {
        return submission.ownGid();
    }

    public Mode mode() {
        return submission.mode();
    }

    public Options options() {
        return submission.options();
    }

    public Stream<BranchOp> ops(Op op) {
        return ops.stream().filter(each -> each.op() == op);
    }

    public boolean all(Op op, BranchStatus status) {
        return ops(op).allMatch(each -> each.status() == status);
    }

    public Optional<BranchOp> first(Op op, BranchStatus status) {
        return ops(op).filter(each -> each.status() == status).findFirst();
    }

    /** The operation of that key, the inquiry included. */
    public Optional<BranchOp> op(CallKey key) {
        if (inquiry != null && inquiry.is(key)) {
            return Optional.of(inquiry);
        }
        int place = place(key);
        return place < 0 ? Optional.empty() : Optional.of(ops.get(place));
    }

    /**
     * Calls to actions that are on record as gone wrong; what the transaction's retry limit
     * counts. An action that has a limit of its own has a count of its own.
     */
    public int actionsRetried() {
        return options().retryCount()
            + ops(Op.ACTION).filter(each -> each.options().retryLimit() == 0)
                .mapToInt(each -> each.backoff().attempts()).sum();
    }

    /** Whether {@code op} has gone wrong so often that the transaction is to be parked. */
    boolean isExhausted(BranchOp op) {
        return options().parksWhenExhausted() && retryLimit(op) > 0 && !op.isSettled()
            && op.awaitedUntil() == null && op.backoff().attempts() > retryLimit(op);
    }

    /** How often {@code op} may go wrong: as was said of it, or of all; 0 is no limit. */
    int retryLimit(BranchOp op) {
        return op.options().retryLimit() > 0 ? op.options().retryLimit()
            : options().retryLimit();
    }

    /** First wait between two tries: the client's, or the server's (protocol section 5.6). */
    public Duration retryInterval(Policy policy) {
        Duration base = policy.retryInterval();
        if (options().retryIntervalSeconds() > 0) {
            base = Duration.ofSeconds(options().retryIntervalSeconds());
        } else if (options().timeoutToFailSeconds() > 0
                && options().timeoutToFailSeconds() < base.toSeconds()) {
            base = Duration.ofSeconds(options().timeoutToFailSeconds());
        }
        return base;
    }

    /** The same of one operation: as an operator said of it, or of all. */
    Duration retryInterval(BranchOp op, Policy policy) {
        int own = op.options().retryIntervalSeconds();
        return own > 0 ? Duration.ofSeconds(own) : retryInterval(policy);
    }

    /** The payloads it holds; one that several operations share counts for each of them. */
    int payloadBytes() {
        return ops.stream().mapToInt(op -> op.payload().size()).sum();
    }

    /** No wait between two tries grows beyond this. */
    Duration longestWait(BranchOp op, Policy policy) {
        Duration base = retryInterval(op, policy);
        return base.compareTo(policy.retryIntervalMax()) > 0 ? base : policy.retryIntervalMax();
    }

    /** The longest wait that one of its unsettled operations has grown to. */
    Duration retryIntervalInForce(Policy policy) {
        Duration base = retryInterval(policy);
        return Stream.concat(ops.stream(), Stream.ofNullable(inquiry))
            .filter(op -> !op.isSettled())
            .map(op -> op.backoff().inForce(retryInterval(op, policy)))
            .max(Duration::compareTo).orElse(base);
    }

    /** Whether a written wait is in force. */
    boolean isWaiting(Instant now) {
        return mode() == Mode.WORKFLOW && !isFinal()
            || Stream.concat(ops.stream(), Stream.ofNullable(inquiry))
                .anyMatch(op -> !op.isSettled() && op.backoff().notBefore().isAfter(now));
    }

    /** Time of a call: as was said of it, or of all, or the server's. */
    Duration requestTimeout(BranchOp op, Policy policy) {
        int said = op.options().requestTimeoutSeconds() > 0
            ? op.options().requestTimeoutSeconds() : options().requestTimeoutSeconds();
        return said > 0 ? Duration.ofSeconds(said) : policy.requestTimeout();
    }

    /** When it is given up if it is still prepared; the server's setting holds if none was sent. */
    Instant preparedUntil(Policy policy) {
        return openedAt.plus(timeoutToFail(policy));
    }

    /** How long it may be prepared. */
    Duration timeoutToFail(Policy policy) {
        return options().timeoutToFailSeconds() > 0
            ? Duration.ofSeconds(options().timeoutToFailSeconds()) : policy.timeoutToFail();
    }

    GlobalTransaction opened(Submission asked, Status first, Instant at) {
        if (!isAbsent()) {
            throw new IllegalStateException("opened twice: " + asked.gid());
        }
        return new GlobalTransaction(asked, first, asked.mode().opsOf(asked, at),
            asked.mode().inquiryOf(asked, at), List.of(), "", "", at,
            first == Status.SUBMITTED ? at : null, at, at, "");
    }

    GlobalTransaction submitted(Submission refined, Instant at) {
        requireMayBecome(Status.SUBMITTED);
        return new GlobalTransaction(refined, Status.SUBMITTED, ops, inquiry, undo, reason, result,
            openedAt, at, progressAt, at, quarantine, parked, paused);
    }

    GlobalTransaction joined(List<BranchOp> joining, Instant at) {
        List<BranchOp> all = new ArrayList<>(ops);
        all.addAll(joining);
        return new GlobalTransaction(submission, status, List.copyOf(all), inquiry, undo, reason,
            result, openedAt, submittedAt, at, at, quarantine, parked, paused);
    }

    /** With the operation of that key replaced. */
    GlobalTransaction with(CallKey key, UnaryOperator<BranchOp> change, Instant at) {
        if (inquiry != null && inquiry.is(key)) {
            return new GlobalTransaction(submission, status, ops, change.apply(inquiry), undo,
                reason, result, openedAt, submittedAt, progressAt, at, quarantine, parked, paused);
        }
        int place = place(key);
        if (place < 0) {
            throw new IllegalStateException("no operation " + key + " in " + name());
        }
        BranchOp[] all = ops.toArray(new BranchOp[0]);
        all[place] = change.apply(all[place]);
        return new GlobalTransaction(submission, status, List.of(all), inquiry, undo, reason,
            result, openedAt, submittedAt, progressAt, at, quarantine, parked, paused);
    }

    /** With no wait in force any more. */
    GlobalTransaction hurried(Instant at) {
        BranchOp asked = inquiry == null ? null : inquiry.waiting(inquiry.backoff().hurried(), at);
        return new GlobalTransaction(submission, status,
            ops.stream()
                .map(op -> op.isSettled() ? op : op.waiting(op.backoff().hurried(), at)).toList(),
            asked, undo, reason, result, openedAt, submittedAt, Instant.EPOCH, at, quarantine,
            parked, paused);
    }

    /** Nothing is called from now on. */
    GlobalTransaction parked(Parked why) {
        return new GlobalTransaction(submission, status, ops, inquiry, undo, reason, result,
            openedAt, submittedAt, progressAt, why.at(), quarantine, why, paused);
    }

    /** It goes on, as if nothing had gone wrong yet. */
    GlobalTransaction unparked(Instant at) {
        return new GlobalTransaction(submission, status,
            ops.stream().map(op -> op.isSettled() ? op : op.waiting(Backoff.NONE, at)).toList(),
            inquiry == null ? null : inquiry.waiting(Backoff.NONE, at), undo, reason, result,
            openedAt, submittedAt, Instant.EPOCH, at, quarantine, null, paused);
    }

    /** Nothing is called from now on until that is over; goes on if {@code why} is null. */
    GlobalTransaction paused(Paused why, Instant at) {
        return new GlobalTransaction(submission, status, ops, inquiry, undo, reason, result,
            openedAt, submittedAt, progressAt, at, quarantine, parked, why);
    }

    GlobalTransaction turnedBack(String why, List<String> enabled, Instant at) {
        requireMayBecome(Status.ABORTING);
        return new GlobalTransaction(submission, Status.ABORTING, ops, inquiry,
            List.copyOf(enabled), why, result, openedAt, submittedAt, progressAt, at, quarantine,
            parked, paused);
    }

    GlobalTransaction became(Status next, String why, String returned, Instant at) {
        requireMayBecome(next);
        return new GlobalTransaction(submission, next, ops, inquiry, undo,
            why.isEmpty() ? reason : why, returned.isEmpty() ? result : returned,
            openedAt, submittedAt, progressAt, at, quarantine, next.isFinal() ? null : parked,
            next.isFinal() ? null : paused);
    }

    GlobalTransaction quarantined(String why) {
        return new GlobalTransaction(submission, status, ops, inquiry, undo, reason, result,
            openedAt, submittedAt, progressAt, updatedAt, why, parked, paused);
    }

    /** Where in {@link #ops} it is; -1 if it is not. */
    private int place(CallKey key) {
        for (int i = 0; i < ops.size(); i++) {
            if (ops.get(i).is(key)) {
                return i;
            }
        }
        return -1;
    }

    /** With each operation, the inquiry included, as somebody is to see it. */
    GlobalTransaction shown(UnaryOperator<BranchOp> as) {
        return new GlobalTransaction(submission, status, ops.stream().map(as).toList(),
            inquiry == null ? null : as.apply(inquiry), undo, reason, result, openedAt,
            submittedAt, progressAt, updatedAt, quarantine, parked, paused);
    }

    private void requireMayBecome(Status next) {
        if (isAbsent() || !next.mayFollow(status)) {
            throw new IllegalStateException(status + " cannot become " + next + ": " + name());
        }
    }

    private String name() {
        return submission == null ? "an absent transaction" : gid();
    }
}
