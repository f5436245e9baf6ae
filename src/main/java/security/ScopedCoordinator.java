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
import transaction.InvalidRequest;
import transaction.Mode;
import transaction.Reply;
import transaction.Submission;
import transaction.Topics;
import transaction.TransactionIndex;

/**
 * The coordinator as a caller may use it who has a {@link Scope}. What lies outside cannot be
 * changed, and looks like what does not exist. Thread-safe; blocks as the coordinator does.
 */
public final class ScopedCoordinator implements Coordinator {

    private final Coordinator all;
    private final Scope scope;

    private ScopedCoordinator(Coordinator all, Scope scope) {
        this.all = all;
        this.scope = scope;
    }

    /** What {@code caller} may use of {@code all}: it is in its namespace, and in its scope. */
    public static Coordinator of(Coordinator all, Caller caller) {
        Coordinator own = new NamespacedCoordinator(all, caller.namespace());
        return caller.scope().isAll() ? own : new ScopedCoordinator(own, caller.scope());
    }

    @Override
    public String newGid() {
        return scope.prefix().orElse("") + all.newGid();
    }

    @Override
    public CompletionStage<Reply> send(String gid, Command command) {
        if (command instanceof Command.Look) {
            return scope.covers(gid) ? all.send(gid, command).thenApplyAsync(
                this::visible, Runnable::run) : CompletableFuture.completedFuture(absent());
        }
        if (!scope.covers(gid) || !modeOf(command).map(scope::covers)
                .orElse(scope.modes().isEmpty())) {
            return CompletableFuture.completedFuture(outside());
        }
        return command instanceof Command.Abort && !scope.modes().isEmpty()
            ? abort(gid, command) : all.send(gid, command);
    }

    /** Its word on the mode counts for nothing: what is on record is aborted. */
    private CompletionStage<Reply> abort(String gid, Command abort) {
        return all.find(gid).thenComposeAsync(reply -> {
            if (!(reply instanceof Reply.Found found)) {
                return CompletableFuture.completedFuture(reply);
            }
            return found.summary() != null && !scope.covers(found.summary().submission().mode())
                ? CompletableFuture.completedFuture(outside()) : all.send(gid, abort);
        }, Runnable::run);
    }

    private Reply outside() {
        return new Reply.Forbidden(outsideText());
    }

    private String outsideText() {
        return "this is outside of what the caller may do (" + scope + ")";
    }

    /** Whoever has the token of a call may tell its outcome. */
    @Override
    public CompletionStage<Reply> complete(
            String gid, CallKey operation, boolean succeeded, String reason, String token) {
        return all.complete(gid, operation, succeeded, reason, token);
    }

    @Override
    public CompletionStage<Hurried> hurryAll(String namespace, Duration horizon, int limit) {
        throw new IllegalStateException("nobody who has a scope may hurry all");
    }

    @Override
    public CompletionStage<Submission> planned(Submission asked) {
        return scope.covers(asked.gid()) && scope.covers(asked.mode()) ? all.planned(asked)
            : CompletableFuture.failedFuture(new InvalidRequest(outsideText()));
    }

    @Override
    public TransactionIndex index() {
        return new ScopedIndex(all.index(), scope);
    }

    @Override
    public Attempts attempts() {
        return new ScopedAttempts(all.attempts(), index(), scope);
    }

    /** They belong to all of the namespace. */
    @Override
    public Topics topics() {
        return all.topics();
    }

    @Override
    public Optional<String> notReadyBecause() {
        return all.notReadyBecause();
    }

    @Override
    public Optional<Reply> refusal() {
        return all.refusal();
    }

    private Reply visible(Reply reply) {
        return reply instanceof Reply.Found found && found.summary() != null
            && !scope.covers(found.summary().submission().mode()) ? absent() : reply;
    }

    /** As of a gid that nobody has used. */
    private static Reply absent() {
        return new Reply.Found(GlobalTransaction.ABSENT, null);
    }

    private static Optional<Mode> modeOf(Command command) {
        if (command instanceof Command.Prepare prepare) {
            return Optional.of(prepare.submission().mode());
        }
        if (command instanceof Command.Submit submit) {
            return Optional.of(submit.submission().mode());
        }
        if (command instanceof Command.PrepareWorkflow workflow) {
            return Optional.of(workflow.submission().mode());
        }
        if (command instanceof Command.FinishWorkflow) {
            return Optional.of(Mode.WORKFLOW);
        }
        if (command instanceof Command.JoinBranch join) {
            return Optional.of(join.registration().mode());
        }
        return command instanceof Command.Abort abort ? abort.mode() : Optional.empty();
    }
}
