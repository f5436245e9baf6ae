package grpc;

import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.Map;
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

    /**
     * So much of a call is not counted in bytes: the bound of open calls is one for it too. So
     * small calls and answers always fit.
     */
    static final int SMALL = GrpcServerSettings.OPEN_CALL_BYTES / 2;

    /** What a name and a value of a head take up beyond their characters. */
    private static final int FIELD_BYTES = 128;

    private final AdmittedCalls calls;
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
    OpenCalls.State state = OpenCalls.State.FRESH;

    private Http2Headers head;

    /** Of whoever reads from the connection. */
    private boolean isWhole;

    private volatile boolean givesWay;

    /**
     * @param label for the meter
     * @param stream its number on the connection of {@code gate}
     */
    Call(AdmittedCalls calls, String label, Kind kind, Gate gate, int stream) {
        this.calls = calls;
        this.label = label;
        this.kind = kind;
        this.gate = gate;
        this.stream = stream;
    }

    boolean mayLast() {
        return kind == Kind.LASTING;
    }

    /** How many calls of its connection wait for their message. */
    int besides() {
        return gate.waiting();
    }

    int stream() {
        return stream;
    }

    /** grpc-java has taken it, and will say when it ends. */
    Call traced() {
        if (isTraced.compareAndSet(false, true)) {
            if (!isWhole) {
                calls.open(kind).movesOn(this);
            }
            calls.begun(label);
        }
        return this;
    }

    /** @param how ends the call, since there is no room for its message; from any thread */
    void refusedBy(Runnable how) {
        refuse = how;
        refuseIfTooMuch();
    }

    /** Its head has come. Of whoever reads from the connection, as {@link #takeHead}. */
    void keepHead(Http2Headers all) {
        head = all;
        long bytes = 0;
        for (Map.Entry<CharSequence, CharSequence> field : all) {
            bytes += field.getKey().length() + field.getValue().length() + FIELD_BYTES;
        }
        hold(bytes);
        refuseIfTooMuch();
    }

    /** What was kept, for whoever goes on with the call; null for the next. */
    Http2Headers takeHead() {
        Http2Headers taken = head;
        head = null;
        return taken;
    }

    /** A frame of its message has come. */
    void received(int bytes) {
        unread.addAndGet(bytes);
        hold(bytes + FRAME_BYTES);
        refuseIfTooMuch();
    }

    /**
     * Its client has said all; from now on it is being worked at.
     *
     * @return false if there is no room for it
     */
    boolean whole() {
        isWhole = true;
        return calls.open(kind).works(this);
    }

    /** All that has come was read, and it is not whole. */
    void waits() {
        calls.open(kind).waits(this);
    }

    boolean isWhole() {
        return isWhole;
    }

    /**
     * It must end, to make room for others: nothing more of it is carried out.
     *
     * @param why told to its client, if nothing was carried out
     */
    void giveWay(Status why) {
        givesWay = true;
        gate.end(this, why);
    }

    boolean givesWay() {
        return givesWay;
    }

    /** Its message is in other hands. */
    void handOver() {
        unread.set(0);
        calls.hold(-counted(held.getAndSet(0)));
    }

    /**
     * Takes up room for an answer, which is held until the client has read it.
     *
     * @return false if there is none; small answers always fit
     */
    boolean hasRoomFor(int bytes) {
        if (bytes > SMALL && calls.isFull(bytes)) {
            return false;
        }
        hold(bytes);
        return true;
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(AdmittedCalls.CALL, this);
    }

    /** A message of a call that may have many is whole; one of DTM's waits for its end. */
    @Override
    public void inboundMessageRead(int number, long wireSize, long size) {
        if (!label.equals(AdmittedCalls.OTHER)) {
            return;
        }
        if (unread.addAndGet(-wireSize) <= 0) {
            handOver();
        }
    }

    @Override
    public void outboundMessageSent(int number, long wireSize, long size) {
        // Once the connection has had its turn, or its being busy would look like an idle client.
        gate.here(() -> calls.open(kind).movesOn(this));
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
        long now = held.addAndGet(bytes);
        calls.hold(counted(now) - counted(now - bytes));
    }

    private static long counted(long bytes) {
        return Math.max(0, bytes - SMALL);
    }

    private void refuseIfTooMuch() {
        if (counted(held.get()) == 0 || !calls.isFull(0)) {
            return;
        }
        Runnable how = refuse;
        if (how == null) {
            giveWay(Status.RESOURCE_EXHAUSTED.withDescription(ReceiveBudgetExceeded.TEXT));
        } else {
            how.run();
        }
    }
}
