package http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;
import transaction.ByteBudget;

/** Receives the bodies of requests, each and all together bounded in bytes, each in time. */
final class Bodies {

    /** A body that cannot be had; the answer says why. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient HttpAnswer answer;

        Refused(HttpAnswer answer) {
            super(answer.message(), null, false, false);
            this.answer = answer;
        }

        HttpAnswer answer() {
            return answer;
        }
    }

    /**
     * A body of up to so many times what is allowed is received to its end and thrown away: who is
     * still sending when the connection closes sees a broken pipe and never the 413.
     */
    private static final int DISCARDED_TIMES = 4;

    static final HttpAnswer CROWDED =
        HttpAnswer.clientError(429, "too many large requests at once; try again soon");

    private final HttpSettings settings;
    private final ByteBudget budget;
    private final Materializer materializer;
    private final Executor executor;

    Bodies(HttpSettings settings, ByteBudget budget, Materializer materializer,
            Executor executor) {
        this.settings = settings;
        this.budget = budget;
        this.materializer = materializer;
        this.executor = executor;
    }

    /** All of it, or {@link Refused}. A body that came with the head is there at once. */
    CompletionStage<byte[]> receive(HttpEntity entity) {
        if (entity.isStrict()) {
            ByteString data = ((HttpEntity.Strict) entity).getData();
            return data.size() > settings.bodyBytes()
                ? CompletableFuture.failedFuture(new Refused(tooLarge()))
                : CompletableFuture.completedFuture(data.toArrayUnsafe());
        }
        long announced = entity.getContentLengthOption().orElse(0);
        if (announced > discarded()) {
            return CompletableFuture.failedFuture(new Refused(tooLarge()));
        }
        return collect(entity, new Received(announced > settings.bodyBytes()));
    }

    private long discarded() {
        return (long) settings.bodyBytes() * DISCARDED_TIMES;
    }

    private CompletionStage<byte[]> collect(HttpEntity entity, Received received) {
        Duration within = settings.bodyTimeout();
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        entity.withoutSizeLimit().getDataBytes()
            .completionTimeout(within)
            .runForeach(received::add, materializer)
            .whenCompleteAsync((done, thrown) -> {
                budget.give(received.held);
                if (received.tooLarge) {
                    whole.completeExceptionally(new Refused(tooLarge()));
                } else if (thrown == null) {
                    whole.complete(received.bytes.result().toArrayUnsafe());
                } else {
                    whole.completeExceptionally(new Refused(why(Continuations.cause(thrown))));
                }
            }, executor);
        return whole;
    }

    private HttpAnswer why(Throwable thrown) {
        if (thrown instanceof Refused refused) {
            return refused.answer();
        }
        if (thrown instanceof TimeoutException) {
            return HttpAnswer.clientError(408, "the body did not come within "
                + settings.bodyTimeout().toSeconds() + " seconds");
        }
        return HttpAnswer.clientError(400, "the body was cut off");
    }

    private HttpAnswer tooLarge() {
        return HttpAnswer.clientError(413,
            "the body is larger than " + settings.bodyBytes() + " bytes");
    }

    /** What has come of one body. Only the stream touches it, and then its end. */
    private final class Received {

        private final ByteStringBuilder bytes = ByteString.createBuilder();
        private long held;
        private long size;
        private boolean tooLarge;

        Received(boolean tooLarge) {
            this.tooLarge = tooLarge;
        }

        void add(ByteString chunk) {
            size += chunk.size();
            if (tooLarge || size > settings.bodyBytes()) {
                drop();
                return;
            }
            if (!budget.take(chunk.size())) {
                throw new Refused(CROWDED);
            }
            held += chunk.size();
            bytes.append(chunk);
        }

        private void drop() {
            tooLarge = true;
            bytes.clear();
            budget.give(held);
            held = 0;
            if (size > discarded()) {
                throw new Refused(tooLarge());
            }
        }
    }
}
