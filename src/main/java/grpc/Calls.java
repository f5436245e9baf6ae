package grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Every call from its first byte to its last: what is told to the meter, how many of DTM's are
 * under way, and how many bytes of messages are held that are not whole yet. Calls to other
 * services may stay open for ever, so nobody waits for them.
 */
final class Calls extends ServerStreamTracer.Factory {

    private static final String OTHER = "other";

    private static final Map<String, String> LABELS = DtmMethods.ALL.stream().collect(
        Collectors.toUnmodifiableMap(method -> method.getFullMethodName(),
            method -> method.getBareMethodName().toLowerCase(Locale.ROOT)));

    private static final Context.Key<Traced> CALL = Context.key("pactor-call");

    private final CallMeter meter;
    private final long mostBuffered;
    private final AtomicLong buffered = new AtomicLong();
    private int underWay;

    /** @param mostBuffered bytes of messages that are being received, all calls together */
    Calls(CallMeter meter, long mostBuffered) {
        this.meter = meter;
        this.mostBuffered = mostBuffered;
    }

    /** The call that is just being started on this thread. */
    static Traced current() {
        return CALL.get();
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

    /** One call. */
    final class Traced extends ServerStreamTracer {

        private final String label;
        private final AtomicLong held = new AtomicLong();
        private volatile Runnable refuse = () -> { };
        private final long from = System.nanoTime();
        private final AtomicBoolean closed = new AtomicBoolean();

        Traced(String label) {
            this.label = label;
            if (!label.equals(OTHER)) {
                count(1);
            }
        }

        /** @param how ends the call, since there is no room for its message; from any thread */
        void refusedBy(Runnable how) {
            refuse = how;
            refuseIfTooMuch();
        }

        /** What has come is whole, and in other hands. */
        void handOver() {
            buffered.addAndGet(-held.getAndSet(0));
        }

        @Override
        public Context filterContext(Context context) {
            return context.withValue(CALL, this);
        }

        @Override
        public void inboundWireSize(long bytes) {
            held.addAndGet(bytes);
            buffered.addAndGet(bytes);
            refuseIfTooMuch();
        }

        /** A message of a call that may have many is whole; one of DTM's waits for its end. */
        @Override
        public void inboundMessageRead(int number, long wireSize, long size) {
            if (label.equals(OTHER)) {
                handOver();
            }
        }

        private void refuseIfTooMuch() {
            if (buffered.get() > mostBuffered && held.get() > 0) {
                refuse.run();
            }
        }

        @Override
        public void streamClosed(Status status) {
            if (!closed.compareAndSet(false, true)) {
                return;
            }
            handOver();
            meter.ended(label, status.getCode().name(),
                Duration.ofNanos(System.nanoTime() - from));
            if (!label.equals(OTHER)) {
                count(-1);
            }
        }
    }
}
