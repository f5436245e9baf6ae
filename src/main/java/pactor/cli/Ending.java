package pactor.cli;

import health.Guard;
import health.NodeFailure;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pactor.Running;
import pactor.settings.ControlCharacters;

/**
 * The end of the process, from whatever side it comes: a signal, at any moment of the start too, or
 * a failure from inside. It is in order where that can be had in time, and says why it ends.
 */
final class Ending {

    /** As the shell reports a process that SIGTERM ended. */
    static final int TERMINATED = 143;

    /** Something went wrong at run time. */
    static final int FAILED = 1;

    /** After the drain, the orderly end has this long before the process is ended all the same. */
    private static final Duration END_WITHIN = Duration.ofSeconds(15);

    /** Nothing has been promised to anybody yet by a process that is only starting. */
    private static final Duration START_WITHIN = Duration.ofSeconds(5);

    /** With a full heap an orderly end is unlikely, and every moment may do harm. */
    private static final Duration FATAL_WITHIN = Duration.ofSeconds(5);

    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final PrintWriter err;
    private final Duration within;
    private final CompletableFuture<Running> launched = new CompletableFuture<>();
    private final AtomicBoolean said = new AtomicBoolean();
    private final Thread lastWords = new Thread(this::sayFailure, "pactor-last-words");
    private volatile NodeFailure failure;
    private volatile boolean begun;

    private Ending(PrintWriter err, Duration within) {
        this.err = err;
        this.within = within;
        lastWords.setDaemon(true);
    }

    /**
     * Sees to the end of this process from now on. To be called before anything is started.
     *
     * @param guard after whose failure the process does not live on, whatever happens
     */
    static Ending of(PrintWriter err, Duration drain, Guard guard) {
        Ending ending = new Ending(err, drain.plus(END_WITHIN));
        guard.failed().thenAccept(failure -> ending.failure = failure);
        guard.lastResort(new Guard.LastResort(ending.within, FATAL_WITHIN, ending::halt));
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(ending::end, "pactor-end"));
        } catch (IllegalStateException shuttingDown) {
            ending.begun = true;
        }
        return ending;
    }

    /** Whether the process was told to end. */
    boolean hasBegun() {
        return begun;
    }

    /** It runs, and is ended in order from now on. */
    void launched(Running running) {
        launched.complete(running);
    }

    /** It does not run, and never will. */
    void notLaunched() {
        launched.cancel(false);
    }

    /** Says, once, why the process ends. */
    void say(Throwable reason) {
        if (!said.compareAndSet(false, true)) {
            return;
        }
        if (!(reason instanceof NodeFailure)) { // It has been logged where it was noticed.
            log().error("ending: {}", reason.getMessage(), reason.getCause());
        }
        Logging.flush();
        err.println("pactor: " + ControlCharacters.escaped(reason.getMessage()));
        err.flush();
    }

    /** Says why on a thread of its own, since standard error may be stuck, and goes. */
    private void halt() {
        try {
            lastWords.start();
            LockSupport.parkNanos(LAST_WORDS.toNanos());
        } finally {
            Runtime.getRuntime().halt(FAILED);
        }
    }

    private void sayFailure() {
        if (failure != null) {
            say(failure);
        }
    }

    /** The shutdown hook. */
    private void end() {
        begun = true;
        if (!said.get()) {
            log().info("stopping; what is under way has {} s", within.toSeconds());
        }
        try {
            Running running = launched.get(START_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            long began = System.nanoTime();
            running.terminated().toCompletableFuture()
                .get(within.toMillis(), TimeUnit.MILLISECONDS);
            log().info("stopped after {} ms",
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            Logging.flush();
        } catch (TimeoutException late) {
            // Nothing is lost: what was acknowledged is durable, the rest is tried again.
            if (launched.isDone()) {
                log().error("no orderly end within {} s; ending now", within.toSeconds());
            }
            Logging.flush();
            Runtime.getRuntime().halt(said.get() ? FAILED : TERMINATED);
        } catch (ExecutionException failed) {
            // Whoever supervises the process starts it again; nothing is mended from inside.
            say(failed.getCause());
            Runtime.getRuntime().halt(FAILED);
        } catch (CancellationException notLaunched) {
            Logging.flush();
        } catch (InterruptedException ended) {
            Logging.flush();
        }
    }

    private static Logger log() {
        return LoggerFactory.getLogger(Ending.class);
    }
}
