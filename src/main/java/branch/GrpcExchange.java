package branch;

import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import transaction.Chars;
import transaction.Limits;

/**
 * One gRPC call on its way: waiting for its turn, then under way. Its listener hears exactly once
 * how it ended. Belongs to the thread of its peer.
 */
final class GrpcExchange implements Runnable {

    /** Hears how a call went; called on the peer's thread, and must not block. */
    interface Listener {

        /** All of the request has been handed to the operating system. */
        default void sent() {}

        /** Once. If the participant told no status, it may or may not have received the call. */
        void answered(GrpcAnswer answer);

        /** Instead, if this node did not even try: nothing of the call has left it. */
        void heldBack(String reason);

        /** Instead, if the host may not be called; nothing of the call has left this node. */
        default void forbidden(String reason) {
            heldBack(reason);
        }
    }

    /** Some servers answer with nothing, most with one message. A second one is refused. */
    private static final int MESSAGES = 2;

    /** How a server asks to be left alone for a while (gRPC proposal A6). */
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private static final String TOO_MANY = "more than one message in answer to one call";

    private static final MethodDescriptor.Marshaller<byte[]> UNPARSED = new Unparsed();

    private final GrpcRequest request;
    private final Listener listener;
    private long begin;
    private GrpcPeer peer;
    private GrpcChannel channel;
    private ClientCall<byte[], byte[]> call;
    private ScheduledFuture<?> alarm;
    private boolean isOnTheWire;
    /** Set by a thread of the channel. */
    private volatile boolean isHeldBack;
    private boolean isOver;

    GrpcExchange(GrpcRequest request, Listener listener) {
        this.request = request;
        this.listener = listener;
    }

    GrpcRequest request() {
        return request;
    }

    /** When its time began, in the system's nanoseconds. */
    long begin() {
        return begin;
    }

    /** Puts it into the care of {@code to}; the time that it may wait for its turn begins now. */
    void handTo(GrpcPeer to) {
        peer = to;
        begin = System.nanoTime();
        setAlarm();
    }

    /**
     * Makes the call, once; {@link GrpcPeer#ended} is told when nothing of it is left. Its own time
     * begins now, and the alarm finds out by itself.
     */
    void startOn(GrpcChannel carrier, BooleanSupplier mayCall) {
        channel = carrier;
        begin = System.nanoTime();
        MethodDescriptor<byte[], byte[]> method =
                MethodDescriptor.newBuilder(UNPARSED, UNPARSED)
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName(request.url().method())
                        .build();
        CallOptions options = CallOptions.DEFAULT
                .withDeadlineAfter(Math.max(1, nanosLeft()), TimeUnit.NANOSECONDS)
                .withCallCredentials(new Fence(mayCall))
                .withStreamTracerFactory(new Tracers());
        call = carrier.grpc().newCall(method, options);
        call.start(new Answers(), request.metadata());
        call.request(MESSAGES);
        call.sendMessage(request.payload().toArray());
        call.halfClose();
    }

    /** Ends it with something that went wrong on this side. */
    void fail(String reason) {
        answer(new GrpcAnswer("", Status.Code.UNAVAILABLE, reason));
    }

    /** Ends it before anything of it has been written. */
    void holdBack(String reason) {
        if (end()) {
            listener.heldBack(reason);
        }
    }

    private void forbid(String reason) {
        if (end()) {
            listener.forbidden(reason);
        }
    }

    /** Ends it, and lets go of what is under way. */
    void stop(String reason) {
        fail(reason);
        cancel(reason);
    }

    /** Whether this node itself was too slow to judge others. */
    boolean isLate() {
        return HttpTransport.isLate(-nanosLeft());
    }

    /** For a reason. */
    String within() {
        return "within " + request.timeout().toMillis() + " ms"
                + HttpTransport.lateness(-nanosLeft());
    }

    /** The alarm rings. */
    @Override
    public void run() {
        if (isOver) {
            return;
        }
        if (nanosLeft() > 0) {
            setAlarm();
            return;
        }
        if (channel == null) {
            peer.gaveUp(this);
        } else {
            fail(outOfTime());
            peer.ranOutOfTime(this, channel);
            cancel("out of time");
        }
    }

    private void answer(GrpcAnswer answer) {
        if (end()) {
            listener.answered(answer);
        }
    }

    private boolean end() {
        if (isOver) {
            return false;
        }
        isOver = true;
        if (alarm != null) {
            alarm.cancel(false);
        }
        return true;
    }

    private void cancel(String why) {
        if (call != null) {
            call.cancel(why, null);
        }
    }

    private long nanosLeft() {
        return request.timeout().toNanos() - (System.nanoTime() - begin);
    }

    private void setAlarm() {
        alarm = peer.loop().schedule(this, nanosLeft(), TimeUnit.NANOSECONDS);
    }

    private String outOfTime() {
        peer.rangLate(-nanosLeft());
        return (isOnTheWire ? "no complete answer " : "no connection ") + within();
    }

    private void closed(GrpcAnswer answer, Throwable cause) {
        try {
            if (isHeldBack) {
                holdBack(HttpTransport.UNSURE);
            } else if (cause instanceof Forbidden refusal) {
                forbid(refusal.getMessage());
            } else {
                answer(answer);
            }
        } finally {
            peer.ended(this);
        }
    }

    private GrpcAnswer answerOf(Status status, Metadata trailers) {
        String told = "";
        Iterable<String> all = trailers.getAll(GrpcStatusReader.KEY);
        if (all != null) {
            for (String each : all) {
                told = each;
            }
        }
        boolean late = told.isEmpty() && status.getCode() == Status.Code.DEADLINE_EXCEEDED;
        return new GrpcAnswer(told, status.getCode(), late ? outOfTime() : text(status),
                pushback(trailers.get(PUSHBACK)));
    }

    /** Milliseconds; what is no number, or negative, as for "never again", asks for nothing. */
    static Duration pushback(String millis) {
        boolean isNumber = millis != null && !millis.isEmpty()
                && Chars.all(millis, c -> c >= '0' && c <= '9');
        if (!isNumber) {
            return Duration.ZERO;
        }
        Duration longest = Duration.ofSeconds(Limits.SECONDS_MAX);
        Duration asked = millis.length() > 15 ? longest : Duration.ofMillis(Long.parseLong(millis));
        return asked.compareTo(longest) > 0 ? longest : asked;
    }

    private static String text(Status status) {
        String said = status.getDescription() == null ? "" : status.getDescription();
        if (status.getCause() == null) {
            return said;
        }
        return said + (said.isEmpty() ? "" : ": ") + ConnectAttempt.text(status.getCause());
    }

    private void onLoop(Runnable task) {
        if (peer.loop().inEventLoop()) {
            task.run();
            return;
        }
        try {
            peer.loop().execute(task);
        } catch (RejectedExecutionException e) {
            // The threads have been stopped, and with them whoever waited for this.
        }
    }

    private final class Answers extends ClientCall.Listener<byte[]> {

        private int messages;

        @Override
        public void onMessage(byte[] message) {
            messages++;
            if (messages == MESSAGES) {
                call.cancel(TOO_MANY, null);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            // A status that came along with them is not cancelled any more.
            boolean isBroken = messages == MESSAGES;
            onLoop(() -> closed(isBroken
                    ? new GrpcAnswer("", Status.Code.INTERNAL, TOO_MANY)
                    : answerOf(status, trailers), status.getCause()));
        }
    }

    /**
     * grpc-java asks for the credentials of a call when it has its connection, right before it is
     * written there: after all waiting, which is where the fence belongs.
     */
    private final class Fence extends CallCredentials {

        private final BooleanSupplier mayCall;

        Fence(BooleanSupplier mayCall) {
            this.mayCall = mayCall;
        }

        @Override
        public void applyRequestMetadata(
                RequestInfo info, Executor executor, MetadataApplier applier) {
            if (mayCall.getAsBoolean()) {
                applier.apply(new Metadata());
            } else {
                isHeldBack = true;
                applier.fail(Status.UNAVAILABLE.withDescription(HttpTransport.UNSURE));
            }
        }
    }

    /** Tells when the call has a connection, and when it has left. */
    private final class Tracers extends ClientStreamTracer.Factory {

        @Override
        public ClientStreamTracer newClientStreamTracer(
                ClientStreamTracer.StreamInfo info, Metadata headers) {
            return new ClientStreamTracer() {
                @Override
                public void outboundHeaders() {
                    onLoop(() -> isOnTheWire = true);
                }

                @Override
                public void outboundMessageSent(int number, long onWire, long plain) {
                    // The write stands in the queue of that thread, or is about to: behind it.
                    onLoop(() -> peer.loop().execute(
                            () -> peer.loop().execute(listener::sent)));
                }
            };
        }
    }

    /** Bytes as they are; what comes back is counted by grpc-java and not looked at. */
    private static final class Unparsed implements MethodDescriptor.Marshaller<byte[]> {

        private static final byte[] NOTHING = {};

        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream stream) {
            return NOTHING;
        }
    }
}
