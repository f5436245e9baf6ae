package egress;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.Attempts;
import transaction.CallKey;
import transaction.Command;
import transaction.Coordinator;
import transaction.InvalidRequest;
import transaction.Reply;
import transaction.Submission;
import transaction.Topics;
import transaction.TransactionIndex;

/**
 * Refuses, before anything is written, what names somebody who may not be called. What is on
 * record already is not asked about: its calls are.
 */
public final class GuardedCoordinator implements Coordinator {

    private final Coordinator guarded;
    private final EgressGuard guard;
    private final Topics topics;

    public GuardedCoordinator(Coordinator guarded, EgressGuard guard) {
        this.guarded = guarded;
        this.guard = guard;
        this.topics = new GuardedTopics(guarded.topics(), guard);
    }

    @Override
    public CompletionStage<Reply> send(String gid, Command command) {
        try {
            guard.check(command);
        } catch (InvalidRequest refused) {
            return CompletableFuture.completedFuture(new Reply.Invalid(refused.getMessage()));
        }
        return guarded.send(gid, command);
    }

    @Override
    public CompletionStage<Submission> planned(Submission asked) {
        try {
            guard.check(new Command.Submit(asked));
        } catch (InvalidRequest refused) {
            return CompletableFuture.failedFuture(refused);
        }
        return guarded.planned(asked);
    }

    @Override
    public String newGid() {
        return guarded.newGid();
    }

    @Override
    public CompletionStage<Reply> complete(
            String gid, CallKey operation, boolean succeeded, String reason, String token) {
        return guarded.complete(gid, operation, succeeded, reason, token);
    }

    @Override
    public CompletionStage<Hurried> hurryAll(String namespace, Duration horizon, int limit) {
        return guarded.hurryAll(namespace, horizon, limit);
    }

    @Override
    public TransactionIndex index() {
        return guarded.index();
    }

    @Override
    public Attempts attempts() {
        return guarded.attempts();
    }

    @Override
    public Topics topics() {
        return topics;
    }

    @Override
    public Optional<String> notReadyBecause() {
        return guarded.notReadyBecause();
    }

    @Override
    public Optional<Reply> refusal() {
        return guarded.refusal();
    }
}
