package branch;

import health.Guard;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import transaction.BranchCall;
import transaction.Outcome;

/**
 * Makes calls where their signatures hold up no one else: one costs more than the rest of a call.
 * Threads are made when there is something to sign. Safe from any thread.
 */
final class SigningThreads implements Executor, AutoCloseable {

    /** What waits is signed within a second or two by one thread; more is a backlog. */
    static final int QUEUE_MAX = 10_000;

    private static final long IDLE_SECONDS = 60;

    private static final Logger LOG = LoggerFactory.getLogger(SigningThreads.class);

    private final ThreadPoolExecutor threads;

    SigningThreads(int count) {
        this(count, QUEUE_MAX);
    }

    SigningThreads(int count, int queueMax) {
        this(count, queueMax, Guard.passive());
    }

    /** @param guard is told of an Error on one of them */
    SigningThreads(int count, int queueMax, Guard guard) {
        threads = new ThreadPoolExecutor(count, count, IDLE_SECONDS, TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queueMax), guard.threads("pactor-signing"));
        threads.allowCoreThreadTimeOut(true);
    }

    /** As many as carry bytes by default: each signs some thousands of calls a second. */
    static int usual() {
        return CallSettings.defaults().ioThreads();
    }

    /** Does {@code making}, which makes {@code call}; without room for it, it is put off. */
    CompletionStage<Outcome> make(BranchCall call, Supplier<CompletionStage<Outcome>> making) {
        CompletableFuture<Outcome> made = new CompletableFuture<>();
        try {
            threads.execute(() -> make(call, making, made));
        } catch (RejectedExecutionException full) {
            made.complete(Outcome.putOff("url:" + call.url() + ": " + (threads.isShutdown()
                    ? HttpTransport.STOPPED : "too many calls wait for their signature")));
        }
        return made;
    }

    /** @throws RejectedExecutionException if there is no room for it, or they have been closed */
    @Override
    public void execute(Runnable task) {
        threads.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException bug) {
                // Whoever gave it is told by itself; the thread goes on.
                LOG.error("what was to be signed has failed", bug);
            }
        });
    }

    /** What waits is still made, and told that calls have been stopped. Does not wait for it. */
    @Override
    public void close() {
        threads.shutdown();
    }

    private static void make(BranchCall call, Supplier<CompletionStage<Outcome>> making,
            CompletableFuture<Outcome> made) {
        try {
            making.get().whenComplete((outcome, thrown) -> {
                if (thrown == null) {
                    made.complete(outcome);
                } else {
                    failed(call, thrown, made);
                }
            });
        } catch (Throwable thrown) {
            failed(call, thrown, made);
            if (thrown instanceof Error fatal) {
                throw fatal;
            }
        }
    }

    /** The transaction must hear of it, whatever it is, or it waits for ever. */
    private static void failed(
            BranchCall call, Throwable thrown, CompletableFuture<Outcome> made) {
        LOG.error("gid={} {} call failed", call.gid(), call.key(), thrown);
        made.complete(Outcome.unknown("url:" + call.url() + " could not be called: " + thrown));
    }
}
