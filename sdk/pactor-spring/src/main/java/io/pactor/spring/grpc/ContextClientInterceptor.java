package io.pactor.spring.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.pactor.client.CallRecorder;
import io.pactor.spring.transaction.GlobalContext;
import java.util.Locale;

/**
 * Has calls over gRPC carry the {@link GlobalContext} of the thread that makes them, as metadata
 * with the names of its headers in small letters. They are not DTM's ({@code dtm-gid}): a service
 * that is called in passing is not that branch.
 *
 * <p>A call over gRPC cannot be recorded: within the lambda of a step it is refused, and not sent.
 */
public final class ContextClientInterceptor implements ClientInterceptor {

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method,
            CallOptions options, Channel next) {
        if (CallRecorder.isRecording()) {
            throw new IllegalArgumentException(method.getFullMethodName()
                + " is a call over gRPC, which cannot be recorded as a step");
        }
        ClientCall<Q, A> call = next.newCall(method, options);
        return GlobalContext.current().<ClientCall<Q, A>>map(context -> with(context, call))
            .orElse(call);
    }

    private static <Q, A> ClientCall<Q, A> with(GlobalContext context, ClientCall<Q, A> call) {
        return new SimpleForwardingClientCall<>(call) {

            @Override
            public void start(Listener<A> listener, Metadata metadata) {
                context.headers().forEach((name, value) -> {
                    Metadata.Key<String> key = key(name);
                    if (!metadata.containsKey(key)) {
                        metadata.put(key, value);
                    }
                });
                super.start(listener, metadata);
            }
        };
    }

    private static Metadata.Key<String> key(String header) {
        return Metadata.Key.of(header.toLowerCase(Locale.ROOT), Metadata.ASCII_STRING_MARSHALLER);
    }
}
