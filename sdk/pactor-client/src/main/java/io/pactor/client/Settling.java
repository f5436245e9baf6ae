package io.pactor.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A submit that waits for the end of its transaction.
 *
 * <p>Only a 200 is believed alone. A 409 may be a refusal, a repeat, or (on DTM) a transaction that
 * is still running; 425, 500 and silence say nothing. So after anything else the record decides,
 * and it is asked again until the transaction has ended or the time is over.
 */
final class Settling {

    /** The first wait between two looks at the record: most sagas take some milliseconds. */
    static final Duration LOOK_FIRST = Duration.ofMillis(50);

    /** What a caller waits too long at most; retries of the coordinator are seconds apart. */
    static final Duration LOOK_MAX = Duration.ofSeconds(1);

    /** With less than this left another look is not worth a request. */
    static final Duration LOOK_MIN = Duration.ofMillis(20);

    private final Submission submission;
    private final Operation operation;
    private final CompletableFuture<Outcome> result = new CompletableFuture<>();
    private Duration pause = LOOK_FIRST;
    private Outcome.InProgress known;
    private boolean isWatching;

    Settling(Submission submission, Operation operation) {
        this.submission = submission;
        this.operation = operation;
    }

    CompletableFuture<Outcome> start() {
        submit();
        return result;
    }

    /** The same without a submit: it, or its opposite, is on record already. */
    CompletableFuture<Outcome> watch() {
        isWatching = true;
        look(null);
        return result;
    }

    private void submit() {
        then(submission.pactor().transport().send(submission.request("submit", true), operation),
            this::answered);
    }

    private void answered(Answer answer) {
        if (answer.isDone()) {
            result.complete(new Outcome.Succeeded(submission.gid()));
        } else if (Refusal.isFinal(answer)) {
            result.completeExceptionally(Refusal.of(submission.gid(), answer));
        } else {
            if (answer.status() == 425 || answer.status() == 500) {
                known = new Outcome.InProgress(submission.gid(), "", answer.message());
            }
            look(answer.status() == 409 ? answer : null);
        }
    }

    /** @param refusal what the record is to explain; null if nothing */
    private void look(Answer refusal) {
        then(submission.pactor().find(submission.gid(), operation), found -> seen(found, refusal));
    }

    private void seen(Optional<TransactionView> found, Answer refusal) {
        found.ifPresent(submission.work()::check);
        boolean isMissing = found.isEmpty() || found.get().status().equals("prepared");
        if (isMissing && refusal != null) {
            result.completeExceptionally(Refusal.of(submission.gid(), refusal));
        } else if (isMissing && !isWatching) {
            later(this::submit); // It never came, so it is sent again: the same gid, the same work.
        } else {
            ended(found.orElseThrow(() -> new RejectedException(submission.gid(), 404,
                "transaction " + submission.gid() + " is no longer on record")).outcome());
        }
    }

    private void ended(Outcome outcome) {
        if (outcome instanceof Outcome.InProgress open) {
            known = open;
            later(() -> look(null));
        } else {
            result.complete(outcome);
        }
    }

    private void later(Runnable next) {
        Duration left = operation.left();
        if (left.compareTo(LOOK_MIN) < 0) {
            timeIsOver(null);
            return;
        }
        Duration most = left.multipliedBy(3).dividedBy(4); // The last look needs time, too.
        Duration wait = pause.compareTo(most) < 0 ? pause : most;
        Duration longer = pause.multipliedBy(3).dividedBy(2);
        pause = longer.compareTo(LOOK_MAX) < 0 ? longer : LOOK_MAX;
        CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS,
            submission.pactor().transport().settings().executor()).execute(() -> guarded(next));
    }

    private <T> void then(CompletableFuture<T> future, Consumer<T> next) {
        future.whenComplete((value, thrown) -> {
            Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
            if (cause instanceof UnavailableException) {
                timeIsOver((UnavailableException) cause);
            } else if (cause != null) {
                result.completeExceptionally(cause);
            } else {
                guarded(() -> next.accept(value));
            }
        });
    }

    private void guarded(Runnable next) {
        try {
            next.run();
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    /** A transaction that was seen is there, even if nobody can be asked any more. */
    private void timeIsOver(UnavailableException cause) {
        if (known != null) {
            result.complete(known);
        } else {
            result.completeExceptionally(cause != null ? cause : new UnavailableException(
                submission.gid(), "no answer to the submit; " + operation.mayBe(), null));
        }
    }
}
