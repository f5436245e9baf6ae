package io.pactor.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Begins and ends a transaction whose branches the application calls itself: TCC, XA. Used by one
 * thread, once.
 */
final class Demarcation {

    /** Whoever has failed is not held up longer; the coordinator rolls back in time by itself. */
    private static final Duration ABORT_MAX = Duration.ofSeconds(5);

    private final Pactor pactor;
    private final String mode;
    private final String gid;
    private final Handling handling = new Handling();
    private Duration branchTimeout;
    private boolean isUsed;

    /**
     * What the application does between begin and end.
     *
     * @param <X> what it may throw
     */
    interface Body<X extends Exception> {

        void run(OwnBranches branches) throws X;
    }

    Demarcation(Pactor pactor, String mode, String gid) {
        this.pactor = pactor;
        this.mode = mode;
        this.gid = Gid.check(gid);
        this.branchTimeout = pactor.transport().settings().requestTimeout();
    }

    String gid() {
        return gid;
    }

    Handling handling() {
        return handling;
    }

    /** Of the calls to branches; by default as long as a request to the coordinator. */
    void branchTimeout(Duration limit) {
        branchTimeout = Pactor.checkTime(limit);
    }

    /** How long an end may take that was given no time. */
    Duration timeout() {
        return pactor.transport().settings().timeout();
    }

    /**
     * Begins, runs {@code body}, and ends: submits if it returns, aborts if it throws. Blocks.
     *
     * @param time how long to wait for the end, after the body
     * @throws X as the body throws
     */
    <X extends Exception> Outcome run(Duration time, Body<X> body) throws X {
        Pactor.checkTime(time);
        if (isUsed) {
            throw new IllegalStateException(mode + " " + gid + " was run before");
        }
        isUsed = true;
        Submission submission = submission();
        Operation begin = pactor.operation(gid);
        Answer begun = begin.await(
            pactor.transport().send(submission.request("prepare", false), begin));
        if (Refusal.isRepeat(begun)) {
            return watched(submission, time);
        }
        if (!begun.isDone()) {
            throw Refusal.of(gid, begun);
        }
        OwnBranches branches =
            new OwnBranches(pactor, mode, gid, "", handling.headers(), branchTimeout);
        try {
            body.run(branches);
            branches.end();
        } catch (BranchRefusedException e) {
            return refused(submission, e, time);
        } catch (Throwable e) {
            abortAfter(e);
            throw e;
        }
        Operation end = Pactor.operation(gid, time);
        return end.await(submission.submitAndWait(end)); // From here on nothing is aborted.
    }

    private Submission submission() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("gid", gid);
        body.put("trans_type", mode);
        handling.writeTo(body);
        return new Submission(pactor, gid, body, handling.needs(), Work.of(mode));
    }

    private Outcome watched(Submission submission, Duration time) {
        Operation operation = Pactor.operation(gid, time);
        return operation.await(new Settling(submission, operation).watch());
    }

    private Outcome refused(Submission submission, BranchRefusedException refusal, Duration time) {
        Operation operation = pactor.operation(gid);
        Answer answer = operation.await(
            pactor.transport().send(abort(refusal.getMessage()), operation));
        if (!answer.isDone() && !Refusal.isRepeat(answer)) {
            throw Refusal.of(gid, answer);
        }
        return watched(submission, time);
    }

    /** Best effort: what the body threw is what the caller must hear. */
    private void abortAfter(Throwable thrown) {
        Duration allowed = timeout();
        Operation operation = Operation.of(gid, allowed.compareTo(ABORT_MAX) < 0 ? allowed
            : ABORT_MAX);
        CompletableFuture<Answer> aborted =
            pactor.transport().send(abort(String.valueOf(thrown.getMessage())), operation);
        if (Thread.currentThread().isInterrupted()) {
            return; // It is on its way; an interrupted thread must not wait, and would call it off.
        }
        try {
            Answer answer = operation.await(aborted);
            if (!answer.isDone() && !Refusal.isRepeat(answer)) {
                thrown.addSuppressed(Refusal.of(gid, answer));
            }
        } catch (RuntimeException e) {
            thrown.addSuppressed(e);
        }
    }

    private Request abort(String reason) {
        return Request.post(Transport.PATH + "abort",
            Map.of("gid", gid, "trans_type", mode, "rollback_reason", reason));
    }
}
