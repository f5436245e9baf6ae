package grpc;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import security.Caller;
import security.Permission;
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

    private final Permission permission;
    private final BiFunction<Caller, Q, CompletionStage<GrpcAnswer<A>>> handler;
    private final Watch watch;

    /**
     * How calls are looked after.
     *
     * @param guard who may call what
     * @param notReady why nothing can be served at present; empty if it can
     * @param troubles hears of what is thrown
     * @param messageTimeout in which the message must have come
     * @param answerTimeout after which nothing is known
     */
    record Watch(CallerGuard guard, Supplier<Optional<String>> notReady,
            ErrorStatuses troubles, Duration messageTimeout, Duration answerTimeout) {}

    /**
     * @param permission what the method needs of its caller
     * @param handler does not block; may throw, or complete with, what {@link ErrorStatuses} knows
     */
    UnaryCall(Permission permission,
            BiFunction<Caller, Q, CompletionStage<GrpcAnswer<A>>> handler, Watch watch) {
        this.permission = permission;
        this.handler = handler;
        this.watch = watch;
    }

    /** @param timeout in which the message should have come */
    static <A extends Message> GrpcAnswer<A> late(Duration timeout) {
        return GrpcAnswer.late(
            "the message did not come within " + timeout.toSeconds() + " seconds");
    }

    @Override
    public ServerCall.Listener<Received<Q>> startCall(
            ServerCall<Received<Q>, A> call, Metadata headers) {
        CallerGuard.Verdict verdict = watch.guard.verdict(call, headers, permission);
        if (verdict.refusal() != null) {
            return CallerGuard.refuse(call, verdict.refusal());
        }
        Exchange exchange = new Exchange(verdict.caller(), call, AdmittedCalls.current());
        exchange.expectMessage();
        return exchange;
    }

    /** Its methods are called one after another; answers come from any thread, the first counts. */
    private final class Exchange extends ServerCall.Listener<Received<Q>> {

        private final Caller caller;
        private final ServerCall<Received<Q>, A> call;
        private final Call traced;
        private final AtomicBoolean answered = new AtomicBoolean();

        /** Completed when the message is there; without it, or it would be kept until the end. */
        private final CompletableFuture<Void> whole = new CompletableFuture<>();
        private Received<Q> message;

        Exchange(Caller caller, ServerCall<Received<Q>, A> call, Call traced) {
            this.caller = caller;
            this.call = call;
            this.traced = traced;
        }

        void expectMessage() {
            // Two, so that a second one is noticed; grpc-java takes back such a call by itself.
            call.request(2);
            whole.orTimeout(watch.messageTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> {
                    answer(late instanceof ReceiveBudgetExceeded
                        ? GrpcAnswer.of(new Reply.Overloaded(ReceiveBudgetExceeded.TEXT), null)
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
                answer(GrpcAnswer.invalid("a call without a message"));
            } else if (received.message() == null) {
                answer(GrpcAnswer.invalid(received.problem()));
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
                answer(GrpcAnswer.unavailable(
                    "not ready: " + trouble.get() + "; nothing was done, try again"));
                return;
            }
            CompletableFuture<GrpcAnswer<A>> answer = new CompletableFuture<>();
            try {
                handler.apply(caller, asked).whenCompleteAsync((given, thrown) -> answer.complete(
                    thrown == null ? given : watch.troubles.answer(name(), thrown)),
                    Runnable::run);
            } catch (RuntimeException thrown) {
                answer.complete(watch.troubles.answer(name(), thrown));
            }
            if (!answer.isDone()) {
                answer.completeOnTimeout(GrpcAnswer.unavailable(LATE),
                    watch.answerTimeout.toMillis(), TimeUnit.MILLISECONDS);
            }
            answer.thenAccept(this::answer);
        }

        private void answer(GrpcAnswer<A> answer) {
            if (!answered.compareAndSet(false, true)) {
                return;
            }
            message = null;
            boolean fits = answer.message() == null
                || traced.hasRoomFor(answer.message().getSerializedSize());
            GrpcAnswer<A> given = fits ? answer
                : GrpcAnswer.of(new Reply.Overloaded(ReceiveBudgetExceeded.ANSWER), null);
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
                trailers.put(Refusal.PUSHBACK, Refusal.SOON_MILLIS);
            }
            return trailers;
        }

        private String name() {
            return String.valueOf(call.getMethodDescriptor().getBareMethodName());
        }
    }
}
