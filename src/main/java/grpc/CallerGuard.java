package grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Optional;
import java.util.function.Supplier;
import security.Access;
import security.AddressRule;
import security.Caller;
import security.Permission;

/**
 * Says of each call whether it may be carried out, before its message is read: its caller must be
 * known, by the metadata {@code authorization} or its certificate, and have the permission.
 * Thread-safe.
 */
final class CallerGuard {

    private static final Metadata.Key<String> AUTHORIZATION =
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<String> NAMESPACE =
        Metadata.Key.of(Caller.NAMESPACE_HEADER, Metadata.ASCII_STRING_MARSHALLER);

    private static final String STARTING =
        "not ready: starting; nothing was done, try again";

    private final Supplier<Access> access;

    /** @param access null until it is known; until then nobody is let in */
    CallerGuard(Supplier<Access> access) {
        this.access = access;
    }

    /**
     * What was found.
     *
     * @param known who calls, and by what that is known; null if it is not
     * @param refusal how it ends; null if it is carried out
     */
    record Verdict(Access.Known known, Status refusal) {

        private static Verdict refuse(Status refusal) {
            return new Verdict(null, refusal);
        }
    }

    Verdict verdict(ServerCall<?, ?> call, Metadata headers, Permission permission) {
        Access now = access.get();
        if (now == null) {
            return Verdict.refuse(Status.UNAVAILABLE.withDescription(STARTING));
        }
        String token = headers.get(AUTHORIZATION);
        Access.Found found = now.find(AddressRule.Listener.GRPC,
            CallPeer.of(call.getAttributes()), token == null ? "" : token);
        if (found instanceof Access.Known own) {
            String namespace = headers.get(NAMESPACE);
            Optional<Access.Known> named = own.in(namespace == null ? "" : namespace);
            if (named.isEmpty()) {
                return new Verdict(own, Status.PERMISSION_DENIED.withDescription(own.caller()
                    + " may not name another namespace, or there can be none of that name"));
            }
            Access.Known known = named.get();
            return known.caller().may(permission) ? new Verdict(known, null)
                : new Verdict(known, Status.PERMISSION_DENIED.withDescription(known.caller()
                    + " may not do this: it needs the permission " + permission.text()));
        }
        if (found instanceof Access.Unsure unsure) {
            return Verdict.refuse(Status.UNAVAILABLE.withDescription(
                "not ready: " + unsure.reason() + "; nothing was done, try again"));
        }
        Access.Unknown unknown = (Access.Unknown) found;
        return Verdict.refuse((unknown.tooOften() ? Status.RESOURCE_EXHAUSTED
            : Status.UNAUTHENTICATED).withDescription(unknown.reason()));
    }

    /** For services that ask no more than that their caller is known. */
    ServerInterceptor interceptor() {
        return new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call,
                    Metadata headers, ServerCallHandler<Q, A> next) {
                Verdict verdict = verdict(call, headers, Permission.KNOWN);
                return verdict.refusal() == null ? next.startCall(call, headers)
                    : refuse(call, verdict.refusal());
            }
        };
    }

    /** Ends a call of which nothing was read. */
    static <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, Status refusal) {
        Metadata trailers = new Metadata();
        if (refusal.getCode() == Status.Code.UNAVAILABLE) {
            trailers.put(RefusedCall.PUSHBACK, RefusedCall.SOON_MILLIS);
        }
        call.close(refusal, trailers);
        return new ServerCall.Listener<>() {};
    }
}
