package grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A call with whatever bytes as messages, and however many. Closing it takes it back. */
final class RawCall implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 40;

    private final ClientCall<byte[], byte[]> call;
    private final CompletableFuture<Status> ended = new CompletableFuture<>();

    private RawCall(ManagedChannel channel, String method) {
        call = channel.newCall(MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING).setFullMethodName(method)
            .setRequestMarshaller(new RawBytes()).setResponseMarshaller(new RawBytes()).build(),
            CallOptions.DEFAULT);
    }

    /** @param method with its service, as in {@code dtmgimp.Dtm/Submit} */
    static RawCall start(ManagedChannel channel, String method, Metadata headers) {
        RawCall raw = new RawCall(channel, method);
        raw.call.start(new ClientCall.Listener<>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
                raw.ended.complete(status);
            }
        }, headers);
        raw.call.request(10);
        return raw;
    }

    static RawCall start(ManagedChannel channel, String method) {
        return start(channel, method, new Metadata());
    }

    RawCall send(byte[]... messages) {
        for (byte[] message : messages) {
            call.sendMessage(message);
        }
        return this;
    }

    RawCall halfClose() {
        call.halfClose();
        return this;
    }

    /** How it ended; fails if it does not. */
    Status status() {
        return ended.copy().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        call.cancel("the test goes away", null);
    }

    private record RawBytes() implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream stream) {
            return new byte[0];
        }
    }
}
