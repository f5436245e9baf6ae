package pactor.doctor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work that may hang, in a thread of its own that does not keep the process alive. */
public final class Bounded {

    private Bounded() {}

    /**
     * Runs {@code work} and waits for its end. Blocks for {@code within} at most; the work goes on
     * by itself then, and is interrupted.
     *
     * @return whether it has ended in time
     * @throws RuntimeException as {@code work} threw it
     */
    public static boolean run(Duration within, Runnable work) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                work.run();
                end.complete(null);
            } catch (RuntimeException | Error thrown) {
                end.completeExceptionally(thrown);
            }
        }, "pactor-doctor");
        thread.setDaemon(true);
        thread.start();
        try {
            end.get(within.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException late) {
            thread.interrupt();
            return false;
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException known ? known
                : new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
