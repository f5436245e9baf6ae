package audit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where acts are put on record, one after another. Thread-safe. */
@FunctionalInterface
public interface AuditLog {

    /** Keeps nothing, for parts that run without a store. */
    AuditLog NONE = act -> CompletableFuture.completedFuture(0L);

    /**
     * Appends a row. Does not block.
     *
     * @return its number once it is durable; fails if it may not be
     */
    CompletionStage<Long> write(Act act);
}
