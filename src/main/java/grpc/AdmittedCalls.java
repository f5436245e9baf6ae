package grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * All calls of the node: how many are open, how many bytes of them are held, and how many of DTM's
 * are under way. Calls to other services may stay open for ever, so nobody waits for them.
 * Thread-safe.
 */
final class AdmittedCalls extends ServerStreamTracer.Factory {

    static final String OTHER = "other";

    static final Context.Key<Call> CALL = Context.key("pactor-call");

    private static final Map<String, String> LABELS = DtmMethods.ALL.stream().collect(
        Collectors.toUnmodifiableMap(method -> "/" + method.getFullMethodName(),
            method -> method.getBareMethodName().toLowerCase(Locale.ROOT)));

    private static final String PROBE = "/grpc.health.v1.Health/Check";

    private static final String WATCH = "/grpc.health.v1.Health/Watch";

    private static final String REFLECTION = "/grpc.reflection.";

    /** Kept for probes when there is no room for other calls. */
    private static final int PROBES = 64;

    /** Watchers of the health, and readers of what services there are: tools and balancers. */
    private static final int LASTING = 256;

    /** Beginnings of calls that may wait for a thread, if not a quarter of all calls may. */
    private static final int QUEUED = 1_024;

    private final CallMeter meter;
    private final long mostBuffered;
    private final OpenCalls brief;
    private final OpenCalls probes;
    private final OpenCalls lasting;
    private final int mostQueued;
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicLong buffered = new AtomicLong();
    private final AtomicLong unfinished = new AtomicLong();
    private final ThreadLocal<Call> starting = new ThreadLocal<>();
    private int underWay;

    /**
     * @param mostBuffered bytes of messages that are being received and of answers that are not
     *     read yet, all calls together
     * @param mostOpen calls at once
     */
    AdmittedCalls(CallMeter meter, long mostBuffered, int mostOpen) {
        this.meter = meter;
        this.mostBuffered = mostBuffered;
        mostQueued = Math.max(QUEUED, mostOpen / 4);
        brief = new OpenCalls(mostOpen);
        probes = new OpenCalls(PROBES);
        lasting = new OpenCalls(Math.min(LASTING, mostOpen));
    }

    /** The call that is just being started on this thread. */
    static Call current() {
        return CALL.get();
    }

    /** A call of which the head has come. */
    Call fresh(CharSequence path, Gate gate, int stream) {
        return new Call(this, LABELS.getOrDefault(String.valueOf(path), OTHER), kind(path), gate,
            stream);
    }

    /** Whether so many calls wait for a thread that no more should be begun. */
    boolean isBehind() {
        return queued.get() > mostQueued;
    }

    /**
     * {@code executor} for what grpc-java does for calls. What it has not come to is counted, since
     * it stays there though the call was taken back.
     */
    Executor counted(Executor executor) {
        return task -> {
            queued.incrementAndGet();
            try {
                executor.execute(() -> {
                    queued.decrementAndGet();
                    task.run();
                });
            } catch (RejectedExecutionException ending) {
                queued.decrementAndGet();
                throw ending;
            }
        };
    }

    static Call.Kind kind(CharSequence path) {
        String method = String.valueOf(path);
        if (method.equals(PROBE)) {
            return Call.Kind.PROBE;
        }
        return method.equals(WATCH) || method.startsWith(REFLECTION)
            ? Call.Kind.LASTING : Call.Kind.BRIEF;
    }

    OpenCalls open(Call.Kind kind) {
        return switch (kind) {
            case BRIEF -> brief;
            case PROBE -> probes;
            case LASTING -> lasting;
        };
    }

    /** Ends calls at which nobody has worked for so long, but for those that may last. */
    void endIdle(Duration after, Status why) {
        brief.endIdle(after, why);
        probes.endIdle(after, why);
    }

    /** {@code begin} makes grpc-java begin a call on this thread; it is {@code call}. */
    <X extends Exception> void starting(Call call, Begin<X> begin) throws X {
        starting.set(call);
        try {
            begin.run();
        } finally {
            starting.remove();
        }
    }

    /** As {@link Runnable}, but may throw. */
    @FunctionalInterface
    interface Begin<X extends Exception> {
        void run() throws X;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return starting.get().traced();
    }

    void hold(long bytes) {
        buffered.addAndGet(bytes);
    }

    /** Whether so many more bytes are too many. */
    boolean isFull(int more) {
        return buffered.get() + more > mostBuffered;
    }

    /** Bytes of frames and of heads that are not whole, and part of no call yet. */
    void holdUnfinished(long bytes) {
        unfinished.addAndGet(bytes);
    }

    /** Whether there are too many of them, on all connections together. */
    boolean hasTooMuchUnfinished() {
        return unfinished.get() > mostBuffered / 4;
    }

    void begun(String label) {
        if (!label.equals(OTHER)) {
            count(1);
        }
    }

    void ended(String label, String code, Duration took) {
        meter.ended(label, code, took);
        if (!label.equals(OTHER)) {
            count(-1);
        }
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
}
