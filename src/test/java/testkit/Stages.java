package testkit;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import transaction.TestControls;

/** Waits in a test. */
final class Stages {

    /** Far beyond what anything takes on a busy machine. */
    private static final long PATIENCE_SECONDS = 30;

    private static final Duration LOOK = Duration.ofMillis(2);

    private Stages() {}

    /** Until no call is under way, as long as a call may take. */
    static void awaitRest(TestControls controls) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!controls.isAtRest()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("a call is still under way");
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }
}
