package io.pactor.client;

import java.time.Duration;

/** Durations on the wire: whole seconds, where 0 stands for the coordinator's own. */
final class Seconds {

    /** Ten years, as the coordinator has it: more is a mistake. */
    static final Duration MAX = Duration.ofSeconds(315_360_000);

    private Seconds() {}

    /** Zero, or a whole number of seconds up to {@link #MAX}; {@code name} is for the message. */
    static Duration check(String name, Duration value) {
        if (value.isNegative() || value.getNano() != 0 || value.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(name + " must be whole seconds, at most "
                + MAX.toSeconds() + ": " + value);
        }
        return value;
    }

    /** As {@link #check}, but at least one second: what a caller gives should say something. */
    static Duration checkPositive(String name, Duration value) {
        if (value.isZero()) {
            throw new IllegalArgumentException(name + " must be at least one second");
        }
        return check(name, value);
    }
}
