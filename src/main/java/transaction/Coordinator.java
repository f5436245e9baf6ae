package transaction;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Port, offered: what a client may ask of the coordinator, whichever way it came. A {@code gid} is
 * one of the namespace {@code default}, or a {@link TransactionId} as text.
 */
public interface Coordinator {

    /** A new id that no transaction has had. */
    String newGid();

    /**
     * Puts a command to the transaction of that gid.
     *
     * <p>Does not block. What could not be carried out in any state ({@link Command#check}) is
     * {@link Reply.Invalid}. The stage completes normally, whatever happened, when the answer is
     * durable; for a client that waits, when the pass it set off is over. It completes on any
     * thread: name an executor for whatever takes long. Topics in a submission are resolved here,
     * at this moment.
     */
    CompletionStage<Reply> send(String gid, Command command);

    /**
     * Tells how an operation went whose participant asked not to be called.
     *
     * @param gid as the participant was told it: without a namespace, which the token knows
     * @param operation which one
     * @param succeeded whether it is done; if not, it is refused
     * @param token that came with its call
     * @return as {@link #send}; {@link Reply.Forbidden} if the token is that of another call
     */
    CompletionStage<Reply> complete(
        String gid, CallKey operation, boolean succeeded, String reason, String token);

    /**
     * Brings forward the next try of transactions of a namespace that are to wait for longer than
     * {@code horizon}, at most {@code limit} of them.
     */
    CompletionStage<Hurried> hurryAll(String namespace, Duration horizon, int limit);

    /**
     * What of {@code asked} would be carried out, with the subscribers of its topics; nothing is
     * begun. The stage fails with {@link InvalidRequest} if it would be refused.
     */
    default CompletionStage<Submission> planned(Submission asked) {
        try {
            return CompletableFuture.completedFuture(asked.checked());
        } catch (InvalidRequest refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** What there is and was. */
    TransactionIndex index();

    /** What calls of branches brought. */
    Attempts attempts();

    Topics topics();

    /** Why no request can be served at present; empty if it can. Does not block. */
    Optional<String> notReadyBecause();

    /**
     * What {@link #send} would answer now to whatever is asked, so that nobody needs to read it
     * first; empty if there is room. It counts as a refusal that was given. Does not block.
     */
    default Optional<Reply> refusal() {
        return Optional.empty();
    }

    /** How many were brought forward, and whether more are left. */
    record Hurried(int count, boolean hasRemaining) {}

    default CompletionStage<Reply> prepare(Submission submission) {
        return send(submission.gid(), new Command.Prepare(submission));
    }

    default CompletionStage<Reply> submit(Submission submission) {
        return send(submission.gid(), new Command.Submit(submission));
    }

    default CompletionStage<Reply> abort(String gid, Mode mode, String reason) {
        return send(gid, new Command.Abort(gid, Optional.of(mode), reason));
    }

    default CompletionStage<Reply> register(BranchRegistration registration) {
        return send(registration.gid(), new Command.JoinBranch(registration));
    }

    /** Answers {@link Reply.Found}. */
    default CompletionStage<Reply> find(String gid) {
        return send(gid, new Command.Look(gid));
    }
}
