package bench;

import org.HdrHistogram.Histogram;

/**
 * The distribution of a latency, in milliseconds, to three significant digits; all zero if nothing
 * was recorded.
 *
 * @param count how many values
 */
record Latency(long count, double p50, double p99, double p999, double max) {

    static Latency of(Histogram histogram) {
        return new Latency(histogram.getTotalCount(),
                millis(histogram, 50), millis(histogram, 99), millis(histogram, 99.9),
                histogram.getMaxValue() / 1e6);
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e6;
    }
}
