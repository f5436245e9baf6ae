package crash;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Many requests of one kind, some tens at a time, and how long each took. */
final class Crowd {

    private static final int AT_ONCE = 32;

    private final Wire wire;
    private final Duration patience;

    /**
     * @param perSecond how many were answered in a second
     * @param p50 milliseconds to the answer of the one in the middle
     * @param p99 and of one in a hundred
     */
    record Pace(double perSecond, double p50, double p99) {

        @Override
        public String toString() {
            return String.format("%.0f/s, p50 %.1f ms, p99 %.1f ms", perSecond, p50, p99);
        }
    }

    /** @param patience for all together */
    Crowd(Wire wire, Duration patience) {
        this.wire = wire;
        this.patience = patience;
    }

    /**
     * Sends {@code count} requests and waits for all answers.
     *
     * @param body of each, by its number from 0 on
     * @throws IllegalStateException if one is not acknowledged
     */
    Pace send(String verb, int count, IntFunction<ObjectNode> body) throws InterruptedException {
        long[] nanos = new long[count];
        AtomicInteger next = new AtomicInteger();
        Queue<RuntimeException> broken = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        long from = System.nanoTime();
        for (int i = 0; i < AT_ONCE; i++) {
            threads.submit(() -> {
                for (int n = next.getAndIncrement(); n < count && broken.isEmpty();
                        n = next.getAndIncrement()) {
                    try {
                        ObjectNode asked = body.apply(n);
                        long begin = System.nanoTime();
                        Initiator.acked(wire.tell(verb, asked), asked);
                        nanos[n] = System.nanoTime() - begin;
                    } catch (RuntimeException e) {
                        broken.add(e);
                    }
                }
            });
        }
        threads.shutdown();
        boolean through = threads.awaitTermination(patience.toSeconds(), TimeUnit.SECONDS);
        double took = (System.nanoTime() - from) / 1e9;
        threads.shutdownNow();
        if (!through || !broken.isEmpty()) {
            throw new IllegalStateException(next + " of " + count + " sent in " + took + " s",
                broken.peek());
        }
        return pace(nanos, took);
    }

    /** A saga of one step for each url, without payloads to speak of and without compensations. */
    static ObjectNode saga(String gid, int retrySeconds, String... urls) {
        ObjectNode body = Wire.about(gid, "saga").put("retry_interval", retrySeconds);
        ArrayNode steps = body.putArray("steps");
        ArrayNode payloads = body.putArray("payloads");
        for (String url : urls) {
            steps.addObject().put("action", url);
            payloads.add("{}");
        }
        return body;
    }

    /** What took these nanoseconds each, and {@code seconds} in all. */
    static Pace pace(long[] nanos, double seconds) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Pace(sorted.length / seconds, sorted[sorted.length / 2] / 1e6,
            sorted[(int) (sorted.length * 0.99)] / 1e6);
    }
}
