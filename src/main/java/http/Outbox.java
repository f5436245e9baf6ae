package http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import transaction.Busy;
import transaction.ByteBudget;

/**
 * What clients have not read yet of their answers, in bytes together. A client that asks for much
 * and reads nothing would keep it in memory; so much may be kept, and other long answers are
 * refused meanwhile. Short ones are always sent. Thread-safe.
 */
final class Outbox {

    /** With all connections that there may be this is 16 MiB. */
    static final int SHORT_BYTES = 4 << 10;

    /** Handed over piece by piece, so that what was read is known. */
    private static final int PIECE_BYTES = 64 << 10;

    private static final String FULL = "too many long answers are being sent";

    private static final int WAITING = 0;
    private static final int SENDING = 1;
    private static final int OVER = 2;

    /** What metrics take at most, in parts of the whole: they are told when nothing else is. */
    private static final int METRICS_PART = 8;

    private final ByteBudget budget;
    private final ByteBudget metrics;
    private final Duration within;
    private final Executor late;

    /**
     * @param budget what long answers may take together, while they are written and sent
     * @param within in which a long answer must be read; then its connection is closed
     */
    Outbox(ByteBudget budget, Duration within) {
        this.budget = budget;
        this.metrics = new ByteBudget(budget.most() / METRICS_PART);
        this.within = within;
        this.late = CompletableFuture.delayedExecutor(
            within.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);
    }

    /** Payloads that one answer may carry here. */
    long payloadBytes() {
        return Math.min(WireRecords.PAYLOAD_BYTES, budget.most() / 2);
    }

    /**
     * Writes an answer of about so many bytes. While it is written it is there twice.
     *
     * @throws Busy if there is no room
     */
    byte[] write(long bytes, Supplier<byte[]> writer) {
        if (bytes <= SHORT_BYTES) {
            return writer.get();
        }
        if (!budget.take(2 * bytes)) {
            throw new Busy(FULL);
        }
        try {
            return writer.get();
        } finally {
            budget.give(2 * bytes);
        }
    }

    /** {@code answer}, or the refusal of it if there is no room. */
    HttpAnswer admit(HttpAnswer answer) {
        return answer.body().length <= SHORT_BYTES || answer.chunks() != null
            || of(answer).take(answer.body().length) ? answer
            : HttpAnswer.unavailable(new Busy(FULL).getMessage());
    }

    private ByteBudget of(HttpAnswer answer) {
        return answer.format() == HttpAnswer.Format.METRICS ? metrics : budget;
    }

    /** The body of an answer that was admitted, and is longer than {@link #SHORT_BYTES}. */
    Source<ByteString, NotUsed> send(HttpAnswer answer) {
        byte[] body = answer.body();
        ByteBudget budget = of(answer);
        AtomicInteger state = new AtomicInteger(WAITING);
        // Its connection may have gone before it was handed over, and then nobody asks for it.
        late.execute(() -> {
            if (state.compareAndSet(WAITING, OVER)) {
                budget.give(body.length);
            }
        });
        return Source.lazySource(() -> {
            if (!state.compareAndSet(WAITING, SENDING)) {
                return Source.<ByteString>failed(new Busy(FULL));
            }
            ByteString whole = ByteString.fromArrayUnsafe(body);
            int pieces = (body.length + PIECE_BYTES - 1) / PIECE_BYTES;
            return Source.fromJavaStream(() -> IntStream.range(0, pieces).mapToObj(
                    i -> whole.slice(i * PIECE_BYTES, (i + 1) * PIECE_BYTES)))
                .completionTimeout(within)
                .watchTermination((unused, done) -> {
                    done.whenComplete((ended, thrown) -> {
                        if (state.compareAndSet(SENDING, OVER)) {
                            budget.give(body.length);
                        }
                    });
                    return NotUsed.getInstance();
                });
        }).mapMaterializedValue(unused -> NotUsed.getInstance());
    }
}
