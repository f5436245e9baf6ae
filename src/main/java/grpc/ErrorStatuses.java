package grpc;

import audit.Unrecorded;
import com.google.protobuf.Message;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import transaction.Busy;
import transaction.InvalidRequest;
import transaction.Reply;

/**
 * What is told, and logged, of something thrown: a mistake of the client's is told, and whatever
 * else there is leaves open what happened. Thread-safe.
 */
final class ErrorStatuses {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorStatuses.class);

    /** When the store is gone each request fails; one line a second says it as well as many. */
    private static final long QUIET_NANOS = 1_000_000_000L;

    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());
    private final AtomicLong untold = new AtomicLong();

    /** @param method where it happened */
    <A extends Message> GrpcResponse<A> answer(String method, Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause() : thrown;
        if (cause instanceof InvalidRequest invalid) {
            return GrpcResponse.invalid(invalid.getMessage());
        }
        if (cause instanceof Busy busy) {
            return GrpcResponse.of(new Reply.Full(busy.getMessage()), null);
        }
        if (cause instanceof Unrecorded unrecorded) {
            return GrpcResponse.unavailable(unrecorded.getMessage());
        }
        log(method, cause);
        return GrpcResponse.unavailable("no answer could be had: what was asked for may or may not"
            + " have happened; ask again with the same gid");
    }

    /** Something that concerns nobody's answer. */
    void log(String method, Throwable thrown) {
        long now = System.nanoTime();
        long until = quietUntil.get();
        if (now - until < 0 || !quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
            untold.incrementAndGet();
            return;
        }
        LOG.error("{} could not be answered ({} more like it)", method, untold.getAndSet(0),
            thrown);
    }
}
