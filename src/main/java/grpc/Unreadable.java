package grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import transaction.InvalidRequest;

/**
 * Answers what a ready-made service cannot read as the client's mistake. Left to itself, grpc-java
 * takes it for an error of the service, and logs each with a trace.
 */
final class Unreadable implements ServerInterceptor {

    private static final int MESSAGE_BYTES = 16 << 10;

    private Unreadable() {}

    /** {@code service} with this around it. */
    static ServerServiceDefinition refusedBy(ServerServiceDefinition service) {
        // As streams, messages are read inside what is intercepted.
        return ServerInterceptors.intercept(
            ServerInterceptors.useInputStreamMessages(service), new Unreadable());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        AdmittedCalls.current().refusedBy(() ->
            close(call, Status.RESOURCE_EXHAUSTED, ReceiveBudgetExceeded.TEXT));
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {

            private boolean refused;

            @Override
            public void onMessage(Q message) {
                guarded(() -> {
                    requireSmall(message);
                    super.onMessage(message);
                });
            }

            @Override
            public void onHalfClose() {
                guarded(super::onHalfClose);
            }

            /** Reflection answers it, and there is an answer. */
            @Override
            public void onCancel() {
                try {
                    super.onCancel();
                } catch (IllegalStateException closed) {
                    if (!refused) {
                        throw closed;
                    }
                }
            }

            private void guarded(Runnable step) {
                if (refused) {
                    return;
                }
                try {
                    step.run();
                } catch (RuntimeException unreadable) {
                    refused = true;
                    close(call, Status.INVALID_ARGUMENT, "not a message of this method");
                }
            }
        };
    }

    /** They are names, and read whole they would be many times as large. */
    private static void requireSmall(Object message) {
        try {
            if (((InputStream) message).available() > MESSAGE_BYTES) {
                throw new InvalidRequest("too long");
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void close(ServerCall<?, ?> call, Status status, String text) {
        try {
            call.close(status.withDescription(text), new Metadata());
        } catch (IllegalStateException closed) {
            // The service was faster, and its client has an answer.
        }
    }
}
