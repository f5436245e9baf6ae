package bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What was counted. Belongs to the load's thread. */
final class Tally {

    private static final long SHORTEST_NANOS = 1_000;
    /** Longer latencies are recorded as this. */
    private static final long LONGEST_NANOS = 600_000_000_000L;
    /** Error kinds are few; whatever is beyond counts as "other". */
    private static final int KINDS_MAX = 32;
    private static final int EXAMPLE_CHARS = 200;

    private final Histogram end = histogram();
    private final Histogram ack = histogram();
    private final Histogram confirmed = histogram();
    private final Histogram lately = histogram();
    private final Histogram refusal = histogram();
    private final Map<String, Long> refused = new LinkedHashMap<>();
    private final Map<String, Errors> errors = new LinkedHashMap<>();
    private boolean open;
    private long openedAtNanos;
    private long windowNanos;
    private long offered;
    private long unsent;
    private long finishedEver;
    private long errorsEver;
    private long asked;
    private long atEnd;

    /** Errors of one kind: how many in all, how many in the window, and what the first one said. */
    record Errors(long total, long inWindow, String example) {}

    /** What the progress line tells. */
    record Lately(long finished, double p99Millis, long finishedEver, long errorsEver) {}

    private static Histogram histogram() {
        return new Histogram(SHORTEST_NANOS, LONGEST_NANOS, 3);
    }

    void openWindow(long nowNanos) {
        open = true;
        openedAtNanos = nowNanos;
    }

    void closeWindow(long nowNanos) {
        open = false;
        windowNanos = nowNanos - openedAtNanos;
    }

    /** A transaction came to its end. */
    void finished(long latencyNanos) {
        finishedEver++;
        record(lately, latencyNanos);
        if (open) {
            record(end, latencyNanos);
        }
    }

    /** A submit that does not wait was answered. */
    void acked(long latencyNanos) {
        if (open) {
            record(ack, latencyNanos);
        }
    }

    /** The coordinator was asked for the state of a finished transaction. */
    void asked() {
        asked++;
    }

    /** It said that the transaction is at its end. */
    void confirmed(long latencyNanos) {
        atEnd++;
        if (open) {
            record(confirmed, latencyNanos);
        }
    }

    /** A transaction was to be begun; {@code sent} says whether a connection was free for it. */
    void offered(boolean sent) {
        if (open) {
            offered++;
            unsent += sent ? 0 : 1;
        }
    }

    /** The coordinator said that it takes no more now. */
    void refused(String kind, long latencyNanos) {
        if (open) {
            refused.merge(refused.containsKey(kind) || refused.size() < KINDS_MAX
                    ? kind : "other", 1L, Long::sum);
            record(refusal, latencyNanos);
        }
    }

    Figures.Offer offer() {
        return new Figures.Offer(
                offered, unsent, new LinkedHashMap<>(refused), Latency.of(refusal));
    }

    void error(String kind, String says) {
        errorsEver++;
        String key = errors.containsKey(kind) || errors.size() < KINDS_MAX ? kind : "other";
        String example = says.length() > EXAMPLE_CHARS ? says.substring(0, EXAMPLE_CHARS) : says;
        errors.merge(key, new Errors(1, open ? 1 : 0, example), (sum, one) -> new Errors(
                sum.total() + 1, sum.inWindow() + one.inWindow(), sum.example()));
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.max(0, Math.min(nanos, LONGEST_NANOS)));
    }

    /** What happened since this was last called. */
    Lately lately() {
        var since = new Lately(lately.getTotalCount(),
                lately.getValueAtPercentile(99) / 1e6, finishedEver, errorsEver);
        lately.reset();
        return since;
    }

    long finishedEver() {
        return finishedEver;
    }

    long errorsEver() {
        return errorsEver;
    }

    long windowNanos() {
        return windowNanos;
    }

    Latency end() {
        return Latency.of(end);
    }

    Latency ack() {
        return Latency.of(ack);
    }

    Latency confirmed() {
        return Latency.of(confirmed);
    }

    long askedStates() {
        return asked;
    }

    long confirmedStates() {
        return atEnd;
    }

    Map<String, Errors> errors() {
        return new LinkedHashMap<>(errors);
    }
}
