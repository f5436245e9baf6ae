package io.pactor.client;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What is read from files, read again when it is asked for and a second old. What cannot be read
 * meanwhile, as while files are being replaced, stays as it was. Thread-safe; blocks for the
 * reading.
 */
final class Followed<T> implements Supplier<T> {

    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final Supplier<T> reading;
    private final LongSupplier nanoTime;
    private T last;
    private long at;

    Followed(Supplier<T> reading, LongSupplier nanoTime) {
        this.reading = reading;
        this.nanoTime = nanoTime;
        this.last = reading.get();
        this.at = nanoTime.getAsLong();
    }

    /** @throws IllegalStateException if it cannot be read now */
    static <T> Followed<T> of(Supplier<T> reading) {
        return new Followed<>(reading, System::nanoTime);
    }

    @Override
    public synchronized T get() {
        long now = nanoTime.getAsLong();
        if (now - at >= FRESH_NANOS) {
            at = now;
            try {
                last = reading.get();
            } catch (IllegalStateException meanwhile) {
                return last;
            }
        }
        return last;
    }
}
