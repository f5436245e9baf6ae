package grpc;

import audit.Act;
import audit.Audit;
import audit.Who;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import security.Access;
import security.Caller;
import security.Permission;
import transaction.Context;
import transaction.Reply;

/**
 * One method: takes one message, and sees to it that whatever happens there is one answer, within
 * bounds. A client that goes away changes nothing: what it asked for is carried out all the same,
 * since nobody could tell how far it was.
 */
final class UnaryCall<Q extends Message, A extends Message>
        implements ServerCallHandler<Received<Q>, A> {

    private static final String LATE =
        "no answer in time: it may or may not have happened; ask again with the same gid";

    /** As {@code Pactor-Reason} over HTTP. */
    private static final Metadata.Key<String> REASON =
        Metadata.Key.of("pactor-reason", Metadata.ASCII_STRING_MARSHALLER);

    private final Permission permission;
    private final BiFunction<Caller, Q, CompletionStage<GrpcResponse<A>>> handler;
    private final Watch watch;

    /**
     * How calls are looked after.
     *
     * @param guard who may call what
     * @param audit puts on record what operators do; asked when something is served
     * @param notReady why nothing can be served at present; empty if it can
     * @param troubles hears of what is thrown
     * @param messageTimeout in which the message must have come
     * @param answerTimeout after which nothing is known
     */
    record Watch(CallerGuard guard, Supplier<Audit> audit, Supplier<Optional<String>> notReady,
            ErrorStatuses troubles, Duration messageTimeout, Duration answerTimeout) {}

    /**
     * @param permission what the method needs of its caller
     * @param handler does not block; may throw, or complete with, what {@link ErrorStatuses} knows
     */
    UnaryCall(Permission permission,
            BiFunction<Caller, Q, CompletionStage<GrpcResponse<A>>> handler, Watch watch) {
        this.permission = permission;
        this.handler = handler;
        this.watch = watch;
    }

    /** @param timeout in which the message should have come */
    static <A extends Message> GrpcResponse<A> late(Duration timeout) {
        return GrpcResponse.late(
            "the message did not come within " + timeout.toSeconds() + " seconds");
    }

    private static Who who(Access.Known by, ServerCall<?, ?> call) {
        return new Who(by.caller().name(), by.caller().role().text(),
            by.how().name().toLowerCase(Locale.ROOT),
            CallPeer.of(call.getAttributes()).address().getHostAddress());
    }

    private static String namespaceOf(Caller caller) {
        return caller.namespace().equals(Context.DEFAULT_NAMESPACE) ? ""
            : "namespace=" + caller.namespace();
    }

    @Override
    public ServerCall.Listener<Received<Q>> startCall(
            ServerCall<Received<Q>, A> call, Metadata headers) {
        CallerGuard.Verdict verdict = watch.guard.verdict(call, headers, permission);
        if (verdict.refusal() != null) {
            if (permission == Permission.OPERATE && verdict.known() != null) {
                watch.audit.get().refused(Act.refusal(who(verdict.known(), call),
                    call.getMethodDescriptor().getFullMethodName(),
                    namespaceOf(verdict.known().caller()),
                    verdict.refusal().getCode().name()));
            }
            return CallerGuard.refuse(call, verdict.refusal());
        }
        String reason = headers.get(REASON);
        Exchange exchange = new Exchange(
            verdict.known(), reason == null ? "" : reason, call, AdmittedCalls.current());
        exchange.expectMessage();
        return exchange;
    }

    /** Its methods are called one after another; answers come from any thread, the first counts. */
    private final class Exchange extends ServerCall.Listener<Received<Q>> {

        private final Access.Known by;
        private final String reason;
        private final ServerCall<Received<Q>, A> call;
        private final Call traced;
        private final AtomicBoolean answered = new AtomicBoolean();

        /** Completed when the message is there; without it, or it would be kept until the end. */
        private final CompletableFuture<Void> whole = new CompletableFuture<>();
        private Received<Q> message;

        Exchange(Access.Known by, String reason, ServerCall<Received<Q>, A> call, Call traced) {
            this.by = by;
            this.reason = reason;
            this.call = call;
            this.traced = traced;
        }

        void expectMessage() {
            // Two, so that a second one is noticed; grpc-java takes back such a call by itself.
            call.request(2);
            whole.orTimeout(watch.messageTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> {
                    answer(late instanceof ReceiveBudgetExceeded
                        ? GrpcResponse.of(new Reply.Overloaded(ReceiveBudgetExceeded.TEXT), null)
                        : late(watch.messageTimeout));
                    return null;
                });
            traced.refusedBy(() -> whole.completeExceptionally(new ReceiveBudgetExceeded()));
        }

        @Override
        public void onMessage(Received<Q> received) {
            message = received;
        }

        @Override
        public void onHalfClose() {
            Received<Q> received = message;
            message = null;
            if (!whole.complete(null)) {
                return;
            }
            traced.handOver();
            if (received == null) {
                answer(GrpcResponse.invalid("a call without a message"));
            } else if (received.message() == null) {
                answer(GrpcResponse.invalid(received.problem()));
            } else {
                carryOut(received.message());
            }
        }

        @Override
        public void onCancel() {
            answered.set(true);
            whole.cancel(false);
        }

        private void carryOut(Q asked) {
            Optional<String> trouble = watch.notReady.get();
            if (trouble.isPresent()) {
                answer(GrpcResponse.unavailable(
                    "not ready: " + trouble.get() + "; nothing was done, try again"));
                return;
            }
            CompletableFuture<GrpcResponse<A>> answer = new CompletableFuture<>();
            try {
                recorded(asked).whenCompleteAsync((given, thrown) -> answer.complete(
                    thrown == null ? given : watch.troubles.answer(name(), thrown)),
                    Runnable::run);
            } catch (RuntimeException thrown) {
                answer.complete(watch.troubles.answer(name(), thrown));
            }
            if (!answer.isDone()) {
                answer.completeOnTimeout(GrpcResponse.unavailable(LATE),
                    watch.answerTimeout.toMillis(), TimeUnit.MILLISECONDS);
            }
            answer.thenAccept(this::answer);
        }

        private CompletionStage<GrpcResponse<A>> recorded(Q asked) {
            if (permission != Permission.OPERATE) {
                return handler.apply(by.caller(), asked);
            }
            Act intent = Act.intent(who(by, call), call.getMethodDescriptor().getFullMethodName(),
                (namespaceOf(by.caller()) + " " + WireMessages.subject(asked)).strip(), reason);
            return watch.audit.get().carryOut(intent, Audit.Doing.stateless(
                () -> handled(asked), answer -> answer.status().getCode().name()));
        }

        /** Never fails. */
        private CompletionStage<GrpcResponse<A>> handled(Q asked) {
            try {
                return handler.apply(by.caller(), asked).handleAsync((given, thrown) ->
                    thrown == null ? given : watch.troubles.answer(name(), thrown), Runnable::run);
            } catch (RuntimeException thrown) {
                return CompletableFuture.completedFuture(watch.troubles.answer(name(), thrown));
            }
        }

        private void answer(GrpcResponse<A> answer) {
            if (!answered.compareAndSet(false, true)) {
                return;
            }
            message = null;
            boolean fits = answer.message() == null
                || traced.hasRoomFor(answer.message().getSerializedSize());
            GrpcResponse<A> given = fits ? answer
                : GrpcResponse.of(new Reply.Overloaded(ReceiveBudgetExceeded.ANSWER), null);
            try {
                if (given.message() != null) {
                    call.sendHeaders(new Metadata());
                    call.sendMessage(given.message());
                }
                call.close(given.status(), trailers(given.status()));
            } catch (RuntimeException bug) {
                watch.troubles.log(name(), bug);
            }
        }

        /** Where asking again makes sense: when, in the form that clients' own retries heed. */
        private static Metadata trailers(Status status) {
            Metadata trailers = new Metadata();
            if (status.getCode() == Status.Code.UNAVAILABLE
                    || status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
                trailers.put(RefusedCall.PUSHBACK, RefusedCall.SOON_MILLIS);
            }
            return trailers;
        }

        private String name() {
            return String.valueOf(call.getMethodDescriptor().getBareMethodName());
        }
    }
}
