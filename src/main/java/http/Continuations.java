package http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Continuing stages of others with the executor named: the stages that Pekko hands out would start
 * a thread for each continuation on machines with few processors.
 */
final class Continuations {

    /** For what costs next to nothing: it runs where the stage was completed. */
    private static final Executor THERE = Runnable::run;

    private Continuations() {}

    static <T> CompletionStage<T> now(T value) {
        return CompletableFuture.completedFuture(value);
    }

    static <T, R> CompletionStage<R> then(CompletionStage<T> stage, Function<T, R> next) {
        return stage.thenApplyAsync(next, THERE);
    }

    /** What was thrown, without the wrapping that stages put around it. */
    static Throwable cause(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause() : thrown;
    }
}
