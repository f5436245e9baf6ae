package health;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices which part of a node has died: a thread that ends, an Error, an actor that stops, a loop
 * that hangs. The first of these is the node's end: {@link #failed} completes, and whoever runs the
 * node ends it in order. Until then, and while a part is late, {@link #trouble} says why the node
 * is not ready.
 *
 * <p>Telling a failure allocates nothing, since the heap may be full; the rest is done by a thread
 * that is there from the beginning. Thread-safe; no method blocks.
 */
public final class Guard implements AutoCloseable {

    /** How often the watchdog looks. */
    static final Duration LOOK = Duration.ofMillis(500);

    /** Allocated at each look: where this does not fit, nothing can be done any more. */
    private static final int CANARY_BYTES = 64 << 10;

    private static final int CAUSES_MAX = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    private final CompletableFuture<NodeFailure> failed = new CompletableFuture<>();
    private final Set<Heartbeat> heartbeats = ConcurrentHashMap.newKeySet();
    private final Thread watchdog = new Thread(this::watch, "pactor-watchdog");
    private volatile boolean closed;
    private volatile String part;
    private Throwable cause;
    private LastResort lastResort;
    private volatile byte[] canary;

    /**
     * What is done if the process is still there some time after a failure.
     *
     * @param after how long after it
     * @param dire the same if the machine is at its end, as when the heap is full
     * @param what ends the process; must not allocate
     */
    public record LastResort(Duration after, Duration dire, Runnable what) {}

    private Guard() {
        watchdog.setDaemon(true);
    }

    /** One that has begun to watch. */
    public static Guard start() {
        Guard guard = new Guard();
        guard.watchdog.start();
        return guard;
    }

    /** One that is told of failures and does not look for them itself. */
    public static Guard passive() {
        return new Guard();
    }

    /** Completes with the first failure, mostly on the thread of the watchdog: do not block it. */
    public CompletionStage<NodeFailure> failed() {
        return failed.minimalCompletionStage();
    }

    /** Why the node is not ready, as far as its parts are concerned; empty if all are well. */
    public Optional<String> trouble() {
        String dead = part;
        if (dead != null) {
            return Optional.of(dead + " has failed");
        }
        for (Heartbeat each : heartbeats) {
            if (each.isLate()) {
                return Optional.of(each.part() + " does not answer");
            }
        }
        return Optional.empty();
    }

    /** {@code of} has failed with {@code thrown}; the first who says so decides. */
    public void fail(String of, Throwable thrown) {
        synchronized (this) {
            if (part != null) {
                return;
            }
            cause = thrown;
            part = of;
        }
        if (watchdog.isAlive()) {
            LockSupport.unpark(watchdog);
        } else {
            tell();
        }
    }

    /** A part that gives signs of life from now on, and is missed when they stop. */
    public Heartbeat heartbeat(String of, Heartbeat.Bounds bounds) {
        Heartbeat added = new Heartbeat(of, bounds);
        heartbeats.add(added);
        return added;
    }

    /** That part ends because it was told to; it is not missed. */
    public void release(Heartbeat ended) {
        heartbeats.remove(ended);
    }

    /** A daemon thread whose death is a failure, if it dies of anything but the end of its work. */
    public Thread thread(String name, Runnable work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Throwable thrown) {
                fail("the thread " + Thread.currentThread().getName(), thrown);
                throw thrown;
            }
        }, name);
        thread.setDaemon(true);
        // What reaches it was told above, and is logged where the node ends.
        thread.setUncaughtExceptionHandler((dead, thrown) -> { });
        return thread;
    }

    /** Such threads for a pool. */
    public ThreadFactory threads(String name) {
        AtomicInteger count = new AtomicInteger();
        return work -> thread(name + "-" + count.incrementAndGet(), work);
    }

    /** A scheduler with one such thread, which outlives what its tasks throw, but no Error. */
    public ScheduledThreadPoolExecutor scheduler(String name) {
        var scheduler = new ScheduledThreadPoolExecutor(1, work -> thread(name, work)) {
            @Override
            protected void afterExecute(Runnable task, Throwable thrown) {
                super.afterExecute(task, thrown);
                if (task instanceof Future<?> done && done.isDone() && !done.isCancelled()) {
                    try {
                        done.get();
                    } catch (ExecutionException ended) {
                        if (isFatal(ended.getCause())) {
                            fail("the thread " + name, ended.getCause());
                        }
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
        };
        scheduler.setRemoveOnCancelPolicy(true);
        return scheduler;
    }

    /** Ends the process if an orderly end does not come. Not for a node inside a host. */
    public synchronized void lastResort(LastResort resort) {
        lastResort = resort;
    }

    /** Stops watching. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watchdog);
    }

    /**
     * Whether nothing can be relied upon after {@code thrown}: it is, or was caused by, an Error.
     * A stack that overflowed was unwound, and is the trouble of whoever asked for so much alone.
     */
    public static boolean isFatal(Throwable thrown) {
        return fatal(thrown) != null;
    }

    /** The Error beneath {@code thrown}; null if there is none that is fatal. */
    public static Error fatal(Throwable thrown) {
        Throwable each = thrown;
        for (int depth = 0; each != null && depth < CAUSES_MAX; depth++) {
            if (each instanceof Error error && !(each instanceof StackOverflowError)) {
                return error;
            }
            each = each.getCause();
        }
        return null;
    }

    private void watch() {
        long looked = System.nanoTime();
        long since = 0;
        while (!closed) {
            LockSupport.parkNanos(this, LOOK.toNanos());
            try {
                if (part != null) {
                    since = since == 0 ? System.nanoTime() : since;
                    endAfter(since);
                    tell();
                } else if (System.nanoTime() - looked >= LOOK.toNanos()) {
                    looked = System.nanoTime();
                    look();
                }
            } catch (Throwable thrown) {
                fail("the thread pactor-watchdog", thrown);
            }
        }
    }

    /** One look at all parts. */
    void look() {
        canary = new byte[CANARY_BYTES];
        for (Heartbeat each : heartbeats) {
            boolean wasLate = each.isLate();
            each.look();
            if (each.isDead()) {
                fail(each.part(), new NodeFailure(
                    "no sign of life for " + each.silentSeconds() + " s", null));
            } else if (each.isLate() && !wasLate) {
                LOG.warn("{} has given no sign of life for {} s; not ready until it does",
                    each.part(), each.silentSeconds());
            }
        }
        if (part != null) {
            tell();
        }
    }

    private void tell() {
        if (!failed.isDone()) {
            failed.complete(new NodeFailure(part + " has failed: " + words(cause), cause));
        }
    }

    private void endAfter(long since) {
        LastResort resort = lastResort;
        if (resort == null) {
            return;
        }
        Duration after = cause instanceof VirtualMachineError ? resort.dire : resort.after;
        if (System.nanoTime() - since >= after.toNanos()) {
            resort.what.run();
        }
    }

    private static String words(Throwable thrown) {
        return thrown instanceof NodeFailure ? thrown.getMessage() : thrown.toString();
    }
}
