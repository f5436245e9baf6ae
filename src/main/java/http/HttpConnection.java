package http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import security.Peer;

/**
 * A connection of a client: its requests and answers, one after the other, and its end.
 * Materialized once, together with its {@link #bytes}.
 *
 * <p>What makes it more than {@code mapAsync(1)}: it knows, where it cannot be overtaken, whether a
 * request is without an answer, so that the connection ends after an answer or before a request and
 * never in between.
 */
final class HttpConnection extends GraphStage<FlowShape<HttpRequest, HttpResponse>> {

    private static final Connection CLOSE = Connection.create("close");

    private enum Order { END, GIVE_UP, BREAK_OFF }

    /** An answer to the request of that number. */
    private record Given(int number, HttpResponse answer) {}

    private final Inlet<HttpRequest> in = Inlet.create("requests");
    private final Outlet<HttpResponse> out = Outlet.create("answers");
    private final FlowShape<HttpRequest, HttpResponse> shape = FlowShape.of(in, out);
    private final Handlers handlers;
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private final RequestCount requests = new RequestCount();
    private final RequestBytes bytes;
    private final Supplier<Peer> peer;
    private final boolean isForOne;
    private volatile AsyncCallback<Order> orders;
    private final AtomicBoolean isLeaving = new AtomicBoolean();

    /**
     * Who answers. Neither throws.
     *
     * @param answer its stages do not fail
     * @param unanswered what is told if nothing else is known when the connection must end
     */
    record Handlers(BiFunction<HttpRequest, Peer, CompletionStage<HttpResponse>> answer,
            Function<HttpRequest, HttpAnswer> unanswered) {}

    /**
     * @param peer who is at the other end, asked for at each request
     * @param isForOne whether it ends after one request
     */
    HttpConnection(Handlers handlers, RequestBytes.Bounds bounds, Supplier<Peer> peer,
            boolean isForOne) {
        this.handlers = handlers;
        this.peer = peer;
        this.bytes = new RequestBytes(bounds, requests);
        this.isForOne = isForOne;
    }

    /** What the client's bytes pass through before they are read as requests. */
    RequestBytes bytes() {
        return bytes;
    }

    /** How far it has come. */
    RequestCount requests() {
        return requests;
    }

    /** Takes no further request, answers the one that is under way, and closes. */
    void end() {
        orders.invoke(Order.END);
    }

    /** Answers the request that is under way with what is known of it, which is nothing. */
    void giveUp() {
        orders.invoke(Order.GIVE_UP);
    }

    /** Closes unless a request is under way, even if an answer is still being sent. */
    void breakOff() {
        orders.invoke(Order.BREAK_OFF);
    }

    /** Closes at once, or after the answer if a request has come whole that is without one. */
    void makeRoom() {
        bytes.endUnlessAsked();
        end();
    }

    /** Notes that it will soon be gone; returns whether that was new. */
    boolean leave() {
        return isLeaving.compareAndSet(false, true);
    }

    /** Whether it will soon be gone. */
    boolean isLeaving() {
        return isLeaving.get();
    }

    /** Completes when the connection is closed. */
    CompletionStage<Done> ended() {
        return ended;
    }

    @Override
    public FlowShape<HttpRequest, HttpResponse> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inherited) {
        Logic logic = new Logic();
        orders = logic.orders;
        return logic;
    }

    private final class Logic extends GraphStageLogic {

        private final AsyncCallback<Order> orders = createAsyncCallback(this::obey);
        private final AsyncCallback<Given> answers = createAsyncCallback(this::give);
        private int asked;
        private HttpRequest request;
        private boolean isUnderWay;
        private boolean isLast;

        Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    if (isLast) {
                        // It came when it was too late: nothing was done.
                        cancel(in);
                    } else {
                        ask(grab(in));
                    }
                }

                @Override
                public void onUpstreamFinish() {
                    isLast = true;
                    if (!isUnderWay) {
                        completeStage();
                    }
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (!isClosed(in)) {
                        pull(in);
                    }
                }
            });
        }

        private void ask(HttpRequest next) {
            request = next;
            isUnderWay = true;
            isLast |= isForOne;
            int number = ++asked;
            HttpAnswer refusal = requests.refusal(number);
            if (refusal != null) {
                isLast = true;
                give(new Given(number, Responses.of(refusal)));
                return;
            }
            CompletableFuture<HttpResponse> answer =
                handlers.answer.apply(request, peer.get()).toCompletableFuture();
            if (answer.isDone()) {
                give(new Given(number, answer.join()));
            } else {
                answer.whenCompleteAsync((given, never) -> answers.invoke(new Given(number, given)),
                    Runnable::run);
            }
        }

        private void give(Given given) {
            if (!isUnderWay || given.number != asked) {
                return;
            }
            isUnderWay = false;
            // A stream of events goes on after its head: it is the client who ends it.
            if (!given.answer.entity().isChunked()) {
                requests.answered();
            }
            if (isLast) {
                push(out, (HttpResponse) given.answer.addHeader(CLOSE));
                close();
            } else {
                push(out, given.answer);
            }
        }

        private void obey(Order order) {
            switch (order) {
                case END -> {
                    isLast = true;
                    if (!isUnderWay) {
                        close();
                    }
                }
                case GIVE_UP -> {
                    if (isUnderWay) {
                        give(new Given(asked, Responses.of(handlers.unanswered.apply(request))));
                    }
                }
                case BREAK_OFF -> {
                    if (!isUnderWay) {
                        completeStage();
                    }
                }
            }
        }

        /** Leaves the rest to HTTP, which sends what there is, closes, and then ends this. */
        private void close() {
            complete(out);
            if (isClosed(in)) {
                completeStage();
            }
        }

        @Override
        public void postStop() {
            ended.complete(Done.done());
        }
    }
}
