package actors;

/**
 * How many requests may be under way: as many as there may ever be at first, fewer while answers
 * take too long, more again while they do not.
 *
 * <p>What counts is the quickest answer of each half second. A slow one alone means nothing; when
 * even the quickest took too long, all of them stand in one queue, and it is better to say so to
 * those who come than to let it grow. Thread-safe.
 */
final class AdaptiveBound {

    /** Never fewer: room for some clients, and a chance to see that it has got better. */
    static final int LEAST = 128;

    static final long LOOK_NANOS = 500_000_000;

    private static final double SHRINK = 0.75;
    private static final double GROW = 1.25;

    private double bound = Integer.MAX_VALUE;
    private long lookedAtNanos;
    private long quickestNanos = Long.MAX_VALUE;

    /** @param nowNanos on any clock that only goes forward; the same for all calls */
    AdaptiveBound(long nowNanos) {
        this.lookedAtNanos = nowNanos;
    }

    /** @param most the bound when nothing is wrong */
    synchronized int bound(int most) {
        return (int) Math.min(most, Math.max(bound, LEAST));
    }

    /**
     * A request was answered.
     *
     * @param targetNanos the longest that the quickest answer may take
     */
    synchronized void answered(long tookNanos, long nowNanos, int most, long targetNanos) {
        quickestNanos = Math.min(quickestNanos, tookNanos);
        if (nowNanos - lookedAtNanos < LOOK_NANOS) {
            return;
        }
        bound = quickestNanos > targetNanos
            ? Math.max(LEAST, Math.min(bound, most) * SHRINK)
            : Math.min(most, Math.max(bound, LEAST) * GROW);
        lookedAtNanos = nowNanos;
        quickestNanos = Long.MAX_VALUE;
    }
}
