package grpc;

import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One call from its first byte to its last: what it takes up, and what is told of it. Thread-safe.
 */
final class Call extends ServerStreamTracer {

    /** What is held of a call, apart from its message: as much as one small frame of it takes. */
    static final int FRAME_BYTES = 256;

    /** Which bounds a call is under. */
    enum Kind {

        /** It has one message and one answer, and is over soon. */
        BRIEF,

        /** The same, and supervisors end a node that does not answer it. */
        PROBE,

        /** It may last for as long as its client likes. */
        LASTING
    }

    /** Answers up to this always fit: they are no larger than what a call takes up anyway. */
    private static final int SMALL_ANSWER = 4_096;

    private final Calls calls;
    private final String label;
    private final Kind kind;
    private final Gate gate;
    private final int stream;
    private final long from = System.nanoTime();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong unread = new AtomicLong();
    private final AtomicBoolean isTraced = new AtomicBoolean();
    private final AtomicBoolean isEnded = new AtomicBoolean();
    private volatile Runnable refuse;

    /** Since when nobody works at it; guarded by {@link OpenCalls}. */
    long idleSince = from;

    /** Guarded by {@link OpenCalls}. */
    boolean hasLeft;

    /** Of whoever reads from the connection. */
    private boolean isWhole;

    private volatile boolean givesWay;

    /**
     * @param label for the meter
     * @param stream its number on the connection of {@code gate}
     */
    Call(Calls calls, String label, Kind kind, Gate gate, int stream) {
        this.calls = calls;
        this.label = label;
        this.kind = kind;
        this.gate = gate;
        this.stream = stream;
    }

    Kind kind() {
        return kind;
    }

    int stream() {
        return stream;
    }

    /** grpc-java has taken it, and will say when it ends. */
    Call traced() {
        if (isTraced.compareAndSet(false, true)) {
            calls.begun(label);
        }
        return this;
    }

    /** @param how ends the call, since there is no room for its message; from any thread */
    void refusedBy(Runnable how) {
        refuse = how;
        refuseIfTooMuch();
    }

    /** A frame of its message has come. */
    void received(int bytes) {
        unread.addAndGet(bytes);
        hold(bytes + FRAME_BYTES);
        refuseIfTooMuch();
    }

    /** Its client has said all; from now on it is being worked at. */
    void whole() {
        isWhole = true;
        calls.open(kind).working(this);
    }

    boolean isWhole() {
        return isWhole;
    }

    /** It was chosen to make room for another: nothing more of it is carried out. */
    void giveWay() {
        givesWay = true;
        gate.end(this);
    }

    boolean givesWay() {
        return givesWay;
    }

    /** Its message is in other hands. */
    void handOver() {
        unread.set(0);
        calls.hold(-held.getAndSet(0));
    }

    /**
     * Takes up room for an answer, which is held until the client has read it.
     *
     * @return false if there is none; small answers always fit
     */
    boolean hasRoomFor(int bytes) {
        if (bytes > SMALL_ANSWER && calls.isFull(bytes)) {
            return false;
        }
        hold(bytes);
        return true;
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(Calls.CALL, this);
    }

    /** A message of a call that may have many is whole; one of DTM's waits for its end. */
    @Override
    public void inboundMessageRead(int number, long wireSize, long size) {
        if (!label.equals(Calls.OTHER)) {
            return;
        }
        if (unread.addAndGet(-wireSize) <= 0) {
            handOver();
        }
    }

    @Override
    public void outboundMessageSent(int number, long wireSize, long size) {
        if (kind != Kind.LASTING) {
            calls.open(kind).answered(this);
        }
    }

    @Override
    public void streamClosed(Status status) {
        if (isTraced.get() && isEnded.compareAndSet(false, true)) {
            calls.ended(label, status.getCode().name(),
                Duration.ofNanos(System.nanoTime() - from));
        }
    }

    /** Nothing of it is left on its connection. */
    void closed() {
        handOver();
        calls.open(kind).left(this);
    }

    private void hold(long bytes) {
        held.addAndGet(bytes);
        calls.hold(bytes);
    }

    private void refuseIfTooMuch() {
        if (!calls.isFull(0) || held.get() == 0) {
            return;
        }
        Runnable how = refuse;
        if (how == null) {
            giveWay();
        } else {
            how.run();
        }
    }
}
