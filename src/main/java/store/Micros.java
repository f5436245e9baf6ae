package store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Moments as the tables keep them. */
final class Micros {

    private Micros() {}

    /** Microseconds since 1970, rounded down; what is out of range becomes the nearest in it. */
    static long of(Instant at) {
        try {
            return ChronoUnit.MICROS.between(Instant.EPOCH, at);
        } catch (ArithmeticException e) {
            return at.isAfter(Instant.EPOCH) ? Long.MAX_VALUE : Long.MIN_VALUE;
        }
    }

    static Instant toInstant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
