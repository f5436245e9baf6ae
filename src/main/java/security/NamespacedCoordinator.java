package security;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.Attempts;
import transaction.CallKey;
import transaction.Command;
import transaction.Coordinator;
import transaction.GlobalTransaction;
import transaction.Reply;
import transaction.Submission;
import transaction.Topics;
import transaction.TransactionId;
import transaction.TransactionIndex;

/**
 * The coordinator as it is in one namespace: whoever uses it says gids, as clients write them, and
 * whatever is in another namespace is as if it were not. Thread-safe; blocks as the coordinator
 * does.
 */
final class NamespacedCoordinator implements Coordinator {

    private final Coordinator all;
    private final String namespace;

    NamespacedCoordinator(Coordinator all, String namespace) {
        this.all = all;
        this.namespace = namespace;
    }

    @Override
    public String newGid() {
        return all.newGid();
    }

    @Override
    public CompletionStage<Reply> send(String gid, Command command) {
        if (isForeign(gid)) {
            return CompletableFuture.completedFuture(command instanceof Command.Look
                ? new Reply.Found(GlobalTransaction.ABSENT, null)
                : new Reply.Invalid("gid has a character that cannot be printed"));
        }
        return all.send(Qualified.id(namespace, gid), Qualified.in(namespace, command));
    }

    /** Also kept from those in {@code default}: it would be an id of another namespace. */
    static boolean isForeign(String gid) {
        return gid.indexOf(TransactionId.SEPARATOR) >= 0;
    }

    /** The token knows its namespace: whoever has it may be known in none. */
    @Override
    public CompletionStage<Reply> complete(
            String gid, CallKey operation, boolean succeeded, String reason, String token) {
        return all.complete(gid, operation, succeeded, reason, token);
    }

    @Override
    public CompletionStage<Hurried> hurryAll(String of, Duration horizon, int limit) {
        return all.hurryAll(namespace, horizon, limit);
    }

    @Override
    public CompletionStage<Submission> planned(Submission asked) {
        return all.planned(Qualified.in(namespace, new Command.Submit(asked)).submission());
    }

    @Override
    public TransactionIndex index() {
        return new NamespacedIndex(all.index(), namespace);
    }

    @Override
    public Attempts attempts() {
        return new NamespacedAttempts(all.attempts(), namespace);
    }

    @Override
    public Topics topics() {
        return all.topics().in(namespace);
    }

    @Override
    public Optional<String> notReadyBecause() {
        return all.notReadyBecause();
    }

    @Override
    public Optional<Reply> refusal() {
        return all.refusal();
    }
}
