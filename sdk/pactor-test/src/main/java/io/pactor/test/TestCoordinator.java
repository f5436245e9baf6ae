package io.pactor.test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import pactor.Embedded;
import transaction.Reply;
import transaction.TestControls;

/**
 * A coordinator inside the JVM of the test, in the test mode: it stores in memory, listens on a
 * free port of loopback, and its time can be skipped. Methods block, for half a minute at most.
 */
public final class TestCoordinator implements AutoCloseable {

    /** Far beyond what anything takes on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration LOOK = Duration.ofMillis(2);

    private final Embedded embedded;

    private TestCoordinator(Embedded embedded) {
        this.embedded = embedded;
    }

    /** Starts, which takes a second or two. */
    public static TestCoordinator start() {
        return new TestCoordinator(Embedded.start(Map.of("pactor.test-mode", "on",
            "pactor.store.jdbc-url", "jdbc:h2:mem:pactor-" + UUID.randomUUID(),
            "pekko.cluster.log-info", "off")));
    }

    /** For clients, as in {@code http://127.0.0.1:40123}. */
    public String url() {
        return embedded.url();
    }

    /**
     * Moves the coordinator's clock once all calls are answered. What is due then, retries,
     * timeouts and delays among it, is under way when this returns.
     *
     * @return the new time
     */
    public Instant skip(Duration time) {
        awaitRest();
        return await(controls().advance(time));
    }

    /**
     * Waits until no call is under way and nothing more is to be done now.
     *
     * @throws AssertionError if that does not come
     */
    public void awaitRest() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!controls().isAtRest()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("a call is still under way");
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** Whether from now on nothing runs by itself, but for what a request sets off. */
    public void manual(boolean on) {
        await(controls().manual(on));
    }

    /**
     * Has a transaction do what it would do next, whether it is due or not, and waits for that.
     *
     * @throws AssertionError if there is no such transaction
     */
    public void run(String gid) {
        Reply reply = await(controls().run(gid));
        if (!(reply instanceof Reply.Found)) {
            throw new AssertionError(gid + " cannot be run: " + reply);
        }
    }

    /** The same for the transaction that is most overdue. @return its gid; empty if none is due */
    public String runDue() {
        return await(controls().runDue());
    }

    /** Forgets all transactions, and runs by itself again. The clock stays. */
    public void clear() {
        manual(false);
        await(controls().clear());
    }

    @Override
    public void close() {
        embedded.close();
    }

    private TestControls controls() {
        return embedded.tests().orElseThrow();
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().copy()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }
}
