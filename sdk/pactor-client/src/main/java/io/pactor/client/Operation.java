package io.pactor.client;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * One call of the application: what it is about, until when it may last, and whether anybody still
 * waits for it. Nothing more is sent once nobody does.
 */
final class Operation {

    private final String gid;
    private final Duration allowed;
    private final long end;
    private volatile boolean isAbandoned;
    private volatile Future<?> running;

    private Operation(String gid, Duration allowed) {
        this.gid = gid;
        this.allowed = allowed;
        this.end = System.nanoTime() + allowed.toNanos();
    }

    static Operation of(String gid, Duration allowed) {
        return new Operation(gid, allowed);
    }

    String gid() {
        return gid;
    }

    /** All the time that it was given. */
    Duration allowed() {
        return allowed;
    }

    /** Zero when it is over. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    boolean isOver() {
        return isAbandoned || left().isZero();
    }

    /** Remembers what is on its way, so that it can be called off. */
    void isRunning(Future<?> exchange) {
        running = exchange;
        if (isAbandoned) {
            exchange.cancel(true);
        }
    }

    void abandon() {
        isAbandoned = true;
        Future<?> exchange = running;
        if (exchange != null) {
            exchange.cancel(true);
        }
    }

    /** {@code result}, whose cancellation by the application ends this operation. */
    <T> CompletableFuture<T> handedOut(CompletableFuture<T> result) {
        result.whenComplete((value, thrown) -> {
            if (result.isCancelled()) {
                abandon();
            }
        });
        return result;
    }

    /** Blocks for {@code result}, which keeps the time itself; an interrupt ends the operation. */
    <T> T await(CompletableFuture<T> result) {
        try {
            return result.get();
        } catch (InterruptedException e) {
            abandon();
            Thread.currentThread().interrupt();
            throw new UnavailableException(gid, "interrupted while waiting for the coordinator; "
                + (gid.isEmpty() ? "it may or may not have the request" : mayBe()), e);
        } catch (CancellationException e) {
            throw new IllegalStateException("cancelled", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PactorException known) {
                throw known.here();
            }
            throw new IllegalStateException(String.valueOf(e.getCause().getMessage()),
                e.getCause());
        }
    }

    /** What is to be said of a transaction that got no answer. */
    String mayBe() {
        return gid.isEmpty() ? "" : "it may or may not have transaction " + gid
            + "; repeat with the same gid";
    }
}
