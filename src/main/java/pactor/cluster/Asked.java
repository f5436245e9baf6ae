package pactor.cluster;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import store.StoreException;

/** Answers of the table of nodes that are waited for. */
final class Asked {

    /** For a first look at a database that has just been opened. */
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private Asked() {}

    /** @throws StoreException if there is none in time */
    static <T> T join(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().copy()
                .orTimeout(WITHIN.toSeconds(), TimeUnit.SECONDS).join();
        } catch (RuntimeException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw new StoreException(
                "the table of nodes cannot be used: " + cause.getMessage(), cause);
        }
    }
}
