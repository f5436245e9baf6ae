package actors;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Keeps a read that never returns from holding up whoever waits for it. */
final class Deadline {

    /**
     * For one read of an actor in the background, which is tried again later. Longer than the
     * database's own time-outs, so that mostly these say what went wrong.
     */
    static final Duration READ = Duration.ofSeconds(20);

    private Deadline() {}

    /** {@code read}, or a {@link TimeoutException} when it takes too long. */
    static <T> CompletionStage<T> on(CompletionStage<T> read, Duration within) {
        return read.toCompletableFuture().copy()
            .orTimeout(within.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** {@code failure} in words for the log. */
    static String words(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof TimeoutException && cause.getMessage() == null
            ? "no answer in time" : cause.toString();
    }
}
