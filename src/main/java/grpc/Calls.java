package grpc;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Every call from its first byte to its last: what is told to the meter, and how many of DTM's are
 * under way. Calls to other services may stay open for ever, so nobody waits for them.
 */
final class Calls extends ServerStreamTracer.Factory {

    private static final String OTHER = "other";

    private static final Map<String, String> LABELS = DtmMethods.ALL.stream().collect(
        Collectors.toUnmodifiableMap(method -> method.getFullMethodName(),
            method -> method.getBareMethodName().toLowerCase(Locale.ROOT)));

    private final CallMeter meter;
    private int underWay;

    Calls(CallMeter meter) {
        this.meter = meter;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new Traced(LABELS.getOrDefault(method, OTHER));
    }

    /**
     * Blocks until none is under way.
     *
     * @return whether that came within this time
     */
    synchronized boolean awaitNone(Duration within) throws InterruptedException {
        long until = System.nanoTime() + within.toNanos();
        while (underWay > 0) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    private synchronized void count(int more) {
        underWay += more;
        if (underWay == 0) {
            notifyAll();
        }
    }

    private final class Traced extends ServerStreamTracer {

        private final String label;
        private final long from = System.nanoTime();
        private final AtomicBoolean closed = new AtomicBoolean();

        Traced(String label) {
            this.label = label;
            if (!label.equals(OTHER)) {
                count(1);
            }
        }

        @Override
        public void streamClosed(Status status) {
            if (!closed.compareAndSet(false, true)) {
                return;
            }
            meter.ended(label, status.getCode().name(),
                Duration.ofNanos(System.nanoTime() - from));
            if (!label.equals(OTHER)) {
                count(-1);
            }
        }
    }
}
