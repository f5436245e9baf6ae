package io.pactor.client;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where answers are handled: threads that come and go with the work, and keep no JVM alive.
 *
 * <p>They inherit nothing from the thread that happens to start them, neither thread locals nor a
 * class loader, so that no request's context leaks into another's.
 */
final class ClientThreads implements Executor {

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** A pause between two requests; after it the threads are gone, and need no closing. */
    private static final int IDLE_SECONDS = 5;

    private final Executor pool = new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS,
        TimeUnit.SECONDS, new SynchronousQueue<>(), ClientThreads::create);

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    private static Thread create(Runnable task) {
        Thread thread =
            new Thread(null, task, "pactor-client-" + COUNT.incrementAndGet(), 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ClientThreads.class.getClassLoader());
        return thread;
    }
}
