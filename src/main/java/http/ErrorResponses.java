package http;

import audit.Unrecorded;
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
final class ErrorResponses {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorResponses.class);

    /** When the store is gone each request fails; one line a second says it as well as many. */
    private static final long QUIET_NANOS = 1_000_000_000L;

    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());
    private final AtomicLong untold = new AtomicLong();

    /** Of what was thrown at {@code route}. */
    HttpAnswer answer(Route route, Throwable thrown) {
        return answer(route.label(), route.changes(), thrown);
    }

    /** @param route where it happened, as metrics call it; it may have changed something */
    HttpAnswer answer(String route, Throwable thrown) {
        return answer(route, true, thrown);
    }

    private HttpAnswer answer(String route, boolean changes, Throwable thrown) {
        if (thrown instanceof InvalidRequest invalid) {
            return HttpAnswer.clientError(400, invalid.getMessage());
        }
        if (thrown instanceof Busy busy) {
            return HttpAnswer.of(new Reply.Full(busy.getMessage()));
        }
        if (thrown instanceof Unrecorded unrecorded) {
            return HttpAnswer.unavailable(unrecorded.getMessage());
        }
        if (thrown instanceof Bodies.Refused refused) {
            return refused.answer();
        }
        log(route, thrown);
        return !changes ? HttpAnswer.UNREAD : HttpAnswer.unavailable("no answer could be had: what"
            + " was asked for may or may not have happened; ask again with the same gid");
    }

    private void log(String route, Throwable thrown) {
        long now = System.nanoTime();
        long until = quietUntil.get();
        if (now - until < 0 || !quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
            untold.incrementAndGet();
            return;
        }
        LOG.error("{} could not be answered ({} more like it): {}", route, untold.getAndSet(0),
            Printable.of(thrown));
    }
}
